import { describe, expect, it } from 'vitest'
import {
  doneShare,
  isFinal,
  isMoving,
  sayFew,
  sayNames,
  sayPace,
  sayRate,
  sayTook,
} from './evaluation-words'

const counted = { done: 60, failed: 20, total: 100, casesPerSecond: 2.5, secondsLeft: 240 }

describe('an evaluation in words', () => {
  it('counts failures as ended', () => {
    expect(doneShare(counted)).toBe(0.8)
    expect(doneShare({ ...counted, total: 0 })).toBe(0)
    expect(doneShare({ ...counted, done: 120 })).toBe(1)
  })

  it('says a pace only while it moves, and only what is known', () => {
    expect(sayPace({ ...counted, state: 'RUNNING' })).toBe('2.5 edits/s, about 4 minutes left')
    expect(sayPace({ ...counted, state: 'PAUSED' })).toBe('')
    expect(sayPace({ ...counted, state: 'RUNNING', secondsLeft: null })).toBe('2.5 edits/s')
    expect(sayPace({ ...counted, state: 'QUEUED', casesPerSecond: null, secondsLeft: null })).toBe(
      '',
    )
    expect(sayRate(0.02)).toBe('1.2 edits/min')
    expect(sayRate(0)).toBeNull()
  })

  it('knows which states end and which move', () => {
    expect((['DONE', 'FAILED', 'CANCELLED'] as const).every(isFinal)).toBe(true)
    expect((['QUEUED', 'RUNNING', 'PAUSED'] as const).some(isFinal)).toBe(false)
    expect(isMoving('PAUSED')).toBe(false)
  })

  it('tells how long it took', () => {
    const start = '2026-01-01T00:00:00Z'
    expect(sayTook(null, null, 0)).toBeNull()
    expect(sayTook(start, '2026-01-01T00:02:05Z', 0)).toBe('2 min 5 s')
    expect(sayTook(start, null, Date.parse(start) + 30_000)).toBe('30 s')
  })

  it('names a few', () => {
    expect(sayFew(['a', 'b', 'c'], 2)).toBe('a, b, +1')
    expect(sayFew(['a', 'b', 'a'], 2)).toBe('a, b')
    expect(sayNames(['a', 'b', 'a'])).toBe('a, b')
    expect(sayNames(['a', 'b', 'c', 'd'])).toBe('a, b, c, d')
    expect(sayNames(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more')
  })
})
