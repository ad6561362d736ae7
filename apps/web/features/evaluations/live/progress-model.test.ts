import { describe, expect, it } from 'vitest'
import {
  axisOf,
  hasEnded,
  indexPartials,
  newerProgress,
  partialOf,
  placeOn,
  shownMetrics,
  showSpread,
  type Metric,
  type Partial,
} from './progress-model'

const at = (evaluationId: string, version: number) => ({ evaluationId, version })
const metric = (name: string, change: object = {}): Metric => ({
  name,
  label: name,
  description: '',
  scale: 100,
  binary: true,
  better: 'HIGHER',
  unit: '%',
  ...change,
})
const partial = (armId: string, name: string, mean: number | null, half = 10): Partial => ({
  armId,
  metric: name,
  n: 10,
  mean,
  low: mean === null ? null : mean - half,
  high: mean === null ? null : mean + half,
})

describe('progress that comes in', () => {
  it('never goes back', () => {
    expect(newerProgress(at('a', 4), at('a', 3)).version).toBe(4)
    expect(newerProgress(at('a', 4), at('a', 5)).version).toBe(5)
    expect(newerProgress(at('a', 4), at('b', 9)).evaluationId).toBe('a')
    expect(newerProgress(at('a', 4), null).version).toBe(4)
  })

  it('ends once', () => {
    expect(hasEnded('RUNNING', 'DONE')).toBe(true)
    expect(hasEnded('DONE', 'DONE')).toBe(false)
    expect(hasEnded('PAUSED', 'RUNNING')).toBe(false)
  })
})

describe('metrics so far', () => {
  const partials = [partial('x', 'ES', 85), partial('y', 'ES', 40), partial('x', 'GE', null)]

  it('are found by arm and metric', () => {
    const index = indexPartials(partials)
    expect(partialOf(index, 'y', 'ES')?.mean).toBe(40)
    expect(partialOf(index, 'y', 'GE')).toBeNull()
  })

  it('show the columns that have numbers, all while there are none', () => {
    const metrics = [metric('ES'), metric('GE')]
    expect(shownMetrics(metrics, partials).map(({ name }) => name)).toEqual(['ES'])
    expect(shownMetrics(metrics, [])).toHaveLength(2)
  })

  it('stand on an axis that holds every interval', () => {
    expect(axisOf(metric('ES'), partials)).toEqual({ from: 0, to: 100 })
    const loss = metric('KL', { scale: 1, unit: 'nats' })
    expect(axisOf(loss, [partial('x', 'KL', 2, 0.5)])).toEqual({ from: 0, to: 2.5 })
    expect(axisOf(loss, [])).toEqual({ from: 0, to: 1 })
    const gap = metric('EM')
    expect(axisOf(gap, [partial('x', 'EM', -20, 10)])).toMatchObject({ to: 0 })
    expect(placeOn({ from: 0, to: 50 }, 25)).toBe(50)
    expect(placeOn({ from: 0, to: 50 }, 80)).toBe(100)
  })

  it('says ± only of an interval that reaches as far both ways', () => {
    const shown = (mean: number | null, low: number | null, high: number | null) =>
      showSpread({ mean, low, high }, (value) => value.toFixed(1))
    expect(shown(50, 46, 54)).toBe('±4.0')
    // Wilson's interval of 10 of 10, and of 48 of 100.
    expect(shown(100, 72.25, 100)).toBe('72.3–100.0')
    expect(shown(48, 38.46, 57.68)).toBe('±9.6')
    expect(shown(null, null, null)).toBe('')
  })
})
