// Names of worker processes: machine, process id, and the space in which that id means a process.
import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import os from 'node:os'

/** Empty where the system does not tell, as outside of Linux. */
function told(read: () => string): string {
  try {
    return read().trim()
  } catch {
    return ''
  }
}

/**
 * Where a process id can be asked about: this boot of this machine, in this namespace. Containers may share a host name,
 * and then a process of one is unknown to the other though it lives.
 */
const space = createHash('sha256')
  .update(told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')))
  .update(told(() => readlinkSync('/proc/self/ns/pid')))
  .digest('hex')
  .slice(0, 8)

/** A new name for this process, `<machine>:<process id>:<space>-<random>`. */
export function newWorkerId(): string {
  return `${os.hostname()}:${process.pid}:${space}-${randomUUID().slice(0, 8)}`
}

function isGone(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** Whether a worker was a process of this machine and is no more; false for what cannot be known from here. */
export function isDeadHere(workerId: string): boolean {
  const [, machine, processId, place] = /^(.+):(\d+):([0-9a-f]{8})-/.exec(workerId) ?? []
  return machine === os.hostname() && place === space && isGone(Number(processId))
}
