// <home>/running.json: where a running Imprint answers, and its processes.
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const fileIn = (home) => path.join(home, 'running.json')

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** What runs on this home directory already; null when nothing does. */
export function findRunningStart(home) {
  if (!existsSync(fileIn(home))) return null
  try {
    const running = JSON.parse(readFileSync(fileIn(home), 'utf8'))
    return isAlive(running.pids.start) ? running : null
  } catch {
    return null
  }
}

export function writeRunning(home, running) {
  const temporary = `${fileIn(home)}.partial`
  writeFileSync(temporary, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, fileIn(home))
}

export function removeRunning(home) {
  rmSync(fileIn(home), { force: true })
}
