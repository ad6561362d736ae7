// Finds a Chromium for the end-to-end tests, and gets one where that is possible.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** How every browser is started here: in containers, as root, and without talking to anyone. */
export const browserArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** No browser was found and none could be had. */
export class NoBrowserError extends Error {
  constructor(tried) {
    super(
      [
        'There is no browser for the end-to-end tests, and none could be installed.',
        ...tried.map((line) => `  - ${line}`),
        'Install Chromium or Chrome (Debian, Ubuntu: apt-get install chromium), or name one with',
        'CHROMIUM_PATH=/path/to/chromium, or leave these tests out with: npm test -- --without-browser',
      ].join('\n'),
    )
    this.name = 'NoBrowserError'
  }
}

const e2eRequire = () => createRequire(path.join(root, 'e2e/package.json'))

function playwrightBrowser() {
  try {
    return e2eRequire()('@playwright/test').chromium.executablePath()
  } catch {
    return null
  }
}

/** Every browser that lies on this machine, the preferred one first. */
function candidates() {
  const named = process.env['CHROMIUM_PATH']
  if (named) return [{ source: 'CHROMIUM_PATH', executable: named }]
  const own = playwrightBrowser()
  return [
    ...(own === null ? [] : [{ source: "Playwright's own", executable: own }]),
    ...systemBrowsers.map((executable) => ({ source: "the system's", executable })),
  ].filter(({ executable }) => existsSync(executable))
}

/** A browser without its libraries exists but does not start; this starts it once on an empty page. */
function starts(executable) {
  const words = ['--headless', ...browserArguments, '--dump-dom', 'about:blank']
  const tried = spawnSync(executable, words, { encoding: 'utf8', timeout: 60_000 })
  return tried.status === 0 && tried.stdout.includes('<html')
}

function version(executable) {
  const asked = spawnSync(executable, ['--version'], { encoding: 'utf8', timeout: 30_000 })
  return asked.stdout?.trim() || path.basename(executable)
}

/** The first browser that starts, as { source, executable, version }; null when there is none. */
export function findBrowser(tried = []) {
  for (const candidate of candidates()) {
    if (starts(candidate.executable)) {
      return { ...candidate, version: version(candidate.executable) }
    }
    tried.push(`${candidate.executable} (${candidate.source}) does not start`)
  }
  return null
}

function lastLine(result) {
  const lines = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.trim().split('\n').filter(Boolean)
  return result.error?.message ?? lines.at(-1) ?? `exit status ${result.status}`
}

function downloadWithPlaywright(report, tried) {
  report("downloading Playwright's Chromium (at most 4 minutes)")
  const cli = path.join(path.dirname(e2eRequire().resolve('@playwright/test')), 'cli.js')
  const result = spawnSync(process.execPath, [cli, 'install', 'chromium'], {
    encoding: 'utf8',
    timeout: 240_000,
    env: { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '20000' },
  })
  if (result.status !== 0) tried.push(`playwright install chromium: ${lastLine(result)}`)
}

function installWithApt(report, tried) {
  if (process.getuid?.() !== 0) return tried.push('apt-get needs root')
  if (!existsSync('/usr/bin/apt-get')) return tried.push('there is no apt-get')
  report("installing Debian's chromium with apt-get (about a minute)")
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (words) =>
    spawnSync('apt-get', ['-qq', '-o', 'Acquire::Retries=2', ...words], {
      encoding: 'utf8',
      timeout: 420_000,
      env,
    })
  apt(['update'])
  const names = ['chromium', 'fonts-liberation']
  const result = apt(['install', '-y', '--no-install-recommends', ...names])
  if (result.status !== 0) tried.push(`apt-get install chromium: ${lastLine(result)}`)
  return undefined
}

/** Finds a browser or gets one; throws NoBrowserError, which says what was tried. */
export function ensureBrowser({ report = console.log } = {}) {
  const tried = []
  const found = findBrowser(tried)
  if (found !== null) return found
  if (process.env['CHROMIUM_PATH']) throw new NoBrowserError(tried)
  for (const obtain of [downloadWithPlaywright, installWithApt]) {
    obtain(report, tried)
    const obtained = findBrowser(tried)
    if (obtained !== null) return obtained
  }
  throw new NoBrowserError([...new Set(tried)])
}
