// The engine is killed in the middle of a run: the run is tried again or fails with its reason, and the page says which.
import { bundledModelId, createRun, waitForRun, waitUntilIdle } from '../api.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'
import {
  findEngine,
  killEngine,
  pauseEngine,
  resumeEngine,
  waitForEngine,
} from '../stack/engine-process.js'

const running = new Set(['RUNNING'])

test.afterEach(() => {
  const engine = findEngine()
  if (engine !== null) resumeEngine(engine)
})

async function startHeldRun(promptText: string): Promise<{ id: string; engine: number }> {
  await waitUntilIdle()
  const modelId = await bundledModelId()
  const engine = await waitForEngine()
  pauseEngine(engine)
  const id = await createRun({ modelId, promptText, targetText: 'Berlin' })
  await waitForRun(id, running)
  return { id, engine }
}

test('a run whose engine is killed once is computed in a second attempt', async ({ page }) => {
  const { id, engine } = await startHeldRun('The capital of Sweden is')
  const lens = new LensPage(page)
  await lens.open(`run=${id}`)
  await expect(page.getByTestId('run-progress')).toBeVisible()
  killEngine(engine)
  const ended = await waitForRun(id)
  expect(ended).toMatchObject({ state: 'DONE', attempt: 2 })
  await lens.waitForCells()
  await expect(page.getByTestId('answer-line')).toContainText('Berlin')
})

test('a run whose engine is killed in every attempt fails with its reason and can be run again', async ({
  page,
}) => {
  test.setTimeout(150_000)
  const { id, engine } = await startHeldRun('The capital of Denmark is')
  await new LensPage(page).open(`run=${id}`)
  killEngine(engine)
  const next = await waitForEngine(engine)
  pauseEngine(next)
  await expect(page.getByTestId('run-progress')).toContainText('attempt 2')
  killEngine(next)
  const ended = await waitForRun(id)
  expect(ended.state).toBe('FAILED')
  const failed = page.getByTestId('run-failed')
  await expect(failed).toContainText('This run failed')
  await expect(failed).toContainText(ended.error?.message ?? 'a reason')
  await expect(failed).toContainText('tried 2 times')
  await failed.getByRole('button', { name: 'Run it again' }).click()
  expect((await waitForRun(id, new Set(['DONE']))).state).toBe('DONE')
  await new LensPage(page).waitForCells()
})
