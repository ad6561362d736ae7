// What a measuring process reports, and how samples are summarised.
import { readFileSync } from 'node:fs'
import type { MachineProbe } from '../testing/machine-probe.js'

export interface Summary {
  readonly min: number
  readonly median: number
  readonly max: number
}

export interface Measurement {
  /** Configuration, weight header and session: until the first run can start. */
  readonly loadMilliseconds: number
  /** The first run, which also pages the weights in. */
  readonly firstMilliseconds: number
  readonly milliseconds: Summary
  readonly runs: number
  readonly peakBytes: number
  /** Part of the peak that is anonymous memory; the rest is the weight file, shared with other processes. */
  readonly anonymousBytes: number
  /** Resident after the last run with every page counted once; sessions of one process map the same weights. */
  readonly distinctBytes: number
  /** How fast the machine was just afterwards: other work on it slows everything down. */
  readonly machine: MachineProbe
}

export function summarize(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (share: number): number => {
    const place = share * (sorted.length - 1)
    const [low, high] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number]
    return low + (high - low) * (place - Math.floor(place))
  }
  return { min: at(0), median: at(0.5), max: at(1) }
}

const memoryFields = {
  peak: { file: '/proc/self/status', field: 'VmHWM' },
  anonymous: { file: '/proc/self/status', field: 'RssAnon' },
  distinct: { file: '/proc/self/smaps_rollup', field: 'Pss' },
} as const

/** A size of this process as Linux reports it; elsewhere the operating system's own peak. */
export function memoryBytes(kind: keyof typeof memoryFields): number {
  const { file, field } = memoryFields[kind]
  try {
    const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'))
    return Number(kilobytes?.[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
