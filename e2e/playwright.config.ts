// Journeys in a real browser against the real stack; see stack/start-stack.mjs.
import { defineConfig } from '@playwright/test'
import { browserArguments, NoBrowserError, findBrowser } from '../tools/setup/browser.mjs'

/** `npm test` has found one already and names it; otherwise it is looked for here, once. */
function browserPath(): string {
  const named = process.env['CHROMIUM_PATH']
  if (named) return named
  const found = findBrowser()
  if (found === null) throw new NoBrowserError(['run `npm test`, which can install one'])
  process.env['CHROMIUM_PATH'] = found.executable
  return found.executable
}

export default defineConfig({
  testDir: 'journeys',
  outputDir: 'test-results/journeys',
  globalSetup: './stack/global-setup.ts',
  workers: 1,
  // A journey that fails once on a busy CI machine may try again; the report names it as flaky.
  retries: process.env['CI'] ? 1 : 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  // The first visit comes first, while everything is as a newcomer finds it.
  projects: [
    { name: 'first visit', testMatch: 'read-the-first-cell.spec.ts' },
    { name: 'journeys', testIgnore: 'read-the-first-cell.spec.ts' },
  ],
  use: {
    viewport: { width: 1360, height: 800 },
    screenshot: 'only-on-failure',
    // A trace costs a third of a journey's time; `npx playwright test --trace on` keeps one of each.
    trace: 'on-first-retry',
    actionTimeout: 15_000,
    launchOptions: { executablePath: browserPath(), args: [...browserArguments] },
  },
})
