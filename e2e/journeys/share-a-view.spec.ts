// The address holds the whole view: somebody else opens it and sees the same.
import { bundledModelId, createRun, waitForRun } from '../api.js'
import { expect, test, watchContext } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

test('an address restores run, matrix, end, colour, cell and pins in another browser', async ({
  page,
  browser,
}) => {
  const modelId = await bundledModelId()
  const promptText = 'The capital of France is'
  const id = await createRun({ modelId, promptText, targetText: 'Berlin' })
  await waitForRun(id)
  const lens = new LensPage(page)
  await lens.open(`run=${id}`)
  await lens.waitForCells()
  await page.getByLabel('Matrix').selectOption('MLP_UP')
  await page.getByLabel('Colour').selectOption('rank')
  await page.locator('label', { hasText: /^both$/i }).click()
  await lens.waitForCells()
  await lens.cell(2, 1).click()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('pinned-cell')).toHaveCount(1)
  await expect(page).toHaveURL(/cell=2\.1.*pins=mlp\.up:2\.1/)
  const address = page.url()
  const words = await lens.grid.getByRole('gridcell').allTextContents()

  const other = await browser.newContext({ viewport: { width: 1360, height: 800 } })
  const complaints = watchContext(other)
  const second = new LensPage(await other.newPage())
  await second.page.goto(address)
  await second.waitForCells()
  await expect(second.selected).toHaveAttribute('data-cell', '2.1')
  await expect(second.page.getByTestId('pinned-cell')).toHaveCount(1)
  await expect(second.page.getByLabel('Matrix')).toHaveValue('MLP_UP')
  await expect(second.page.getByLabel('Colour')).toHaveValue('rank')
  expect(await second.grid.getByRole('gridcell').allTextContents()).toEqual(words)
  expect(complaints).toEqual([])
  await other.close()
})

test('typing survives a reload, and Back returns to the run before', async ({ page }) => {
  const lens = new LensPage(page)
  const before = await lens.openNewest()
  await lens.prompt.fill('The capital of Poland is')
  await expect.poll(() => page.url()).toContain('prompt=')
  await page.reload()
  await expect(lens.prompt).toHaveValue('The capital of Poland is')
  await lens.target.fill('Paris')
  await lens.run.click()
  await lens.waitForNewRun(before)
  await lens.waitForCells()
  await page.goBack()
  await expect.poll(() => lens.runId()).toBe(before)
})
