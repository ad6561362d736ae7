// A prompt of 200 tokens: computed, drawn piece by piece, reachable with the keyboard to its end.
import { bundledModelId, createRun, textOfTokens, waitForRun } from '../api.js'
import { budgets, holdTime } from '../budgets.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

test('200 tokens: only what is on screen is drawn, and the last cell can be reached', async ({
  page,
}) => {
  const modelId = await bundledModelId()
  const promptText = await textOfTokens(modelId, 200)
  const id = await createRun({ modelId, promptText, targetText: 'Berlin' })
  expect((await waitForRun(id)).state).toBe('DONE')
  const lens = new LensPage(page)
  await lens.open(`run=${id}`)
  await lens.waitForCells()
  await expect(lens.grid).toHaveAttribute('aria-colcount', '201')
  expect(await lens.grid.getByRole('gridcell').count()).toBeLessThan(200)
  await expect(page.getByTestId('minimap')).toBeVisible()
  await lens.selected.focus()
  await page.keyboard.press('Control+End')
  await expect(lens.selected).toHaveAttribute('data-cell', /\.199$/)
  await expect(lens.selected).toBeInViewport()
  await expect(lens.panel).toContainText('position 199')
})

test('moving through a wide grid stays quick', async ({ page }) => {
  const modelId = await bundledModelId()
  const promptText = await textOfTokens(modelId, 200)
  const id = await createRun({ modelId, promptText, targetText: 'Berlin' })
  await waitForRun(id)
  const lens = new LensPage(page)
  await lens.open(`run=${id}&cell=0.0`)
  await lens.waitForCells()
  await lens.selected.focus()
  await page.evaluate(watchInteractions)
  for (let step = 0; step < 30; step += 1) await page.keyboard.press('ArrowRight')
  await expect(lens.selected).toHaveAttribute('data-cell', '0.30')
  const slowest = await page.evaluate(() => (window as unknown as { slowest: number }).slowest)
  test.info().annotations.push({ type: 'interaction', description: `${slowest} ms` })
  holdTime('slowest key to next paint, ms', slowest, budgets.interactionMilliseconds)
})

/** Runs in the page: keeps the longest time from a key to the next paint. */
function watchInteractions(): void {
  const kept = window as unknown as { slowest: number }
  kept.slowest = 0
  const options = { type: 'event', durationThreshold: 16, buffered: false }
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) kept.slowest = Math.max(kept.slowest, entry.duration)
  }).observe(options as PerformanceObserverInit)
}
