import { describe, expect, it } from 'vitest'
import {
  chartInHash,
  densityName,
  placeOfChart,
  relationsName,
  spreadName,
  tradeName,
} from './chart-names'
import type { Comparison } from './comparison-model'
import { sampleArm, sampleComparison } from './testing'

const ES = { name: 'ES' }
const KL = { name: 'KL' }

function withLabels(...labels: readonly string[]): Comparison {
  const arms = labels.map((label, index) => ({ ...sampleArm(`a${index}`), label }))
  return { ...sampleComparison(), arms }
}

describe('the name of a chart of two methods', () => {
  it('is their labels where these are short, as older comments know it', () => {
    expect(densityName(ES, ['rome', 'ft'])).toBe('cases by ES: rome against ft')
  })

  it('is what the API takes however long the labels are, and differs as they do', () => {
    const long = (end: string) => '𝑚'.repeat(49) + end
    const names = [
      densityName(ES, [long('a'), long('b')]),
      densityName(ES, [long('b'), long('a')]),
      densityName(KL, [long('a'), long('b')]),
      densityName(ES, ['ft', `${long('a')} · a model · ${'an evaluation'.repeat(20)}`]),
    ]
    for (const name of names) {
      expect(name.length).toBeLessThanOrEqual(100)
      // No half of a pair of surrogates.
      expect(encodeURIComponent(name)).not.toBe('')
    }
    expect(new Set(names).size).toBe(names.length)
    expect(names[3]).toContain('ft against ')
  })
})

describe('the place of a chart', () => {
  const comparison = sampleComparison()
  const placeOf = (chart: string, of = comparison) => placeOfChart(of, chart)

  it('is found by its name, whatever is shown now', () => {
    expect(placeOf(tradeName(KL, ES))).toEqual({ x: 'KL', y: 'ES' })
    expect(placeOf(tradeName({ name: 'S' }, ES))).toEqual({ x: 'S', y: 'ES' })
    expect(placeOf(relationsName(KL))).toEqual({ metric: 'KL' })
    expect(placeOf(spreadName(KL))).toEqual({ metric: 'KL', spread: 'distributions' })
    expect(placeOf(densityName(ES, ['ft', 'memit']))).toEqual({
      metric: 'ES',
      spread: 'density',
      densityArms: ['ft', 'memit'],
    })
  })

  it('is found for methods of long names, and of names that look like two', () => {
    const long = withLabels('m'.repeat(100), `${'m'.repeat(99)}n`, 'a against b', 'b')
    for (const [first, second] of [
      [0, 1],
      [1, 0],
      [2, 0],
      [2, 3],
    ] as const) {
      const labels = [long.arms[first]!.label, long.arms[second]!.label] as const
      expect(placeOf(densityName(KL, labels), long)).toMatchObject({
        densityArms: [`a${first}`, `a${second}`],
      })
    }
  })

  it('is none for what is no chart of it', () => {
    for (const chart of ['', 'comment-7', 'ES', 'PS by relation', 'cases by S', 'cases by ES: a'])
      expect(placeOf(chart)).toBeNull()
  })
})

it('an address names a chart in its hash', () => {
  expect(chartInHash(`#${encodeURIComponent('ES against KL')}`)).toBe('ES against KL')
  expect(chartInHash('')).toBeNull()
  expect(chartInHash('#')).toBeNull()
  expect(chartInHash('#100%')).toBeNull()
})
