#!/usr/bin/env node
// `npm run test:security`: the security suite of the API, file by file, and how many checks of each passed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const api = fileURLToPath(new URL('../../apps/api', import.meta.url))
const files = [
  'src/security',
  'src/access',
  'src/features/account',
  'src/graphql-guard.test.ts',
  'src/server.test.ts',
  'src/subscriptions.test.ts',
]
const folder = mkdtempSync(path.join(os.tmpdir(), 'imprint-security-'))
const report = path.join(folder, 'report.json')
const words = ['vitest', 'run', ...files, '--reporter=json', `--outputFile=${report}`]
const { status } = spawnSync('npx', words, { cwd: api, stdio: ['ignore', 'ignore', 'inherit'] })
try {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const rows = testResults.map(({ name, assertionResults }) => {
    const passed = assertionResults.filter((one) => one.status === 'passed').length
    return { file: path.relative(api, name), passed, of: assertionResults.length }
  })
  for (const { file, passed, of } of rows)
    console.log(`${String(passed).padStart(5)} of ${String(of).padStart(4)}  ${file}`)
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0)
  console.log(`${sum('passed')} of ${sum('of')} security checks passed.`)
  for (const { assertionResults } of testResults)
    for (const one of assertionResults)
      if (one.status === 'failed')
        console.log(`FAILED ${one.fullName}\n  ${one.failureMessages[0]?.split('\n')[0] ?? ''}`)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
process.exitCode = status ?? 1
