// Starts programs that end when this one ends: each in a process group of its own, so its children end with it.
import { spawn, spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

const windows = process.platform === 'win32'
const endings = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }

/** Sends a signal to a program and everything it started. */
function signalGroup(pid, signal) {
  if (windows) {
    spawnSync('taskkill', ['/PID', String(pid), '/T', '/F'])
    return
  }
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** Whether any process of the group is left. */
function groupIsAlive(pid) {
  if (windows) return false
  try {
    process.kill(-pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Calls back for every whole line of a stream. */
function readLines(stream, onLine) {
  let rest = ''
  stream.setEncoding('utf8')
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split(/\r?\n/)
    rest = lines.pop() ?? ''
    lines.forEach(onLine)
  })
  stream.on('end', () => rest !== '' && onLine(rest))
}

function launch(name, command, words, { env = {}, cwd, onLine = () => {} }) {
  const child = spawn(command, words, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: !windows,
  })
  readLines(child.stdout, onLine)
  readLines(child.stderr, onLine)
  const ended = new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, signal: null, error }))
    child.once('close', (code, signal) => resolve({ code, signal, error: null }))
  })
  return { name, child, pid: child.pid, ended }
}

/** Ends one program: politely, and by force when the grace has passed. */
async function stop({ pid, child }, grace) {
  if (pid === undefined) return
  if (child.exitCode === null && child.signalCode === null) signalGroup(pid, 'SIGTERM')
  for (let waited = 0; waited < grace && groupIsAlive(pid); waited += 50) await sleep(50)
  if (groupIsAlive(pid)) signalGroup(pid, 'SIGKILL')
}

/**
 * A set of programs that are ended together, in the reverse order of their start.
 * With `ownSignals` Ctrl-C, SIGTERM and SIGHUP end them and then this process; `beforeExit` runs in between.
 */
export function createProcessGroup({ grace = 10_000, ownSignals = true, beforeExit } = {}) {
  const running = new Set()
  let stopping = null

  const stopAll = async () => {
    for (const program of [...running].reverse()) await stop(program, grace)
  }
  const start = (name, command, words, options = {}) => {
    const program = launch(name, command, words, options)
    running.add(program)
    void program.ended.then(() => {
      if (program.pid === undefined || !groupIsAlive(program.pid)) running.delete(program)
    })
    return { ...program, stop: () => stop(program, grace) }
  }
  if (ownSignals) {
    for (const [signal, code] of Object.entries(endings)) {
      process.on(signal, () => {
        stopping ??= stopAll()
          .then(() => beforeExit?.(signal))
          .finally(() => process.exit(code))
      })
    }
    process.on('exit', () => {
      for (const { pid } of running) if (pid !== undefined) signalGroup(pid, 'SIGKILL')
    })
  }
  return { start, stopAll, isStopping: () => stopping !== null }
}
