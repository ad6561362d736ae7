// Turns the end of a step into { passed, failed, skipped, failures }.
import { existsSync, readFileSync } from 'node:fs'

const numbers = (passed, failed, skipped, failures = []) => ({ passed, failed, skipped, failures })

/** A step without tests of its own is one check. */
export function countCheck({ code }) {
  return code === 0 ? numbers(1, 0, 0) : numbers(0, 1, 0)
}

/** dependency-cruiser that sees an empty graph finds no violations either, so it has to have seen enough. */
export const fewestModules = 150

export function countWalls({ code, lines }) {
  const seen = lines.map((line) => /(\d+) modules,/.exec(line)?.[1]).find(Boolean)
  if (code === 0 && Number(seen ?? 0) < fewestModules) {
    return numbers(0, 1, 0, [`only ${seen ?? 0} modules were found, expected ${fewestModules}`])
  }
  return countCheck({ code })
}

/** Numbers of `node --test` with the TAP reporter. */
export function countNodeTests({ code, lines }) {
  const last = (word) => {
    const found = lines.findLast((line) => new RegExp(`^# ${word} \\d+$`).test(line))
    return Number(found?.split(' ')[2] ?? 0)
  }
  const failures = lines.filter((line) => /^\s*not ok /.test(line)).map((line) => line.trim())
  const counted = numbers(last('pass'), last('fail'), last('skipped') + last('todo'), failures)
  return withExitCode(counted, code)
}

/** Figures of `tools/reliability/run.mjs`: one line each. */
export function countFigures({ code, lines }) {
  const figures = (word) => lines.filter((line) => line.startsWith(`     ${word} `))
  const failures = figures('FAIL').map((line) => line.trim())
  const left = lines.filter((line) => line.startsWith('SKIP ')).length
  return withExitCode(numbers(figures('ok  ').length, failures.length, left, failures), code)
}

/** A step that ended badly without a failed test (a crash, an empty report) still counts as a failure. */
function withExitCode(counted, code) {
  const nothing = counted.passed + counted.failed + counted.skipped === 0
  if (counted.failed > 0 || (code === 0 && !nothing)) return counted
  const reason = nothing ? 'no test ran' : `it ended with status ${code}`
  return { ...counted, failed: 1, failures: [reason] }
}

function readReport(file) {
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** Numbers of vitest's JSON report. */
export function countVitest({ code, report }) {
  const read = readReport(report)
  if (read === null) return numbers(0, 1, 0, ['it left no report'])
  const failures = read.testResults.flatMap((file) => [
    ...(file.status === 'failed' && file.assertionResults.length === 0
      ? [`${file.name}: ${firstLine(file.message)}`]
      : []),
    ...file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages[0])}`),
  ])
  const skipped = read.numPendingTests + (read.numTodoTests ?? 0)
  const failed = Math.max(read.numFailedTests, failures.length)
  return withExitCode(numbers(read.numPassedTests, failed, skipped, failures), code)
}

const firstLine = (text) => (text ?? '').split('\n')[0].slice(0, 200)

function* specsOf(suite, titles = []) {
  const here = suite.title ? [...titles, suite.title] : titles
  for (const spec of suite.specs ?? [])
    yield { ...spec, fullTitle: [...here, spec.title].join(' > ') }
  for (const child of suite.suites ?? []) yield* specsOf(child, here)
}

/** Numbers of Playwright's JSON report; a test that passed on its second try is named. */
export function countPlaywright({ code, report }) {
  const read = readReport(report)
  if (read === null) return numbers(0, 1, 0, ['it left no report'])
  const { expected, unexpected, flaky, skipped } = read.stats
  const failures = read.suites
    .flatMap((suite) => [...specsOf(suite)])
    .filter((spec) => !spec.ok)
    .map((spec) => spec.fullTitle)
  const early = (read.errors ?? []).map(({ message }) => firstLine(message))
  const counted = numbers(expected + flaky, unexpected, skipped, [...failures, ...early])
  return withExitCode(counted, code)
}
