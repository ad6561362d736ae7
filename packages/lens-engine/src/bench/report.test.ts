import { expect, test } from 'vitest'
import { memoryBytes, summarize, type Measurement } from './measurement.js'
import { formatTable, makeReport } from './report.js'
import { makeScenarios, type Scenario } from './scenarios.js'

const measurement: Measurement = {
  loadMilliseconds: 400,
  firstMilliseconds: 300,
  milliseconds: summarize([170, 160, 180]),
  runs: 3,
  peakBytes: 8e8,
  anonymousBytes: 3e8,
  distinctBytes: 7e8,
  machine: { gigaflops: 200, gigabytesPerSecond: 15 },
}

const scenario: Scenario = {
  name: 'two MLP factors',
  positions: 10,
  work: 'lens',
  settings: {},
  runs: 3,
  limits: { loadMilliseconds: 600, medianMilliseconds: 190, memoryBeyondWeights: 3e8 },
}

test('the median of an even number of samples lies between the middle two', () => {
  expect(summarize([4, 1, 3, 2])).toEqual({ min: 1, median: 2.5, max: 4 })
  expect(summarize([7])).toEqual({ min: 7, median: 7, max: 7 })
})

test('limits of memory grow with the weights, and a missed limit is named', () => {
  const weights = 5e8
  const kept = makeReport([{ scenario, measurement }], 2, weights)
  expect(kept.rows[0]).toMatchObject({ kept: true, limits: { peakBytes: 9.5e8 } })
  const slow = { ...measurement, milliseconds: summarize([200]) }
  const missed = makeReport([{ scenario, measurement: slow }], 2, weights)
  expect(missed.rows[0]?.kept).toBe(false)
  expect(formatTable(missed, [scenario])).toContain('MISSED')
})

test('the columns of the table are aligned', () => {
  const report = makeReport([{ scenario, measurement }], 2, 5e8)
  const [heading, row] = formatTable(report, [scenario]).split('\n')
  expect(row?.indexOf('170')).toBe((heading?.indexOf('median') ?? NaN) + 'median'.length - 3)
})

test('every limit of the plan is measured', () => {
  const limited = makeScenarios(false).filter(({ limits }) => Object.keys(limits).length > 0)
  expect(limited.map(({ positions }) => positions)).toEqual([10, 10, 200])
  expect(makeScenarios(false).every(({ runs, positions }) => runs >= 10 || positions > 50)).toBe(
    true,
  )
})

test.each(['peak', 'anonymous', 'distinct'] as const)('this process has a size: %s', (kind) => {
  expect(memoryBytes(kind)).toBeGreaterThan(1e7)
})
