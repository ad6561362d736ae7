// The first visit: the demo run is open, within the budget, and a cell can be read without a mouse.
import { budgets, holdTime } from '../budgets.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

test('the demo run is open and its first cell is on screen in time', async ({ page }) => {
  const lens = new LensPage(page)
  await page.goto('/')
  await lens.waitForCells() // the very first visit waits for the demo run itself
  const arrivals: number[] = []
  for (let arrival = 0; arrival < 3; arrival += 1) {
    const started = Date.now()
    await page.goto('/')
    await lens.waitForWords()
    arrivals.push((Date.now() - started) / 1000)
  }
  const said = `${arrivals.map((seconds) => seconds.toFixed(2)).join(', ')} s`
  test.info().annotations.push({ type: 'first cell', description: said })
  console.log(`first cell on screen after ${said}`)
  holdTime('first cell on screen, s', Math.min(...arrivals), budgets.firstCellSeconds)
  await expect(page).toHaveTitle(/Imprint/)
  await expect(page.getByTestId('answer-line')).toContainText('The model says')
})

test('arrows move the cell, Enter pins it, and the panel follows', async ({ page }) => {
  const lens = new LensPage(page)
  await lens.open()
  await lens.waitForCells()
  await lens.selected.focus()
  await page.keyboard.press('Control+Home')
  const first = await lens.selected.getAttribute('data-cell')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  await expect(lens.selected).toBeFocused()
  const second = await lens.selected.getAttribute('data-cell')
  expect(second).not.toBe(first)
  const [layer, position] = (second ?? '').split('.')
  await expect(lens.panel).toContainText(`Layer ${layer}`)
  await expect(lens.panel).toContainText(`position ${position}`)
  await expect(page).toHaveURL(new RegExp(`cell=${second}`))
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('pinned-cell')).toHaveCount(1)
  await expect(page).toHaveURL(/pins=/)
})

test('the panel shows both ends, ranks and norms of a readable cell', async ({ page }) => {
  const lens = new LensPage(page)
  await lens.open()
  await lens.waitForCells()
  await expect(lens.panel).toContainText('The update writes')
  await expect(lens.panel).toContainText('It removes')
  const facts = page.getByTestId('cell-facts')
  await expect(facts).toContainText('Rank of')
  await expect(facts).toContainText('Norm of δ')
  await expect(page.getByTestId('legend')).toBeVisible()
})

test('the page comes with its answers: nothing is asked twice, and words can be read without scripts', async ({
  page,
  browser,
  baseURL,
}) => {
  const asked: string[] = []
  page.on('request', (request) => {
    const body = request.postData() ?? ''
    if (request.url().endsWith('/graphql') && body.startsWith('{'))
      asked.push((JSON.parse(body) as { operationName: string }).operationName)
  })
  const lens = new LensPage(page)
  // A page is not held up by an API that is slow; then it asks by itself.
  await expect(async () => {
    asked.length = 0
    await lens.open()
    await lens.waitForCells()
    await expect(page.getByTestId('cell-sentence')).toBeVisible()
    const sent = ['NewestRun', 'LensRun', 'LensGrid', 'LensCell', 'Imprint', 'AskModels']
    expect(asked.filter((name) => sent.includes(name))).toEqual([])
  }).toPass({ timeout: 60_000 })
  await page.getByRole('button', { name: 'Got it' }).click()
  await page.reload()
  await lens.waitForCells()
  await expect(page.getByTestId('hint')).toHaveCount(0)

  const context = await browser.newContext({
    javaScriptEnabled: false,
    ...(baseURL && { baseURL }),
  })
  const plain = await context.newPage()
  await expect(async () => {
    await plain.goto('/lens')
    await expect(plain.getByTestId('cell-sentence')).toContainText('the update adds')
  }).toPass({ timeout: 60_000 })
  await context.close()
})
