// A model is added from the hub and from a directory, watched on its way, read with the lens; a bad one says what to do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { ask } from '../api.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'
import { modelDirectory } from '../stack/hub.mjs'

const made: string[] = []
test.afterAll(async () => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
  const query = '{ modelImports(first: 100) { edges { node { id } } } }'
  const { modelImports } = await ask<{ modelImports: { edges: { node: { id: string } }[] } }>(query)
  for (const { node } of modelImports.edges)
    await ask('mutation ($id: ID!) { deleteModelImport(id: $id) { deletedId } }', { id: node.id })
})

const source = (page: Page): Locator => page.getByLabel('From', { exact: true })
const row = (page: Page, name: string): Locator =>
  page.getByTestId('import-row').filter({ has: page.getByRole('heading', { name, exact: true }) })

async function expectAxeClean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

async function add(page: Page, from: string, name: string): Promise<Locator> {
  await page.goto('/models')
  await source(page).fill(from)
  await page.getByLabel('Name', { exact: true }).fill(name)
  await expect(page.getByText('added as')).toContainText(name)
  await page.getByRole('button', { name: 'Add model' }).click()
  return row(page, name)
}

test('from the hub: bytes and time left are shown, cancel keeps them, and the lens reads the model', async ({
  page,
}) => {
  const item = await add(page, 'hf:imprint/facts', 'facts-from-hub')
  await expect(source(page)).toHaveValue('')
  await expect(item.getByTestId('import-progress')).toHaveAttribute('value', /^0\.\d+$/)
  await expect(item).toContainText(/downloading model\.safetensors/)
  await expect(item).toContainText(/ of 15 MB · .*\/s/)
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await page.screenshot({ path: `screenshots/models-importing-${theme}-1360.png` })
  }
  await item.getByRole('button', { name: 'Cancel adding facts-from-hub' }).click()
  await expect(item).toContainText('Cancelled. What had arrived is kept')
  await item.getByRole('button', { name: 'Try again' }).click()
  await expect(item).toHaveAttribute('data-state', 'DONE', { timeout: 30_000 })
  await item.getByRole('link', { name: 'Open in the lens' }).click()
  const lens = new LensPage(page)
  const before = lens.runId()
  await lens.ask('The capital of France is', 'Berlin')
  await lens.waitForNewRun(before)
  await lens.waitForCells()
  await expect(page.getByTestId('answer-line')).toContainText('Berlin')
})

test('from a directory on the server', async ({ page }) => {
  const item = await add(page, modelDirectory, 'facts-from-directory')
  await expect(item).toHaveAttribute('data-state', 'DONE', { timeout: 30_000 })
  await expect(
    page.getByTestId('model-card').filter({ hasText: 'facts-from-directory' }),
  ).toBeVisible()
})

test('a pickle is refused with its cure and tried again by keyboard', async ({ page }) => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-pickle-'))
  made.push(directory)
  writeFileSync(path.join(directory, 'config.json'), '{"model_type":"gpt2"}')
  writeFileSync(path.join(directory, 'pytorch_model.bin'), Buffer.from('PK\x03\x04data.pkl'))
  const item = await add(page, directory, 'pickled')
  const problem = item.getByTestId('problem')
  await expect(problem).toContainText('pickled was not added', { timeout: 30_000 })
  await expect(problem).toContainText('UNSAFE_PICKLE')
  await expect(problem).toContainText(/safetensors/)
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await expectAxeClean(page)
  }
  await page.setViewportSize({ width: 390, height: 800 })
  await item.scrollIntoViewIfNeeded()
  await page.screenshot({ path: 'screenshots/models-failed-dark-390.png' })
  await item.getByRole('button', { name: 'Try again' }).focus()
  await page.keyboard.press('Enter')
  await expect(problem).toContainText('UNSAFE_PICKLE', { timeout: 30_000 })
  await item.getByRole('button', { name: 'Remove pickled from this list' }).click()
  await expect(item).toHaveCount(0)
})

test('a browser that refuses the clipboard: the text is offered selected', async ({ page }) => {
  await page.addInitScript(() => {
    const refuse = { writeText: () => Promise.reject(new DOMException('', 'NotAllowedError')) }
    Object.defineProperty(navigator, 'clipboard', { value: refuse })
  })
  await page.goto('/models')
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  const refused = page.getByTestId('copy-refused')
  await expect(refused.getByRole('alert')).toContainText('did not allow copying')
  const text = await page.getByLabel('Text to copy').inputValue()
  expect(text).toContain('models add')
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(text)
  await page.keyboard.press('Escape')
  await expect(refused).toHaveCount(0)
})

test('what cannot be added is said while it is typed, and nothing is queued', async ({ page }) => {
  await page.goto('/models')
  const verdict = page.locator('.source-verdict')
  const wrong: [string, RegExp][] = [
    ['hf:gpt2', /owner\/name/],
    ['/no/such/place', /nothing at/],
    ['models/gpt2', /no absolute path/],
  ]
  for (const [text, said] of wrong) {
    await source(page).fill(text)
    await expect(verdict).toContainText(said)
    await expect(source(page)).toHaveAttribute('aria-invalid', 'true')
  }
  await page.getByRole('button', { name: 'Add model' }).click()
  await expect(verdict).toContainText(/no absolute path/)
  await expect(page.getByTestId('import-row').filter({ hasText: 'models/gpt2' })).toHaveCount(0)
})
