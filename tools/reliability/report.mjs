// Results of scenarios -> lines for a terminal and a file.
import { writeFileSync } from 'node:fs'
import os from 'node:os'

const mark = (passed) => (passed ? 'ok  ' : 'FAIL')

/** Lines of one scenario: its title, and each figure with what was found. */
export function linesOf({ id, title, seconds, checks, error }) {
  const passed = error === null && checks.every((one) => one.passed)
  const width = Math.max(0, ...checks.map(({ what }) => what.length))
  return [
    `${mark(passed)} ${id}: ${title} (${seconds.toFixed(0)} s)`,
    ...checks.map((one) => `     ${mark(one.passed)} ${one.what.padEnd(width)}  ${one.found}`),
    ...(error === null ? [] : [`     FAIL ${error}`]),
  ]
}

export const hasPassed = ({ checks, error }) => error === null && checks.every((one) => one.passed)

export function writeResults(file, results) {
  const machine = { cores: os.availableParallelism(), processor: os.cpus()[0]?.model ?? 'unknown' }
  const scenarios = results.map(({ id, title, size, seconds, checks, error }) => ({
    ...{ id, title, size, seconds: Math.round(seconds), passed: hasPassed({ checks, error }) },
    figures: Object.fromEntries(checks.map(({ what, found }) => [what, found])),
    ...(error === null ? {} : { error }),
  }))
  const node = process.version
  writeFileSync(file, `${JSON.stringify({ machine: { ...machine, node }, scenarios }, null, 2)}\n`)
}
