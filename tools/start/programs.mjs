// The programs that keep running: API, worker, web. Each writes its own log; the first that ends ends all.
import { createWriteStream, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { root } from './settings.mjs'

const keptLines = 20
const patience = 60_000

function nextCommand() {
  return createRequire(path.join(root, 'apps/web/package.json')).resolve('next/dist/bin/next')
}

/** Starts one program; `died` rejects with its name and the end of its log when it ends by itself. */
export function startProgram(group, settings, { name, script, words = [], cwd = root, env }) {
  const logs = path.join(settings.home, 'logs')
  mkdirSync(logs, { recursive: true })
  const file = path.join(logs, `${name}.log`)
  const log = createWriteStream(file, { flags: 'w', mode: 0o600 })
  const tail = []
  const watch = pathToFileURL(path.join(root, 'tools/start/parent-watch.mjs')).href
  const program = group.start(name, process.execPath, ['--import', watch, script, ...words], {
    cwd,
    env: { ...env, IMPRINT_STARTED_BY: String(process.pid) },
    onLine: (line) => {
      log.write(`${line}\n`)
      tail.push(line)
      if (tail.length > keptLines) tail.shift()
      if (settings.verbose) process.stdout.write(`${name.padEnd(6)} | ${line}\n`)
    },
  })
  const died = program.ended.then(({ code, signal, error }) => {
    const how = error?.message ?? (signal === null ? `exit code ${code}` : `signal ${signal}`)
    throw new Error(
      `The ${name} process ended by itself (${how}). End of ${file}:\n${tail.join('\n')}`,
    )
  })
  died.catch(() => {})
  return { name, pid: program.pid, died }
}

export function programsOf(settings, databaseUrl) {
  const env = {
    DATABASE_URL: databaseUrl,
    IMPRINT_HOME: settings.home,
    IMPRINT_API_PORT: String(settings.apiPort),
    IMPRINT_WEB_PORT: String(settings.webPort),
    IMPRINT_API_URL: `http://127.0.0.1:${settings.apiPort}`,
    NEXT_TELEMETRY_DISABLED: '1',
  }
  const dist = path.join(root, 'apps/api/dist')
  const web = ['start', '--port', String(settings.webPort), '--hostname', '127.0.0.1']
  return [
    { name: 'api', script: path.join(dist, 'main.js'), env },
    { name: 'worker', script: path.join(dist, 'worker-main.js'), env },
    { name: 'web', script: nextCommand(), words: web, cwd: path.join(root, 'apps/web'), env },
  ]
}

async function answersWell(url, accept) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    return await accept(response)
  } catch {
    return false
  }
}

/** Waits until the API, a worker and the pages answer, or one of the programs ends. */
export async function waitUntilReady(settings, programs) {
  const api = `http://127.0.0.1:${settings.apiPort}/readyz`
  const checks = [
    () => answersWell(api, async (response) => response.ok && (await response.json()).workers > 0),
    () =>
      answersWell(
        `http://127.0.0.1:${settings.webPort}/`,
        async (response) => response.status < 500,
      ),
  ]
  const allReady = async () => {
    const deadline = Date.now() + patience
    for (const check of checks) {
      while (!(await check())) {
        if (Date.now() > deadline)
          throw new Error(
            `Not everything answered within ${patience / 1000} s; see ${settings.home}/logs.`,
          )
        await sleep(100)
      }
    }
  }
  await Promise.race([allReady(), ...programs.map((program) => program.died)])
}
