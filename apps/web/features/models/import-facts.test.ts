import { describe, expect, it } from 'vitest'
import type { ModelImportPartsFragment } from '../../graphql/generated/graphql'
import { doneShare, isUnderWay, newer, sayBytes, saySeconds, sayStage } from './import-facts'

const file = { file: 'model.safetensors', fileIndex: 2, fileCount: 3 }

describe('an import on its way', () => {
  it('says what it does, with the file and its place', () => {
    expect(sayStage({ stage: 'DOWNLOADING', ...file })).toBe(
      'downloading model.safetensors (3 of 3)',
    )
    expect(sayStage({ stage: 'VERIFYING', ...file, fileCount: 1 })).toBe(
      'comparing checksums model.safetensors',
    )
    const none = { file: null, fileIndex: null, fileCount: null }
    expect(sayStage({ stage: 'IMPORTING', ...none })).toBe('checking and converting')
  })

  it('knows its share only when both numbers are known', () => {
    expect(doneShare({ receivedBytes: 50, totalBytes: 200 })).toBe(0.25)
    expect(doneShare({ receivedBytes: 300, totalBytes: 200 })).toBe(1)
    expect(doneShare({ receivedBytes: 50, totalBytes: null })).toBeNull()
    expect(doneShare({ receivedBytes: null, totalBytes: 200 })).toBeNull()
    expect(doneShare({ receivedBytes: 0, totalBytes: 0 })).toBeNull()
  })

  it('says bytes and time in round units', () => {
    expect(sayBytes({ receivedBytes: 1_200_000, totalBytes: 548_000_000 })).toBe('1.2 MB of 548 MB')
    expect(sayBytes({ receivedBytes: 900, totalBytes: null })).toBe('900 B')
    expect(sayBytes({ receivedBytes: null, totalBytes: 5 })).toBeNull()
    expect([1, 12, 58, 90, 3_600, 5_000].map(saySeconds)).toEqual([
      'a few seconds',
      '10 seconds',
      'a minute',
      '2 minutes',
      '1 h',
      '1 h 23 min',
    ])
  })

  it('keeps the newer reading of the same import only', () => {
    const known = { id: 'a', progressVersion: 3, state: 'RUNNING' } as ModelImportPartsFragment
    expect(newer(known, { ...known, progressVersion: 4 }).progressVersion).toBe(4)
    expect(newer(known, { ...known, progressVersion: 2 })).toBe(known)
    expect(newer(known, { ...known, id: 'b', progressVersion: 9 })).toBe(known)
    expect(newer(known, undefined)).toBe(known)
    expect(isUnderWay(known)).toBe(true)
    expect(isUnderWay({ state: 'FAILED' })).toBe(false)
  })
})
