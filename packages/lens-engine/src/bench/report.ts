// Measurements -> the table printed at the end and the JSON kept for comparison.
import { cpus, totalmem } from 'node:os'
import type { Measurement } from './measurement.js'
import type { Scenario } from './scenarios.js'

export interface Row {
  readonly scenario: Scenario
  readonly measurement: Measurement
}

export interface Report {
  readonly date: string
  readonly machine: {
    readonly processor: string
    readonly cores: number
    readonly memoryBytes: number
    readonly node: string
  }
  readonly threads: number
  readonly weightsBytes: number
  readonly rows: readonly {
    readonly name: string
    readonly positions: number
    readonly measurement: Measurement
    readonly limits: Readonly<Record<string, number>>
    readonly kept: boolean
  }[]
}

const milliseconds = (value: number): string => value.toFixed(0)
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0)

/** Upper bounds of a scenario in the units they are measured in. */
function boundsOf({ limits }: Scenario, weightsBytes: number): Record<string, number> {
  const { loadMilliseconds, medianMilliseconds, memoryBeyondWeights } = limits
  return {
    ...(loadMilliseconds === undefined ? {} : { loadMilliseconds }),
    ...(medianMilliseconds === undefined ? {} : { medianMilliseconds }),
    ...(memoryBeyondWeights === undefined
      ? {}
      : { peakBytes: Math.round(1.3 * weightsBytes + memoryBeyondWeights) }),
  }
}

function isKept(measurement: Measurement, bounds: Readonly<Record<string, number>>): boolean {
  const found: Readonly<Record<string, number>> = {
    loadMilliseconds: measurement.loadMilliseconds,
    medianMilliseconds: measurement.milliseconds.median,
    peakBytes: measurement.peakBytes,
  }
  return Object.entries(bounds).every(([name, bound]) => (found[name] as number) <= bound)
}

export function makeReport(rows: readonly Row[], threads: number, weightsBytes: number): Report {
  return {
    date: new Date().toISOString(),
    machine: {
      processor: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      node: process.version,
    },
    threads,
    weightsBytes,
    rows: rows.map(({ scenario, measurement }) => {
      const limits = boundsOf(scenario, weightsBytes)
      const { name, positions } = scenario
      return { name, positions, measurement, limits, kept: isKept(measurement, limits) }
    }),
  }
}

const heading = [
  'what',
  'tokens',
  'min',
  'median',
  'max',
  'limit',
  'prototype',
  'load',
  'limit',
  'peak MB',
  'limit',
  '',
  'GFLOP/s',
  'GB/s',
]

/** Times in milliseconds after load; the last two columns say how fast the machine was during that row. */
export function formatTable(report: Report, scenarios: readonly Scenario[]): string {
  const rows = report.rows.map(({ name, positions, measurement, limits, kept }, index) => [
    name,
    String(positions),
    milliseconds(measurement.milliseconds.min),
    milliseconds(measurement.milliseconds.median),
    milliseconds(measurement.milliseconds.max),
    limits['medianMilliseconds'] === undefined ? '' : milliseconds(limits['medianMilliseconds']),
    scenarios[index]?.prototype ?? '',
    milliseconds(measurement.loadMilliseconds),
    limits['loadMilliseconds'] === undefined ? '' : milliseconds(limits['loadMilliseconds']),
    megabytes(measurement.peakBytes),
    limits['peakBytes'] === undefined ? '' : megabytes(limits['peakBytes']),
    Object.keys(limits).length === 0 ? '' : kept ? 'kept' : 'MISSED',
    measurement.machine.gigaflops.toFixed(0),
    measurement.machine.gigabytesPerSecond.toFixed(1),
  ])
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] as string).length)),
  )
  return [heading, ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
