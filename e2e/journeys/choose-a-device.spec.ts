// What computes is listed with reasons; a run can be asked for on one device, and its receipt says where it was computed.
import AxeBuilder from '@axe-core/playwright'
import { ask } from '../api.js'
import { expect, test } from '../fixtures.js'
import { LensPage } from '../lens-page.js'

test('a run is asked for on the CPU, and says that it was computed there', async ({ page }) => {
  const lens = new LensPage(page)
  const before = await lens.openNewest()
  await page.locator('summary', { hasText: 'More' }).focus()
  await page.keyboard.press('Enter')
  const choices = page.getByRole('group', { name: 'Compute on' })
  await expect(choices.getByRole('radio', { name: /^Automatic/ })).toBeChecked()
  await expect(choices.getByRole('radio', { name: /^GPU through CUDA/ })).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual(
    [],
  )
  await choices.getByRole('radio', { name: /^CPU/ }).check()
  await page.keyboard.press('Escape')
  await expect(choices).toBeHidden()
  await expect(page.locator('summary', { hasText: 'On cpu' })).toBeFocused()
  await expect(page).toHaveURL(/device=cpu/)
  await lens.ask('The capital of Italy is', 'Berlin')
  await lens.waitForNewRun(before)
  await lens.waitForCells()
  await expect(page.getByTestId('answer-line')).toContainText(/ on \S/)
  await page.getByRole('tab', { name: 'Receipt' }).click()
  await expect(page.getByTestId('receipt')).toContainText(
    /Computed on .+ by cpu\. Why: asked for by name/,
  )
})

test('the Models page lists what computes and why the rest cannot', async ({ page }) => {
  const { server } = await ask<{
    server: { devices: { provider: string; reason: string | null; automatic: boolean }[] }
  }>('{ server { devices { provider reason automatic } } }')
  expect(server.devices.map(({ provider }) => provider)).toEqual(['CUDA', 'WEBGPU', 'CPU'])
  expect(server.devices.filter(({ automatic }) => automatic)).toHaveLength(1)
  await page.goto('/models')
  const card = page.getByTestId('devices')
  await expect(card.getByRole('listitem')).toHaveCount(3)
  await expect(card).toContainText('used by itself')
  for (const { reason } of server.devices) await expect(card).toContainText(reason ?? '')
})
