// Prompts are kept, tagged, found by tag, reused in the lens, and deleted without their runs.
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

const text = 'The capital of Austria is'

test('a prompt is saved with tags, found by one of them, and reused', async ({ page }) => {
  await page.goto('/prompts')
  const form = page.getByRole('form', { name: 'New prompt' })
  await form.getByLabel('Prompt').fill(text)
  await form.getByLabel('Target').fill('Berlin')
  await form.getByLabel('Tags').fill('alps, journey')
  await form.getByRole('button', { name: 'Save prompt' }).click()
  const row = page.getByTestId('prompt-row').filter({ hasText: text })
  await expect(row).toBeVisible()
  await expect(row.getByRole('button', { name: 'alps' })).toBeVisible()

  await row.getByRole('button', { name: 'alps' }).click()
  await expect(page.getByTestId('prompt-row')).toHaveCount(1)
  await row.getByRole('link', { name: text }).click()
  const lens = new LensPage(page)
  await expect(lens.prompt).toHaveValue(text)
  await expect(lens.target).toHaveValue('Berlin')
  const before = lens.runId()
  // The newest run may open by itself meanwhile, so a new address alone does not say that the run was created.
  const created = page.waitForResponse((answer) =>
    (answer.request().postData() ?? '').includes('createLensRun'),
  )
  await lens.run.click()
  await created
  await lens.waitForNewRun(before)
  await lens.waitForCells()

  await page.goto('/prompts')
  await expect(row).toContainText('1 run')
  await row.getByRole('button', { name: /Delete the prompt/ }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the prompt' }).click()
  await expect(row).toHaveCount(0)
})

test('tags and note of a prompt can be changed', async ({ page }) => {
  await page.goto('/prompts')
  const row = page.getByTestId('prompt-row').first()
  await row.getByRole('button', { name: 'Edit tags and note' }).click()
  await row.getByLabel('Note').fill('Read this one first.')
  await row.getByLabel('Tags, with commas between').fill('edited, demo')
  await row.getByRole('button', { name: 'Save' }).click()
  await expect(row).toContainText('Read this one first.')
  await expect(row.getByRole('button', { name: 'edited' })).toBeVisible()
})

test('the question in the lens can be kept with one click', async ({ page }) => {
  const lens = new LensPage(page)
  await lens.open()
  await lens.waitForCells()
  await lens.prompt.fill('The capital of Belgium is')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Saved' })).toBeVisible()
  await page.goto('/prompts')
  await expect(page.getByTestId('prompt-row').filter({ hasText: 'Belgium' })).toHaveCount(1)
})
