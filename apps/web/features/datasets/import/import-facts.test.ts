import { describe, expect, it } from 'vitest'
import type { DatasetImportPartsFragment } from '../../../graphql/generated/graphql'
import {
  doneShare,
  nameOfSource,
  newerImport,
  rateOf,
  sayTransfer,
  withReading,
  type Reading,
} from './import-facts'

const reading = (at: number, bytes: number): Reading => ({ at, bytes })
const at = (id: string, version: number) => ({ id, version }) as DatasetImportPartsFragment

describe('an import on its way', () => {
  it('takes the rate from the last seconds only', () => {
    let readings: readonly Reading[] = []
    for (const [time, bytes] of [
      [0, 0],
      [1000, 9_000_000],
      [6000, 10_000_000],
      [7000, 11_000_000],
    ] as const)
      readings = withReading(readings, reading(time, bytes))
    expect(readings.map(({ at }) => at)).toEqual([6000, 7000])
    expect(rateOf(readings)).toBe(1_000_000)
    expect(rateOf([reading(0, 5)])).toBeNull()
    expect(rateOf([])).toBeNull()
  })

  it('starts over when the bytes fall: another attempt', () => {
    expect(withReading([reading(0, 50)], reading(300, 10))).toEqual([reading(300, 10)])
  })

  it('never goes back to an older reading, or to that of another import', () => {
    expect(newerImport(at('a', 3), at('a', 2)).version).toBe(3)
    expect(newerImport(at('a', 3), at('b', 9)).id).toBe('a')
    expect(newerImport(at('a', 3), at('a', 4)).version).toBe(4)
    expect(newerImport(at('a', 3), undefined).version).toBe(3)
  })

  it('says what is known and nothing else', () => {
    expect(sayTransfer(12e6, 45e6, 3.1e6, 10)).toBe(
      '12 MB of 45 MB · 3.1 MB/s · about 10 seconds left',
    )
    expect(sayTransfer(12e6, null, null, null)).toBe('12 MB')
    expect(doneShare({ receivedBytes: 5, totalBytes: null })).toBeNull()
    expect(doneShare({ receivedBytes: 9, totalBytes: 6 })).toBe(1)
  })

  it('names a data set after its file', () => {
    expect(nameOfSource('/data/counterfact.json')).toBe('counterfact')
    expect(nameOfSource('https://host/a/zsre_eval.jsonl.gz?x=1')).toBe('zsre_eval')
    expect(nameOfSource('C:\\data\\my set.csv')).toBe('my set')
    expect(nameOfSource('')).toBe('')
  })
})
