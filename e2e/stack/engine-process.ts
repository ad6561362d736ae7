// Finds and signals the engine's child process of the running worker, as an operating system would.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly command: string
}

function readProcRow(pid: string): ProcessRow[] {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0)
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return [{ pid: Number(pid), parent, command }]
  } catch {
    return []
  }
}

function listProcesses(): ProcessRow[] {
  if (existsSync('/proc/self/status')) {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(readProcRow)
  }
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' })
  return stdout.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)
    return found
      ? [{ pid: Number(found[1]), parent: Number(found[2]), command: found[3] ?? '' }]
      : []
  })
}

/** The engine child of the worker; null while there is none. */
export function findEngine(): number | null {
  const worker = Number(process.env['IMPRINT_E2E_WORKER_PID'])
  const child = listProcesses().find(
    ({ parent, command }) => parent === worker && command.includes('engine-child'),
  )
  return child?.pid ?? null
}

/** Waits for the engine child; after a crash the worker starts another. */
export async function waitForEngine(otherThan: number | null = null): Promise<number> {
  for (let tries = 0; tries < 300; tries += 1) {
    const pid = findEngine()
    if (pid !== null && pid !== otherThan) return pid
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The worker has no engine process.')
}

/** Holds the engine still, so that a run stays in the middle of its work. */
export const pauseEngine = (pid: number): boolean => process.kill(pid, 'SIGSTOP')
export const resumeEngine = (pid: number): boolean => process.kill(pid, 'SIGCONT')
export const killEngine = (pid: number): boolean => process.kill(pid, 'SIGKILL')
