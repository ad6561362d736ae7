// A data set is brought in and cut; methods are compared on a slice, watched live, argued over, exported; figures, workers, search.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import {
  finishEvaluation,
  finishedEvaluations,
  finishedFigures,
  sliceOf,
} from '../evaluations-api.js'
import { expect, test } from '../fixtures.js'

const done = { timeout: 120_000 }

const record = (id: string, subject: string, changes: object = {}) => ({
  id,
  prompt: '{} is the capital of',
  subject,
  target_new: 'Japan',
  target_true: 'France',
  relation: 'capital of',
  paraphrases: [`${subject} is the main city of`],
  neighbors: [{ prompt: 'Lyon is a city of', target: 'France' }],
  ...changes,
})

const lines = (...records: readonly object[]): Buffer =>
  Buffer.from(records.map((one) => `${JSON.stringify(one)}\n`).join(''))

test('a data set is uploaded, what cannot be read is named, and a slice is chosen by hand', async ({
  page,
}) => {
  await page.goto('/datasets')
  await expect(page.getByTestId('dataset-row').first()).toBeVisible()
  const bad = record('c', 'Nice', { prompt: 'a prompt without its subject' })
  await page.getByTestId('dataset-file').setInputFiles({
    name: 'towns.jsonl',
    mimeType: 'application/jsonl',
    buffer: lines(record('a', 'Paris'), record('b', 'Lyon'), bad, record('d', 'Metz')),
  })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  const result = page.getByTestId('import-result').first()
  await expect(result).toContainText('3 cases', done)
  await page.getByTestId('open-rejections').first().click()
  const rejections = page.getByTestId('rejections')
  await expect(rejections).toContainText('prompt')
  await expect(rejections).toContainText('Nice')
  await page.keyboard.press('Escape')
  await page
    .getByTestId('dataset-row')
    .filter({ hasText: 'towns' })
    .getByRole('link')
    .first()
    .click()
  await expect(page.getByTestId('case-row')).toHaveCount(3)
  await page.getByLabel('Choose case a').check()
  await page.getByLabel('Choose case d').check()
  await page.getByTestId('make-slice').click()
  await expect(page.getByTestId('slice-row').first()).toContainText('2')
})

test('an import that has ended before it is looked at is in the list all the same', async ({
  page,
}) => {
  await page.goto('/datasets')
  await expect(page.getByTestId('dataset-row').first()).toBeVisible()
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('query DatasetImports')) await sleep(2_000)
    await route.continue()
  })
  await page.getByTestId('dataset-file').setInputFiles({
    name: 'rivers.jsonl',
    mimeType: 'application/jsonl',
    buffer: lines(record('a', 'Seine')),
  })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await expect(page.getByTestId('dataset-row').filter({ hasText: 'rivers' })).toBeVisible()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

/** Opens the wizard with some methods chosen, on a slice of a few facts. */
async function openWizard(page: Page, methods: readonly string[]): Promise<void> {
  const slice = await sliceOf(8)
  const address = new URLSearchParams({ slice, cases: '8' })
  for (const method of methods) address.append('method', method)
  await page.goto(`/evaluations/new?${address}`)
  await expect(page.getByTestId('estimate')).toContainText(/edit/, done)
}

const methods = ['no-edit', 'forward-shift', 'sgd', 'ft', 'ft-l', 'rome', 'r-rome', 'random-layer']

test('methods are compared from the page: started, followed, and ranked with intervals', async ({
  page,
}) => {
  test.setTimeout(300_000)
  await openWizard(page, methods)
  await expect(page.getByTestId('arms').getByRole('listitem')).toHaveCount(methods.length)
  await page.getByTestId('wizard-name').fill('Eight methods')
  await page.getByTestId('start-evaluation').click()
  await page.waitForURL(/\/evaluations\/[0-9a-f-]{36}/)
  await expect(page.getByTestId('live-strip')).toBeVisible()
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  await expect(page.getByTestId('methods')).toBeVisible({ timeout: 240_000 })
  const { progress } = await finishEvaluation(id)
  expect(progress).toMatchObject({ done: methods.length * 8, failed: 0 })
  for (const method of methods) await expect(page.getByTestId(`arm-${method}`)).toBeVisible()
})

test('the table, its pairs, plots and cases are one view with an address', async ({ page }) => {
  const [id] = await finishedEvaluations()
  await page.goto(`/evaluations/${id}`)
  await expect(page.getByTestId('methods')).toContainText('forward-shift', done)
  await expect(page.getByTestId('differences')).toBeVisible()
  await expect(page.getByTestId('case-count')).toContainText('24')
  await page.getByLabel('Search cases').fill('no such case')
  await expect(page.getByTestId('case-count')).toContainText(/^0|no /i)
  await page.getByLabel('Search cases').fill('')
  await page.getByTestId('cases').getByRole('row').nth(1).click()
  await expect(page.getByTestId('case-sheet')).toContainText('rewrite')
  await expect.poll(() => page.url()).toContain('case=')
  const address = page.url()
  await page.reload()
  await expect(page.getByTestId('case-sheet')).toBeVisible(done)
  expect(page.url()).toBe(address)
})

