// Memory of another process and the kernel's count of processes it killed for want of memory.
import { readFileSync } from 'node:fs'

const PAGE_BYTES = 4096

/** Resident bytes of a process; null where the system does not tell. */
export function residentBytes(processId: number): number | null {
  const pages = Number(read(`/proc/${processId}/statm`)?.split(' ')[1])
  return Number.isFinite(pages) ? pages * PAGE_BYTES : null
}

/** Processes the kernel has killed for want of memory since it started; null where it does not count. */
export function countKernelKills(): number | null {
  const count = /^oom_kill (\d+)$/m.exec(read('/proc/vmstat') ?? '')?.[1]
  return count === undefined ? null : Number(count)
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
