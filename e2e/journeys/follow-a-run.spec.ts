// A new run with live progress: queue, stages, result; the engine is held still so that each can be seen.
import { bundledModelId, createRun, waitForRun, waitUntilIdle } from '../api.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'
import { pauseEngine, resumeEngine, waitForEngine } from '../stack/engine-process.js'

test('a question becomes a run, its progress is live, and its grid appears by itself', async ({
  page,
}) => {
  const lens = new LensPage(page)
  const before = await lens.openNewest()
  await waitUntilIdle()
  const engine = await waitForEngine()
  pauseEngine(engine)
  try {
    await lens.ask('The capital of Italy is', 'Berlin')
    await lens.waitForNewRun(before)
    const progress = page.getByTestId('run-progress')
    await expect(progress).toBeVisible({ timeout: 3_000 })
    await expect(progress.locator('[aria-current="step"]')).toHaveCount(1)
    await expect(progress).toHaveAttribute('data-stage', /LOADING|COMPUTING/, { timeout: 10_000 })
  } finally {
    resumeEngine(engine)
  }
  await expect(page.getByTestId('run-progress')).toBeHidden({ timeout: 30_000 })
  await lens.waitForCells()
  await expect(page.getByTestId('answer-line')).toContainText('Berlin')
})

test('a waiting run says how many are before it', async ({ page }) => {
  const modelId = await bundledModelId()
  await waitUntilIdle()
  const engine = await waitForEngine()
  pauseEngine(engine)
  try {
    const words = ['Spain', 'Japan', 'Norway']
    const ids: string[] = []
    for (const word of words) {
      ids.push(
        await createRun({ modelId, promptText: `The capital of ${word} is`, targetText: 'Paris' }),
      )
    }
    await new LensPage(page).open(`run=${ids.at(-1)}`)
    const progress = page.getByTestId('run-progress')
    await expect(progress).toHaveAttribute('data-stage', 'QUEUED')
    await expect(progress).toContainText(/\d ahead in the queue|Next in line/)
    resumeEngine(engine)
    for (const id of ids) expect((await waitForRun(id)).state).toBe('DONE')
    await expect(progress).toBeHidden()
    await new LensPage(page).waitForCells()
  } finally {
    resumeEngine(engine)
  }
})

test('a run can be cancelled while it waits', async ({ page }) => {
  const modelId = await bundledModelId()
  await waitUntilIdle()
  const engine = await waitForEngine()
  pauseEngine(engine)
  try {
    await createRun({ modelId, promptText: 'The capital of Greece is', targetText: 'Paris' })
    const id = await createRun({
      modelId,
      promptText: 'The capital of Egypt is',
      targetText: 'Paris',
    })
    await new LensPage(page).open(`run=${id}`)
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect(page.getByTestId('run-cancelled')).toBeVisible()
    expect((await waitForRun(id)).state).toBe('CANCELLED')
  } finally {
    resumeEngine(engine)
  }
})
