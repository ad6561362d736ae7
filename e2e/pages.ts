// Every page of the part that exists, and how each is known to be complete.
import { expect, type Page } from '@playwright/test'
import { finishedEdits } from './api.js'
import { bundledDatasetId, finishedEvaluations, finishedFigures } from './evaluations-api.js'
import { LensPage } from './lens-page.js'

export interface PageUnderTest {
  readonly name: string
  readonly path: string
  /** Makes what the page shows; what is added to `path` so that it is shown. */
  readonly prepare?: () => Promise<string>
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
  {
    name: 'edits',
    path: '/edits',
    prepare: async () => (await finishedEdits(), ''),
    ready: shows('edit-row'),
    withinScriptBudget: true,
  },
  {
    name: 'new-edit',
    path: '/edits/new?prompt=The+capital+of+France+is&subject=France&target=Berlin',
    ready: (page) =>
      expect(page.getByTestId('preview')).toContainText('The model says now', { timeout: 60_000 }),
    withinScriptBudget: true,
  },
  {
    name: 'edit',
    path: '/edits/',
    prepare: async () => (await finishedEdits())[0],
    ready: shows('edit-summary'),
    withinScriptBudget: true,
  },
  {
    name: 'compare-edits',
    path: '/edits/compare',
    prepare: async () => {
      const [a, b] = await finishedEdits()
      return `?a=${a}&b=${b}`
    },
    ready: (page) => expect(page.getByTestId('diff-flips')).toBeVisible({ timeout: 60_000 }),
    withinScriptBudget: true,
  },
  {
    name: 'evaluations',
    path: '/evaluations',
    prepare: async () => (await finishedEvaluations(), ''),
    ready: shows('evaluation-row'),
    withinScriptBudget: true,
  },
  {
    name: 'new-evaluation',
    path: '/evaluations/new',
    ready: (page) =>
      expect(page.getByTestId('estimate')).toContainText(/edit/, { timeout: 60_000 }),
    withinScriptBudget: true,
  },
  {
    name: 'evaluation',
    path: '/evaluations/',
    prepare: async () => (await finishedEvaluations())[0],
    ready: (page) =>
      expect(page.getByTestId('case-count')).toContainText('24', { timeout: 60_000 }),
    withinScriptBudget: true,
  },
  {
    name: 'compare-evaluations',
    path: '/evaluations/compare',
    prepare: async () => `?ids=${(await finishedEvaluations()).join(',')}`,
    ready: (page) =>
      expect(page.getByTestId('case-count')).toContainText('24', { timeout: 60_000 }),
    withinScriptBudget: true,
  },
  { name: 'figures', path: '/figures', ready: shows('start-figures'), withinScriptBudget: true },
  {
    name: 'figure-set',
    path: '/figures/',
    prepare: finishedFigures,
    ready: shows('figure-card-gradient-rank'),
    withinScriptBudget: true,
  },
  { name: 'search', path: '/search', ready: shows('search-token'), withinScriptBudget: true },
  { name: 'datasets', path: '/datasets', ready: shows('dataset-row'), withinScriptBudget: true },
  {
    name: 'dataset',
    path: '/datasets/',
    prepare: bundledDatasetId,
    ready: shows('case-row'),
    withinScriptBudget: true,
  },
  { name: 'workers', path: '/workers', ready: shows('worker-row'), withinScriptBudget: true },
  { name: 'models', path: '/models', ready: shows('model-card'), withinScriptBudget: true },
  {
    name: 'api-explorer',
    path: '/api-explorer',
    ready: (page) => expect(page.locator('.graphiql-container')).toBeVisible({ timeout: 30_000 }),
    withinScriptBudget: false,
  },
]

/** The address of a page, with what it shows made. */
export const addressOf = async ({ path, prepare }: PageUnderTest): Promise<string> =>
  path + ((await prepare?.()) ?? '')

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
