// Programs that do one thing and end: build, migrate, seed. They end with Ctrl-C like everything else.
import path from 'node:path'
import { root } from './settings.mjs'

const keptLines = 40

/** Runs a program of this repository with the Node that runs now; throws the end of its output when it fails. */
export async function runToEnd(group, name, script, words, { env = {}, onLine } = {}) {
  const lines = []
  const program = group.start(name, process.execPath, [script, ...words], {
    cwd: root,
    env,
    onLine: (line) => {
      lines.push(line)
      onLine?.(line)
    },
  })
  const { code, signal, error } = await program.ended
  if (code === 0) return lines
  const how = error?.message ?? (signal === null ? `exit code ${code}` : `signal ${signal}`)
  throw new Error(`${name} failed (${how}):\n${lines.slice(-keptLines).join('\n')}`)
}

/** turbo skips every package whose sources did not change. */
export async function build(group, report) {
  const turbo = path.join(root, 'node_modules', 'turbo', 'bin', 'turbo')
  const lines = await runToEnd(
    group,
    'the build',
    turbo,
    ['run', 'build', '--output-logs=new-only'],
    {
      env: {
        TURBO_TELEMETRY_DISABLED: '1',
        NEXT_TELEMETRY_DISABLED: '1',
        DO_NOT_TRACK: '1',
        CI: '1',
      },
      onLine: (line) => {
        const started = /^(@imprint\/[a-z-]+):build: cache (miss|hit)/.exec(line)
        if (started?.[2] === 'miss') report(`building ${started[1]}`)
      },
    },
  )
  return lines.some((line) => line.includes('FULL TURBO')) ? 'nothing changed' : 'built'
}

export async function seed(group, env) {
  const lines = await runToEnd(
    group,
    'the demo project',
    path.join(root, 'apps/api/dist/seed-main.js'),
    [],
    { env },
  )
  return lines.findLast((line) => !line.startsWith('{')) ?? ''
}
