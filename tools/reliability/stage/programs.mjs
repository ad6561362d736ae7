// API and worker as real processes of the built program, which tests end, freeze and start again.
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { createInterface } from 'node:readline'
import { root } from './root.mjs'

const watch = pathToFileURL(path.join(root, 'tools/start/parent-watch.mjs')).href
const keptLines = 20_000
const patience = 60_000

/** Every process started here and not gone yet. */
const alive = new Set()
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL')
})

function parse(line) {
  try {
    return JSON.parse(line)
  } catch {
    return { msg: line }
  }
}

/** Runs a program of apps/api/dist; `wrapper` are words before it, such as those of `prlimit`. */
export function startProgram(script, env, wrapper = []) {
  const words = [...wrapper, process.execPath, '--import', watch]
  const child = spawn(words[0], [...words.slice(1), path.join(root, 'apps/api/dist', script)], {
    cwd: root,
    env: { ...process.env, IMPRINT_STARTED_BY: String(process.pid), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  alive.add(child)
  const lines = []
  const keep = (line) => {
    lines.push(parse(line))
    if (lines.length > keptLines) lines.shift()
  }
  createInterface({ input: child.stdout }).on('line', keep)
  createInterface({ input: child.stderr }).on('line', keep)
  const program = { pid: child.pid, lines, ended: null, kill: (signal) => child.kill(signal) }
  program.gone = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      alive.delete(child)
      program.ended = { code, signal, at: Date.now() }
      resolve(program.ended)
    })
  })
  return program
}

export const saw = (program, text) => program.lines.some(({ msg }) => msg?.includes(text))

/** The end of a log, for the message of a failure. */
export function tailOf(program, count = 8) {
  return program.lines
    .slice(-count)
    .map((line) => JSON.stringify(line))
    .join('\n')
}

export async function until(question, what, milliseconds = patience) {
  const deadline = Date.now() + milliseconds
  for (;;) {
    const answer = await question()
    if (answer) return answer
    if (Date.now() > deadline) throw new Error(`${what}: not within ${milliseconds / 1000} s`)
    await sleep(20)
  }
}

export async function startWorker(env, { wrapper, wait = true } = {}) {
  const worker = startProgram('worker-main.js', env, wrapper)
  if (!wait) return worker
  const ready = () => {
    if (worker.ended !== null) throw new Error(`the worker ended:\n${tailOf(worker)}`)
    return saw(worker, 'worker ready')
  }
  await until(ready, 'a worker is ready')
  return worker
}

export async function startApi(env) {
  const api = startProgram('main.js', env)
  const url = `http://127.0.0.1:${env.IMPRINT_API_PORT}`
  const ready = async () => {
    if (api.ended !== null) throw new Error(`the API ended:\n${tailOf(api)}`)
    return fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    )
  }
  await until(ready, 'the API answers')
  return { ...api, url, process: api }
}

/** Sends SIGKILL and waits until the process is gone. Its engine notices by itself. */
export async function killNow(program) {
  program.kill('SIGKILL')
  await program.gone
}

/** SIGTERM, and SIGKILL for one that does not listen. */
export async function stopPolitely(program, milliseconds = 15_000) {
  if (program.ended !== null) return
  program.kill('SIGCONT')
  program.kill('SIGTERM')
  const late = setTimeout(() => program.kill('SIGKILL'), milliseconds)
  await program.gone
  clearTimeout(late)
}

/** Process ids of the engines that a worker started. */
export function enginesOf(pid) {
  const textOf = (file) => {
    try {
      return readFileSync(file, 'utf8')
    } catch {
      return ''
    }
  }
  const threads = readdirSync(`/proc/${pid}/task`)
  return threads
    .flatMap((thread) => textOf(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean))
    .map(Number)
    .filter((child) => textOf(`/proc/${child}/cmdline`).includes('engine-child'))
}
