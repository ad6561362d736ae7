// The engine is killed in the middle of a run: the run is tried again or fails with its reason, and the page says which.
import { bundledModelId, createRun, readRun, waitForRun } from '../api.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'
import { killEngine, pauseEngine, waitForEngine } from '../stack/engine-process.js'

const running = new Set(['RUNNING'])

async function startHeldRun(promptText: string): Promise<{ id: string; engine: number }> {
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
  console.log(`after one kill: ${ended.state}, attempt ${ended.attempt}`)
  if (ended.state === 'DONE') {
    expect(ended.attempt).toBeGreaterThan(1)
    await lens.waitForCells()
  } else {
    await expect(page.getByTestId('run-failed')).toContainText(ended.error?.message ?? 'a reason')
  }
})

test('the page says that an attempt was interrupted while the next one runs', async ({ page }) => {
  const { id, engine } = await startHeldRun('The capital of Finland is')
  await new LensPage(page).open(`run=${id}`)
  await expect(page.getByTestId('run-progress')).toBeVisible()
  killEngine(engine)
  const next = await waitForEngine(engine)
  pauseEngine(next)
  const run = await readRun(id)
  if (run?.state !== 'DONE') {
    await expect(page.getByText(/attempt 2/)).toBeVisible()
  }
  killEngine(next)
  const ended = await waitForRun(id)
  console.log(`after two kills: ${ended.state}, attempt ${ended.attempt}`)
})

test('a run whose engine is killed again and again fails with its reason, and can be run again', async ({
  page,
}) => {
  test.setTimeout(150_000)
  const { id, engine } = await startHeldRun('The capital of Denmark is')
  await new LensPage(page).open(`run=${id}`)
  let last = engine
  killEngine(last)
  for (let kills = 0; kills < 6; kills += 1) {
    const state = (await readRun(id))?.state
    if (state === 'FAILED' || state === 'DONE') break
    last = await waitForEngine(last)
    pauseEngine(last)
    await waitForRun(id, new Set(['RUNNING', 'FAILED', 'DONE']))
    killEngine(last)
  }
  const ended = await waitForRun(id)
  console.log(
    `after repeated kills: ${ended.state}, attempt ${ended.attempt}, ${ended.error?.code}`,
  )
  expect(ended.state).toBe('FAILED')
  const failed = page.getByTestId('run-failed')
  await expect(failed).toContainText('This run failed')
  await expect(failed).toContainText(ended.error?.message ?? 'a reason')
  await failed.getByRole('button', { name: 'Run it again' }).click()
  expect((await waitForRun(id, new Set(['DONE']))).state).toBe('DONE')
  await new LensPage(page).waitForCells()
})
