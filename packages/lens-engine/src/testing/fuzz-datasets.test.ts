import { describe, expect, it } from 'vitest'
import { fuzzDatasets } from './fuzz-datasets.js'

const count = 2000
const seed = 20261123

describe('the reader of data sets', () => {
  it(`${count} damaged files of seed ${seed} are read or refused with the place (npm run fuzz does 50000)`, async () => {
    const report = await fuzzDatasets(count, seed)
    expect([...report.crashes]).toEqual([])
    expect(report.accepted).toBeGreaterThan(count / 5)
    expect(report.refused.get('DATASET_INVALID')).toBeGreaterThan(count / 5)
    expect(report.refused.size).toBeGreaterThan(50)
    expect(report.slowestMilliseconds).toBeLessThan(1000)
  })
})
