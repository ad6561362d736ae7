// The list of runs: search, filter in the address, open, delete after asking.
import { bundledModelId, createRun, readRun, waitForRun } from '../api.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

const promptText = 'The capital of Hungary is'

test('a run is found, opened, and deleted only after asking', async ({ page }) => {
  const modelId = await bundledModelId()
  const id = await createRun({ modelId, promptText, targetText: 'Berlin' })
  await waitForRun(id)
  await page.goto('/runs')
  await page.getByLabel('Search runs').fill('Hungary')
  const row = page.getByTestId('run-row')
  await expect(row).toHaveCount(1)
  await expect(row).toHaveAttribute('data-state', 'done')
  await expect.poll(() => page.url()).toContain('Hungary')
  await page.reload()
  await expect(row).toHaveCount(1)

  await row.getByRole('link').first().click()
  await new LensPage(page).waitForCells()
  await page.goBack()

  await row.getByRole('button', { name: /Delete the run/ }).click()
  const dialog = page.getByRole('alertdialog')
  await expect(dialog).toContainText(promptText)
  await dialog.getByRole('button', { name: 'Keep it' }).click()
  await expect(row).toHaveCount(1)
  await row.getByRole('button', { name: /Delete the run/ }).click()
  await dialog.getByRole('button', { name: 'Delete the run' }).click()
  await expect(page.getByTestId('no-rows')).toBeVisible()
  expect(await readRun(id)).toBeNull()
})

test('a run on its way changes its state in the list by itself', async ({ page }) => {
  await page.goto('/runs')
  await expect(page.getByTestId('run-row').first()).toBeVisible()
  const modelId = await bundledModelId()
  const id = await createRun({
    modelId,
    promptText: 'The capital of Portugal is',
    targetText: 'Berlin',
  })
  await page.reload()
  const row = page.getByTestId('run-row').filter({ hasText: 'Portugal' }).first()
  await waitForRun(id)
  await expect(row).toHaveAttribute('data-state', 'done')
})
