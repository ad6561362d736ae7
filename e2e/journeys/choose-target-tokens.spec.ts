// A target that is not one token: the page shows its tokens, explains the choice, and the run obeys it.
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

const target = 'Berlin Paris'

test('the tokens are shown while typing, and a choice is offered and explained', async ({
  page,
}) => {
  const lens = new LensPage(page)
  await lens.open()
  await lens.waitForCells()
  await lens.target.fill(target)
  const notice = page.getByTestId('target-notice')
  await expect(notice).toContainText('The target is 2 tokens')
  await expect(page.getByTestId('target-tokens')).toContainText('2 tokens')
  const modes = notice.getByRole('radio')
  await expect(modes).toHaveCount(3)
  for (const name of ['first token', 'last token', 'whole sequence']) {
    const label = notice.locator('label', { hasText: name })
    await expect(label).toHaveAttribute('title', /Score/)
  }
})

test('the whole sequence feeds the target in and scores every token', async ({ page }) => {
  const lens = new LensPage(page)
  const before = await lens.openNewest()
  await lens.prompt.fill('The capital of France is')
  await lens.target.fill(target)
  await page.getByTestId('target-notice').locator('label', { hasText: 'whole sequence' }).click()
  await expect(page).toHaveURL(/mode=sequence/)
  await lens.run.click()
  await lens.waitForNewRun(before)
  await lens.waitForCells()
  await expect(lens.grid.locator('[data-forced]')).toHaveCount(1)
  await expect(page.getByTestId('answer-line')).toContainText('Paris')
})
