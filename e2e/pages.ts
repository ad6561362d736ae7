// Every page of the part that exists, and how each is known to be complete.
import { expect, type Page } from '@playwright/test'
import { LensPage } from './lens-page.js'

export interface PageUnderTest {
  readonly name: string
  readonly path: string
  /** Waits until the page shows its data. */
  readonly ready: (page: Page) => Promise<void>
  /** GraphiQL's route brings its editor and is exempt from the budget of the others. */
  readonly withinScriptBudget: boolean
}

const shows =
  (testId: string) =>
  (page: Page): Promise<void> =>
    expect(page.getByTestId(testId).first()).toBeVisible({ timeout: 30_000 })

const cells = (page: Page): Promise<void> => new LensPage(page).waitForCells()

export const pages: readonly PageUnderTest[] = [
  { name: 'lens', path: '/lens', ready: cells, withinScriptBudget: true },
  { name: 'runs', path: '/runs', ready: shows('run-row'), withinScriptBudget: true },
  { name: 'prompts', path: '/prompts', ready: shows('prompt-row'), withinScriptBudget: true },
  { name: 'models', path: '/models', ready: shows('model-card'), withinScriptBudget: true },
  {
    name: 'api-explorer',
    path: '/api-explorer',
    ready: (page) => expect(page.locator('.graphiql-container')).toBeVisible({ timeout: 30_000 }),
    withinScriptBudget: false,
  },
]

export const themes = ['light', 'dark'] as const
export const sizes = [
  { width: 1360, height: 800 },
  { width: 390, height: 800 },
] as const

/** Lets fonts and late layout settle before a picture is taken; GraphiQL's workers may keep the network busy. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => undefined)
}