test('the table can be read before any script runs', async ({ browser, baseURL }) => {
  const [id] = await finishedEvaluations()
  const context = await browser.newContext({
    javaScriptEnabled: false,
    ...(baseURL && { baseURL }),
  })
  const page = await context.newPage()
  // A page is not held up by an API that is slow; then it asks by itself.
  await expect(async () => {
    await page.goto(`/evaluations/${id}`)
    await expect(page.getByTestId('methods')).toContainText('forward-shift')
  }).toPass({ timeout: 60_000 })
  await context.close()
})

test('an address of no evaluation says so', async ({ page }) => {
  await page.goto(`/evaluations/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`)
  await expect(page.getByTestId('problem')).toContainText('no such evaluation', done)
})

test('two evaluations stand side by side; exports hold the same numbers', async ({ page }) => {
  const [first, second] = await finishedEvaluations()
  await page.goto(`/evaluations/compare?ids=${first},${second}`)
  await expect(page.getByTestId('methods')).toContainText('random-layer', done)
  await expect(page.getByTestId('methods')).toContainText('forward-shift')
  await page.getByRole('button', { name: /Export/ }).click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('menuitem', { name: /LaTeX.*file|LaTeX/ })
      .first()
      .click(),
  ])
  expect(readFileSync((await file.path()) ?? '', 'utf8')).toContain('\\toprule')
})

test('the figures of the paper are drawn for a few facts', async ({ page }) => {
  const id = await finishedFigures()
  await page.goto(`/figures/${id}`)
  for (const kind of ['gradient-rank', 'norms-by-segment', 'target-rank-by-segment'])
    await expect(page.getByTestId(`figure-card-${kind}`)).toBeVisible(done)
})

test('the page of the workers says who computes and how another machine joins', async ({
  page,
}) => {
  await page.goto('/workers')
  await expect(page.getByTestId('worker-row').first()).toContainText('alive')
  await expect(page.getByTestId('worker-command')).toContainText('npm run worker')
})

test('a token is found in stored gradients', async ({ page }) => {
  await page.goto('/search?token=Paris')
  await expect(page.getByTestId('search-hits')).toBeVisible(done)
})

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A point in the left half of a plot where no number of a region stands: an attempt before this one may have left its own. */
async function freePoint(page: Page, box: Box): Promise<{ x: number; y: number }> {
  const across = [0.4, 0.34, 0.28, 0.46, 0.22]
  const points = [0.3, 0.4, 0.2].flatMap((up) =>
    across.map((along) => ({ x: box.x + box.width * along, y: box.y + box.height * up })),
  )
  const free = await page.evaluate(
    (all) => all.find(({ x, y }) => !document.elementFromPoint(x, y)?.closest('.region-sign')),
    points,
  )
  if (!free) throw new Error('numbers of regions cover every point that is tried')
  return free
}

test('a region of a plot is talked about, and another page sees it live', async ({
  page,
  context,
}) => {
  const [id] = await finishedEvaluations()
  const plot = (of: Page) => of.locator('section').filter({ has: of.locator('svg.trade-off') })
  const other = await context.newPage()
  for (const one of [page, other]) {
    await one.goto(`/evaluations/${id}`)
    await expect(plot(one).locator('.trade-point').first()).toBeVisible(done)
  }
  const drawing = plot(page).locator('svg.trade-off')
  await drawing.scrollIntoViewIfNeeded()
  const box = (await drawing.boundingBox())!
  const start = await freePoint(page, box)
  await page.mouse.move(start.x, start.y)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.7, { steps: 4 })
  await page.mouse.up()
  await plot(page).getByRole('button', { name: 'Comment on this region' }).click()
  const sheet = page.getByTestId('comments-sheet')
  const words = `too few cases here, at ${Date.now()}`
  await sheet.getByRole('textbox', { name: 'Comment on this region' }).fill(words)
  await page.keyboard.press('Control+Enter')
  await expect(sheet.getByTestId('comment').filter({ hasText: words })).toBeVisible()
  await sheet.getByRole('button', { name: 'Close' }).click()
  await expect(sheet).toBeHidden()
  for (const one of [page, other])
    await expect(
      plot(one).getByRole('button', { name: new RegExp(`^Region \\d+, .*${words}`) }),
    ).toBeVisible()
})
