import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { test } from 'node:test'
import { countNodeTests, countPlaywright, countVitest, countWalls } from './counts.mjs'
import { printSummary } from './summary.mjs'

function reportFile(content) {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'counts-')), 'report.json')
  writeFileSync(file, JSON.stringify(content))
  return file
}

test('an empty graph of modules is a failure, not a success', () => {
  const lines = ['✔ no dependency violations found (0 modules, 0 dependencies cruised)']
  assert.equal(countWalls({ code: 0, lines }).failed, 1)
  assert.equal(countWalls({ code: 0, lines: [] }).failed, 1)
  const many = ['✔ no dependency violations found (400 modules, 900 dependencies cruised)']
  assert.deepEqual(countWalls({ code: 0, lines: many }).failed, 0)
})

test("vitest's report is counted, with the names of what failed", () => {
  const report = reportFile({
    numPassedTests: 3,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 0,
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        message: '',
        assertionResults: [
          { status: 'failed', fullName: 'adds', failureMessages: ['expected 2\nat x'] },
        ],
      },
    ],
  })
  const counted = countVitest({ code: 1, report })
  assert.deepEqual(counted, { passed: 3, failed: 1, skipped: 2, failures: ['adds: expected 2'] })
})

test('a test file that does not load is a failure', () => {
  const file = { name: 'b.test.ts', status: 'failed', message: 'no module', assertionResults: [] }
  const report = reportFile({
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 0,
    testResults: [file],
  })
  assert.equal(countVitest({ code: 1, report }).failed, 1)
})

test('a missing report and a run of no tests are failures', () => {
  assert.equal(countVitest({ code: 0, report: '/nowhere/report.json' }).failed, 1)
  const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }
  assert.equal(countPlaywright({ code: 0, report: reportFile({ stats, suites: [] }) }).failed, 1)
})

test("Playwright's report is counted through nested suites", () => {
  const report = reportFile({
    stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 1 },
    suites: [
      { title: 'a.spec.ts', suites: [{ title: 'grid', specs: [{ ok: false, title: 'x' }] }] },
    ],
  })
  const counted = countPlaywright({ code: 1, report })
  assert.equal(counted.passed, 5)
  assert.deepEqual(counted.failures, ['a.spec.ts > grid > x'])
})

test('numbers of node --test', () => {
  const lines = ['not ok 2 - y', '# pass 5', '# fail 1', '# skipped 1', '# todo 0']
  const counted = countNodeTests({ code: 1, lines })
  assert.deepEqual(counted, { passed: 5, failed: 1, skipped: 1, failures: ['not ok 2 - y'] })
})

test('the summary ends with one line of totals', () => {
  const results = [
    { id: 'build', passed: 1, failed: 0, skipped: 0, seconds: 3 },
    { id: 'e2e', passed: 4, failed: 2, skipped: 1, seconds: 75, log: '/x/e2e.log' },
  ]
  const text = printSummary({ results, browser: 'none', seconds: 78 })
  assert.equal(text.split('\n').at(-1), '5 passed, 2 failed, 1 skipped')
  assert.match(text, /1 min 15 s/)
})
