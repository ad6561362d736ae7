// Runs one step of `npm test` in a process group of its own and keeps its output.
import { createWriteStream, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { root } from './steps.mjs'

export const logDirectory = path.join(root, '.imprint', 'test')

/** Output without colours, telemetry or questions. */
const quietEnvironment = {
  CI: 'true',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
  TURBO_TELEMETRY_DISABLED: '1',
  NEXT_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
}

const ansi = new RegExp(String.raw`\u001b\[[0-9;]*[A-Za-z]`, 'g')

/**
 * Runs a step to its end or its time limit.
 * @returns {Promise<{ passed: number, failed: number, skipped: number, failures: string[], seconds: number, lines: string[], log: string }>}
 */
export async function runStep(step, { group, environment }) {
  mkdirSync(logDirectory, { recursive: true })
  const log = path.join(logDirectory, `${step.id}.log`)
  const report = path.join(logDirectory, `${step.id}.json`)
  rmSync(report, { force: true })
  const file = createWriteStream(log)
  const lines = []
  const onLine = (raw) => {
    const line = raw.replace(ansi, '')
    lines.push(line)
    file.write(`${line}\n`)
  }
  const started = Date.now()
  const program = group.start(step.id, process.execPath, step.words(report), {
    cwd: path.join(root, step.cwd),
    env: { ...quietEnvironment, PLAYWRIGHT_JSON_OUTPUT_FILE: report, ...environment },
    onLine,
  })
  let late = false
  const limit = setTimeout(() => {
    late = true
    void program.stop()
  }, step.minutes * 60_000)
  const { code, error } = await program.ended
  clearTimeout(limit)
  await program.stop()
  file.end()
  const counted = step.count({ code: code ?? 1, lines, report })
  const failures = [...counted.failures]
  if (late) failures.push(`given up after ${step.minutes} minutes`)
  if (error) failures.push(error.message)
  const failed = late ? Math.max(1, counted.failed) : counted.failed
  return { ...counted, failed, failures, seconds: (Date.now() - started) / 1000, lines, log }
}
