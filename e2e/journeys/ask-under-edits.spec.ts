// Whose edits a question is asked under: those of the run that the reader opened, and never those of one that only lies below.
import { ask, bundledModelId, createRun, finishedEdits, waitForRun } from '../api.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

const editsOf = async (id: string) =>
  (
    await ask<{ lensRun: { editIds: readonly string[] } }>(
      'query ($id: ID!) { lensRun(id: $id) { editIds } }',
      { id },
    )
  ).lensRun.editIds

test('a question of its own is asked of the unedited model; an opened run keeps its edits', async ({
  page,
}) => {
  test.setTimeout(180_000)
  const [edit] = await finishedEdits()
  const under = await createRun({
    modelId: await bundledModelId(),
    promptText: 'The capital of France is',
    targetText: 'Paris',
    editIds: [edit],
  })
  await waitForRun(under)
  const lens = new LensPage(page)
  const line = page.getByTestId('answer-line')
  const unedited = page.getByTestId('ask-unedited')

  await lens.open(`run=${under}`)
  await lens.waitForCells()
  await expect(line).toContainText('under edit 1')
  await expect(unedited).toBeVisible()
  await lens.ask('The capital of Italy is', 'Paris')
  const kept = await lens.waitForNewRun(under)
  await waitForRun(kept)
  expect(await editsOf(kept)).toEqual([edit])

  await page.goto('/runs')
  await lens.open('prompt=The+capital+of+Spain+is&target=Rome')
  await lens.waitForCells()
  await expect(lens.prompt).toHaveValue('The capital of Spain is')
  await expect(line).toContainText('under edit 1')
  await expect(unedited).toHaveCount(0)
  expect(lens.runId()).toBeNull()
  await lens.run.click()
  const own = await lens.waitForNewRun(null)
  await waitForRun(own)
  expect(await editsOf(own)).toEqual([])
})
