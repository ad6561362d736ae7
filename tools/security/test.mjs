#!/usr/bin/env node
// `npm run test:security`: the security suite, file by file, and how many checks of each passed. With it run the checks that
// `npm test` leaves out because they take minutes, and those of the pages' server, which is built first.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Package -> its files. */
const suites = {
  'apps/api': [
    'src/security',
    'src/access',
    'src/features/account',
    'src/features/comparison/comparison-files.test.ts',
    'src/features/dataset/dataset-transfer.test.ts',
    'src/features/dataset/bad-files.test.ts',
    'src/observability',
    'src/engine/server-paths.test.ts',
    'src/graphql-guard.test.ts',
    'src/server.test.ts',
    'src/subscriptions.test.ts',
    'src/pagination',
    'src/features/review/review-race.test.ts',
    'src/features/export/export.test.ts',
  ],
  'apps/web': [
    'components/csv.test.ts',
    'features/comments/markdown.test.ts',
    'graphql/forward.test.ts',
    'graphql/share-entrance.test.ts',
    'graphql/socket.test.ts',
    'security',
  ],
  'packages/lens-engine': [
    'src/hub',
    'src/weights/gguf-header.test.ts',
    'src/weights/open-weights.test.ts',
    'src/weights/safetensors.test.ts',
    'src/weights/strict-json.test.ts',
    'src/tokenizers/load-tokenizer.test.ts',
  ],
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'imprint-security-'))
const env = { ...process.env, IMPRINT_SLOW_CHECKS: '1' }
const rows = []
const failures = []

/** One package's files; what was measured on the way is printed as it comes. */
function runSuite(name, files) {
  const cwd = path.join(root, name)
  const report = path.join(folder, 'report.json')
  rmSync(report, { force: true })
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${report}`]
  const words = ['vitest', 'run', ...files, ...reporters]
  const { status } = spawnSync('npx', words, { cwd, env, stdio: ['ignore', 'inherit', 'inherit'] })
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  for (const { name: file, assertionResults, message } of testResults) {
    const count = (state) => assertionResults.filter((one) => one.status === state).length
    rows.push({
      file: path.relative(root, file),
      passed: count('passed'),
      of: assertionResults.length,
    })
    if (assertionResults.length === 0) failures.push(`${file}\n  ${message}`)
    for (const one of assertionResults)
      if (one.status === 'failed')
        failures.push(`${one.fullName}\n  ${one.failureMessages[0]?.split('\n')[0] ?? ''}`)
  }
  return status === 0
}

function build() {
  const words = ['turbo', 'run', 'build', '--filter=@imprint/web', '--filter=@imprint/api']
  const options = { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] }
  return spawnSync('npx', [...words, '--output-logs=errors-only'], options).status === 0
}

/** The pages' server as a real process. */
function checkPages() {
  const file = 'tools/security/next-server.check.mjs'
  const words = ['--test', '--test-reporter=tap', file]
  const { status, stdout } = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' })
  const count = (name) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(stdout)?.[1] ?? 0)
  rows.push({ file, passed: count('pass'), of: count('tests') })
  for (const [, what] of stdout.matchAll(/^ *not ok \d+ - (.*)$/gm)) failures.push(what)
  return status === 0
}

let good = true
try {
  for (const [name, files] of Object.entries(suites)) good = runSuite(name, files) && good
  good = build() && checkPages() && good
  for (const { file, passed, of } of rows)
    console.log(`${String(passed).padStart(5)} of ${String(of).padStart(4)}  ${file}`)
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0)
  console.log(`${sum('passed')} of ${sum('of')} security checks passed.`)
  for (const failure of failures) console.log(`FAILED ${failure}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = good ? 0 : 1
