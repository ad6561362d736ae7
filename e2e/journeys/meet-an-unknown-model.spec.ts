// An unknown model, unknown runs and impossible questions: each is refused with a reason and a cure, nothing half-written.
import { ask, bundledModelId, requestRun, textOfTokens } from '../api.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

const countRuns = async (): Promise<number> =>
  (await ask<{ lensRuns: { totalCount: number } }>('{ lensRuns(first: 1) { totalCount } }'))
    .lensRuns.totalCount

test('the API names an unknown model and writes nothing', async () => {
  const before = await countRuns()
  const { run, errors } = await requestRun({
    modelId: '00000000-0000-4000-8000-000000000000',
    promptText: 'The capital of France is',
    targetText: 'Berlin',
  })
  expect(run).toBeNull()
  expect(errors[0]?.code).toMatch(/NOT_FOUND|UNKNOWN/)
  expect(errors[0]?.message).not.toBe('')
  expect(errors[0]?.cure).not.toBe('')
  expect(await countRuns()).toBe(before)
})

test('an address with an unknown model says so, and what is typed is kept', async ({ page }) => {
  const lens = new LensPage(page)
  await lens.open('model=no-such-model&prompt=The+capital+of+France+is&target=Berlin')
  await expect(lens.prompt).toHaveValue('The capital of France is')
  await lens.run.click()
  const problem = page.getByTestId('problem')
  await expect(problem).toBeVisible()
  await expect(problem).toContainText(/model/i)
  await expect(lens.prompt).toHaveValue('The capital of France is')
})

test('an address with an unknown run offers a way on', async ({ page }) => {
  await new LensPage(page).open('run=no-such-run')
  await expect(page.getByTestId('run-missing')).toContainText('There is no such run')
  await page.getByRole('button', { name: 'Open the newest run' }).click()
  await new LensPage(page).waitForCells()
})

test('impossible questions are refused one by one', async () => {
  const modelId = await bundledModelId()
  const before = await countRuns()
  const promptText = 'The capital of France is'
  const refused = [
    { promptText: '', targetText: 'Berlin' },
    { promptText, targetText: '   ' },
    {
      promptText: `${await textOfTokens(modelId, 250)} ${promptText} ${promptText}`,
      targetText: 'Berlin',
    },
    { promptText: `The capital of \ud800 is`, targetText: 'Berlin' },
  ]
  for (const question of refused) {
    const { run, errors } = await requestRun({ modelId, ...question })
    expect(run, JSON.stringify(question).slice(0, 80)).toBeNull()
    expect(errors[0]?.code).toMatch(/^[A-Z_]+$/)
  }
  expect(await countRuns()).toBe(before)
})

test('the page shows the refusal of an empty prompt beside the question', async ({ page }) => {
  const lens = new LensPage(page)
  await lens.open()
  await lens.waitForCells()
  await lens.ask('', 'Berlin')
  await expect(page.getByTestId('problem')).toBeVisible()
})
