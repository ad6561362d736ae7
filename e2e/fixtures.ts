// What every journey has: a page that must stay quiet (no console errors, nothing from outside), and the address.
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test'

interface Fixtures {
  /** Console errors that a journey provokes on purpose; anything else fails it. */
  readonly expectedConsoleErrors: RegExp | null
  readonly quiet: void
}

const isLocal = (url: string): boolean =>
  /^(blob|data|about):/.test(url) ||
  ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)

/** Collects what a page of the context complains about. */
export function watchContext(context: BrowserContext): string[] {
  const complaints: string[] = []
  const watch = (page: Page): void => {
    page.on('console', (message) => {
      if (message.type() === 'error')
        complaints.push(`${message.text()} (${message.location().url})`)
    })
    page.on('pageerror', (error) => complaints.push(`${error.message} (${page.url()})`))
    page.on('request', (request) => {
      if (!isLocal(request.url())) complaints.push(`asked for ${request.url()}`)
    })
  }
  context.pages().forEach(watch)
  context.on('page', watch)
  return complaints
}

export const test = base.extend<Fixtures>({
  baseURL: process.env['IMPRINT_E2E_WEB_URL'] ?? 'http://localhost:3000',
  expectedConsoleErrors: [null, { option: true }],
  quiet: [
    async ({ context, expectedConsoleErrors }, use) => {
      const complaints = watchContext(context)
      await use()
      const unexpected = complaints.filter((text) => expectedConsoleErrors?.test(text) !== true)
      expect(unexpected, 'the page stays free of errors and asks nobody outside').toEqual([])
    },
    { auto: true },
  ],
})

export { expect }
