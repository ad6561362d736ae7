// The one summary at the end of `npm test`.
import path from 'node:path'
import { root } from './steps.mjs'

/** Seconds as people read them. */
export function duration(seconds) {
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${String(Math.round(seconds % 60)).padStart(2, '0')} s`
}

function row([step, passed, failed, skipped, time, note], width) {
  const cells = [passed, failed, skipped].map((cell) => String(cell).padStart(8))
  return `${step.padEnd(width)}${cells.join('')}${time.padStart(14)}${note ? `   ${note}` : ''}`
}

function noteOf({ failed, note, log }) {
  if (note) return note
  return failed > 0 && log ? path.relative(root, log) : ''
}

/** Adds the rows up. */
export function total(results) {
  const sum = (name) => results.reduce((count, result) => count + result[name], 0)
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }
}

/**
 * Prints the table and, alone on the last line, `N passed, N failed, N skipped`.
 * @returns {string}
 */
export function printSummary({ results, browser, seconds }) {
  const width = Math.max(...results.map(({ id }) => id.length), 'step'.length) + 2
  const head = row(['step', 'passed', 'failed', 'skipped', 'time', ''], width)
  const sums = total(results)
  return [
    '',
    head,
    '-'.repeat(head.length),
    ...results.map((result) =>
      row(
        [
          result.id,
          result.passed,
          result.failed,
          result.skipped,
          duration(result.seconds),
          noteOf(result),
        ],
        width,
      ),
    ),
    '-'.repeat(head.length),
    `browser: ${browser}`,
    `time: ${duration(seconds)}`,
    `${sums.passed} passed, ${sums.failed} failed, ${sums.skipped} skipped`,
  ].join('\n')
}
