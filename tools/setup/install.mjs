// Installs the dependencies when node_modules does not hold what package-lock.json asks for.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

function readPackages(file) {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

/**
 * What node_modules lacks: names of packages that are missing or of another version.
 * Optional packages are left out, because those of other platforms are never installed.
 */
export function missingPackages(root) {
  const wanted = readPackages(path.join(root, 'package-lock.json'))
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'))
  if (wanted === null) throw new Error(`There is no package-lock.json in ${root}.`)
  return Object.entries(wanted)
    .filter(([name, entry]) => name !== '' && !entry.optional && !entry.devOptional)
    .filter(([name, entry]) => installed?.[name]?.version !== entry.version)
    .map(([name]) => name)
}

/** The npm that runs this process, else the one on the PATH. */
function npmCommand(words) {
  const cli = process.env['npm_execpath']
  if (cli?.endsWith('npm-cli.js')) return { command: process.execPath, words: [cli, ...words] }
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', words }
}

/**
 * Install scripts stay off: everything here ships its binaries inside the packages, and some scripts
 * would want a download server that a closed network does not have.
 */
const installWords = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund']

function runInstall(root, report) {
  const { command, words } = npmCommand(installWords)
  const child = spawn(command, words, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: command.endsWith('.cmd'),
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
  })
  const lines = []
  const keep = (chunk) => lines.push(...String(chunk).split('\n').filter(Boolean))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const heartbeat = setInterval(() => report(`still installing, ${seconds()} s`), 15_000)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      clearInterval(heartbeat)
      if (code === 0) resolve(seconds())
      else reject(new Error(`npm ci failed:\n${lines.slice(-25).join('\n')}`))
    })
  })
}

/**
 * Makes node_modules match the lock file; does nothing when it does already.
 * @param {{ root: string, report?: (line: string) => void }} options
 * @returns {Promise<boolean>} whether something was installed
 */
export async function ensureInstalled({ root, report = console.log }) {
  const missing = missingPackages(root)
  if (missing.length === 0) return false
  report(`installing ${missing.length} packages (npm ci, about a minute)`)
  const seconds = await runInstall(root, report)
  report(`installed in ${seconds} s`)
  return true
}
