// Every page, light and dark, wide and narrow: a picture is kept, axe finds nothing serious, nothing jumps, little is loaded.
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { budgets, holdTime } from '../budgets.js'
import { expect, test } from '../fixtures.js'
import { addressOf, pages, settle, sizes, themes } from '../pages.js'
import { teamPages } from '../team-pages.js'

type Theme = (typeof themes)[number]
type AxeOptions = Parameters<AxeBuilder['options']>[0]

/** Pages of the team are looked at where room is scarcest; their wide form is the same parts side by side. */
const visits = [
  ...pages.flatMap((tested) => sizes.map((size) => ({ tested, size }))),
  ...teamPages.map((tested) => ({ tested, size: sizes[1] })),
]

for (const { tested, size } of visits) {
  const { name, ready, withinScriptBudget } = tested
  test(`${name}, ${size.width} wide: little is loaded, nothing jumps, both themes are sound`, async ({
    page,
  }) => {
    const address = await addressOf(tested)
    const scriptBytes = await countScriptBytes(page)
    await page.addInitScript(watchLayoutShift)
    await page.addInitScript(watchLargestPaint)
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme: themes[0], reducedMotion: 'reduce' })
    await page.goto(address)
    await ready(page)
    await settle(page)
    const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift)
    const painted = await page.evaluate(
      () => (window as unknown as { largestPaint: number }).largestPaint,
    )
    const kilobytes = Math.round(scriptBytes() / 1024)
    console.log(`${name}, ${size.width}: ${kilobytes} KB of scripts, shift ${shift.toFixed(4)}`)
    const seconds = Number((painted / 1000).toFixed(2))
    holdTime(`${name}, ${size.width}: largest paint, s`, seconds, budgets.largestPaintSeconds)
    if (withinScriptBudget) {
      expect(scriptBytes()).toBeLessThanOrEqual(budgets.scriptBytes)
      expect(shift).toBeLessThanOrEqual(0.01)
    }
    expect(await page.evaluate(askedInVain), 'asked early, and for nothing').toEqual([])
    await expectNoSideways(page)
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
      await page.screenshot({ path: `screenshots/${name}-${theme}-${size.width}.png` })
      await expectAccessible(page, theme)
    }
  })
}

/** A theme changes colours and nothing else, so the second one is asked about colours only. */
const axeOptions: Record<Theme, AxeOptions> = {
  light: { resultTypes: ['violations'] },
  dark: { resultTypes: ['violations'], runOnly: ['color-contrast', 'link-in-text-block'] },
}

/** GraphiQL's own markup is not ours; the page around it is. */
async function expectAccessible(page: Page, theme: Theme): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .exclude('.graphiql-container')
    .options(axeOptions[theme])
    .analyze()
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => {
      const places = nodes.slice(0, 3).map(({ html }) => html)
      return `${id}: ${places.join(' | ')}`
    })
  expect(serious, `axe in ${theme}`).toEqual([])
}

/** The page itself never scrolls sideways; wide content scrolls inside its own frame. */
async function expectNoSideways(page: Page): Promise<void> {
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(excess, 'the page scrolls sideways').toBeLessThanOrEqual(0)
}

/** Compressed bytes of every script that arrives. */
async function countScriptBytes(page: Page): Promise<() => number> {
  const session = await page.context().newCDPSession(page)
  const scripts = new Set<string>()
  let bytes = 0
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type === 'Script' || /\.js(\?|$)/.test(response.url)) scripts.add(requestId)
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await session.send('Network.enable')
  return () => bytes
}

/** Runs in the page: names of the operations that its early script sent and that no part of it has asked for since. */
function askedInVain(): string[] {
  const { imprintEarly } = window as unknown as { imprintEarly?: Map<string, unknown> }
  const bodies = [...(imprintEarly?.keys() ?? [])]
  return bodies.map((body) =>
    String((JSON.parse(body) as { operationName?: string }).operationName),
  )
}

/** Runs in the page: adds up the layout shifts that no input explains. */
function watchLayoutShift(): void {
  const kept = window as unknown as { shift: number }
  kept.shift = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number
      hadRecentInput: boolean
    })[]) {
      if (!entry.hadRecentInput) kept.shift += entry.value
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

/** Runs in the page: when the largest text or picture so far was painted. */
function watchLargestPaint(): void {
  const kept = window as unknown as { largestPaint: number }
  kept.largestPaint = 0
  new PerformanceObserver((list) => {
    kept.largestPaint = list.getEntries().at(-1)?.startTime ?? kept.largestPaint
  }).observe({ type: 'largest-contentful-paint', buffered: true })
}

test.describe('an address that does not exist', () => {
  test.use({ expectedConsoleErrors: /404/ })

  test('says so', async ({ page }) => {
    const response = await page.goto('/no-such-page')
    expect(response?.status()).toBe(404)
    await expect(page.getByRole('heading', { name: 'There is no page here' })).toBeVisible()
  })
})
