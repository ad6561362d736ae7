// Memory this process may still take: the machine's, its control group's, or what IMPRINT_MEMORY_LIMIT leaves it.
import fs from 'node:fs'
import os from 'node:os'
import { LensEngineError } from '../errors.js'

/** Environment variable with the most memory the process may hold: bytes, or a number with M, G, MiB or GiB. */
export const memoryLimitVariable = 'IMPRINT_MEMORY_LIMIT'

/** Where Linux tells; other systems have only their free memory. */
export interface MemoryFiles {
  readonly machine: string
  readonly group: string
  readonly process: string
}

const linuxFiles: MemoryFiles = {
  machine: '/proc/meminfo',
  group: '/sys/fs/cgroup',
  process: '/proc/self/status',
}

/** Bytes, the smallest of what the three limits leave. @throws BAD_ARGUMENT when the variable is no size */
export function availableMemory(
  environment: NodeJS.ProcessEnv = process.env,
  files: MemoryFiles = linuxFiles,
): number {
  const limit = memoryLimit(environment)
  const left = limit === null ? Infinity : Math.max(0, limit - residentMemory(files))
  return Math.min(systemAvailable(files), left)
}

/** As `availableMemory`, for a run that may use again what this process holds already. @throws as `availableMemory` */
export function memoryForRun(
  environment: NodeJS.ProcessEnv = process.env,
  files: MemoryFiles = linuxFiles,
): number {
  // Pages of mapped files count as available already; anonymous ones do not.
  const own = kilobytes(files.process, 'RssAnon') ?? process.memoryUsage().rss
  return Math.min(systemAvailable(files) + own, memoryLimit(environment) ?? Infinity)
}

const systemAvailable = (files: MemoryFiles): number =>
  Math.min(machineAvailable(files), groupAvailable(files) ?? Infinity)

const units: Readonly<Record<string, number>> = { '': 1, m: 2 ** 20, g: 2 ** 30 }

/** Bytes the variable sets; null when it is not set. @throws BAD_ARGUMENT */
export function memoryLimit(environment: NodeJS.ProcessEnv = process.env): number | null {
  const text = environment[memoryLimitVariable]?.trim()
  if (text === undefined || text === '') return null
  const match = /^(\d+(?:\.\d+)?) ?([mg]?)(?:i?b)?$/i.exec(text)
  const bytes = Number(match?.[1]) * (units[match?.[2]?.toLowerCase() ?? ''] ?? NaN)
  if (bytes > 0) return bytes
  throw new LensEngineError('BAD_ARGUMENT', `${memoryLimitVariable} is ${JSON.stringify(text)}`, {
    details: { variable: memoryLimitVariable, value: text },
    cure: 'Set it to bytes, or to a size such as 8G or 6144M.',
  })
}

/** Bytes this process could ever have: the machine's, its control group's or the variable's, the smallest. */
export function memoryCapacity(): number {
  const group = process.constrainedMemory()
  return Math.min(os.totalmem(), group > 0 ? group : Infinity, memoryLimit() ?? Infinity)
}

const residentMemory = (files: MemoryFiles): number =>
  kilobytes(files.process, 'VmRSS') ?? process.memoryUsage().rss

function machineAvailable({ machine }: MemoryFiles): number {
  return kilobytes(machine, 'MemAvailable') ?? os.freemem()
}

/** Versions 2 and 1 of control groups. Cached pages of files are given back when memory is asked for. */
const groupFiles = [
  { limit: 'memory.max', used: 'memory.current', stat: 'memory.stat', prefix: '' },
  {
    limit: 'memory/memory.limit_in_bytes',
    used: 'memory/memory.usage_in_bytes',
    stat: 'memory/memory.stat',
    prefix: 'total_',
  },
] as const

function groupAvailable({ group }: MemoryFiles): number | null {
  for (const { limit, used, stat, prefix } of groupFiles) {
    const most = Number(readText(`${group}/${limit}`) ?? NaN)
    const taken = Number(readText(`${group}/${used}`) ?? NaN)
    if (!Number.isFinite(most) || !Number.isFinite(taken)) continue
    const lines = readText(`${group}/${stat}`) ?? ''
    const cached = ['inactive_file', 'active_file'].reduce(
      (sum, name) =>
        sum + Number(new RegExp(`^${prefix}${name} (\\d+)$`, 'm').exec(lines)?.[1] ?? 0),
      0,
    )
    return Math.max(0, most - Math.max(0, taken - cached))
  }
  return null
}

/** A field of a file of lines such as `MemAvailable:  1234 kB`, in bytes. */
function kilobytes(path: string, field: string): number | null {
  const match = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readText(path) ?? '')
  return match === null ? null : Number(match[1]) * 1024
}

function readText(path: string): string | null {
  try {
    return fs.readFileSync(path, 'utf8').trim()
  } catch {
    return null
  }
}
