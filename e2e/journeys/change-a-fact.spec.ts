// A fact is changed: chosen, previewed, edited twice, read, named, stacked, taken back, compared, exported.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { readEdit } from '../api.js'
import { expect, test } from '../fixtures.js'
import { themes } from '../pages.js'

const done = { timeout: 90_000 }

async function openLab(page: Page, method: string): Promise<void> {
  await page.goto(`/edits/new?method=${method}`)
  await page.getByLabel('Prompt', { exact: true }).focus()
  const facts = page.getByTestId('fact-suggestions').getByRole('button')
  await expect(facts.first()).toBeVisible()
  await facts.first().click()
}

/** Runs what the lab shows; the address names the edit afterwards. */
async function run(page: Page): Promise<string> {
  await page.getByTestId('run-edit').click()
  await page.waitForURL(/\/edits\/[0-9a-f-]{36}/)
  await expect(page.getByTestId('edit-summary')).toBeVisible(done)
  return new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

async function expectNoComplaints(page: Page): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page }).analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([])
  }
}

let shift = ''
let rome = ''

test.describe.serial('a fact is changed', () => {
  test('the lab fills a fact, says what to expect, and a forward shift changes the answer', async ({
    page,
  }) => {
    await openLab(page, 'forward-shift')
    await expect(page.getByLabel('Subject')).not.toHaveValue('')
    const preview = page.getByTestId('preview')
    await expect(preview).toContainText('The model says now', done)
    await expect(preview.locator('.big-number')).toHaveText(/^\+/)
    await expect.poll(() => page.url()).toContain('subject=')
    shift = await run(page)
    await expect(page.getByTestId('probe-table')).toContainText('rewrite')
    await expect(page.getByTestId('next-tokens').first()).toBeVisible()
    await expect(page.getByTestId('generations').first()).toContainText('After')
    await expect(page.getByTestId('readings')).toContainText('mlp.down')
    await expectNoComplaints(page)
  })

  test('ROME shows its loss as it falls, and its receipt', async ({ page }) => {
    test.setTimeout(240_000)
    await openLab(page, 'rome')
    const learning = page.getByLabel(/Learning rate/)
    await learning.fill('nonsense')
    await expect(page.getByText(/Use a number from/)).toBeVisible()
    await expect(page.getByTestId('run-edit')).toBeDisabled()
    await page.getByRole('button', { name: /^Reset Learning rate/ }).click()
    await expect(page.getByTestId('run-edit')).toBeEnabled()
    await page.getByTestId('run-edit').click()
    await page.waitForURL(/\/edits\/[0-9a-f-]{36}/)
    await expect(page.getByTestId('edit-summary')).toBeVisible({ timeout: 200_000 })
    rome = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await page.getByRole('tab', { name: 'Trace' }).click()
    await expect(page.locator('.plot-line polyline').first()).toBeVisible()
    await page.getByRole('tab', { name: /receipt/ }).click()
    await expect(page.getByTestId('edit-receipt')).toContainText('digest')
    await page.getByRole('tab', { name: /Lens/ }).click()
    await expect(page.getByTestId('lens-before-after')).toContainText('embed')
  })

  test('it is named, stacked, tried, reordered and taken back', async ({ page }) => {
    await page.goto(`/edits/${rome}`)
    await page.getByRole('button', { name: 'Name it' }).click()
    await page.getByLabel('Name of the edit').fill('my first edit')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('my first edit')
    await page.getByTestId('apply-edit').click()
    await expect(page.getByTestId('apply-edit')).toHaveText('Revert')
    expect((await readEdit(rome))?.applied).toBe(true)

    await page.goto(`/edits/${shift}`)
    const items = page.getByTestId('stack-item')
    await expect(items).toHaveCount(1)
    await page.getByRole('button', { name: 'Add this edit' }).click()
    await expect(items).toHaveCount(2)
    await expect(page.getByTestId('try-effect')).toBeVisible(done)
    await page.getByRole('button', { name: /^Move “my first edit” down/ }).click()
    await expect(items.last()).toContainText('my first edit')
    await page.getByTestId('apply-stack').click()
    await expect(page.getByTestId('apply-stack')).toHaveText('Applied')
    expect((await readEdit(shift))?.applied).toBe(true)
    await items.last().getByRole('checkbox').uncheck()
    await expect(page.getByTestId('try')).toContainText('1 edit is on', done)
    await page.getByRole('button', { name: 'Revert all' }).click()
    await expect.poll(async () => (await readEdit(shift))?.applied).toBe(false)
    expect((await readEdit(rome))?.applied).toBe(false)
  })

  test('two are compared, found again and exported', async ({ page }) => {
    test.setTimeout(240_000)
    await page.goto('/edits?search=')
    const rows = page.getByTestId('edit-row')
    await rows.filter({ hasText: 'my first edit' }).getByRole('checkbox').check()
    await rows.filter({ hasText: 'forward-shift' }).first().getByRole('checkbox').check()
    await page.getByRole('button', { name: /^Compare/ }).click()
    await expect(page.getByTestId('diff-matrices')).toContainText(/-?\d\.\d{3}/, done)
    await expect(page.getByTestId('diff-flips')).toBeVisible()
    await expectNoComplaints(page)

    await page.goto(`/edits/${rome}`)
    await page.getByRole('button', { name: 'Add this edit' }).click()
    await page.getByLabel('Export the merged model as').fill('facts-merged')
    await page.getByRole('button', { name: 'Export merged model' }).click()
    await expect(page.getByRole('link', { name: 'facts-merged' })).toBeVisible({ timeout: 200_000 })
    await page.getByRole('link', { name: 'facts-merged' }).click()
    await expect(page.getByTestId('model-card').filter({ hasText: 'facts-merged' })).toBeVisible()
  })

  test('it is deleted only after asking', async ({ page }) => {
    await page.goto(`/edits/${shift}`)
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('button', { name: 'Delete the edit' }).click()
    await page.waitForURL(/\/edits$/)
    expect(await readEdit(shift)).toBeNull()
    await page.goto(`/edits/${shift}`)
    await expect(page.getByTestId('edit-missing')).toBeVisible()
  })
})
