import { describe, expect, it } from 'vitest'
import { buildGrid, endLabels, endOf, maskReason, strongestCell } from './grid-model'
import { DEFAULT_VIEW, type LensView } from './lens-view'
import { sampleGrid, sampleRun } from './testing'

const grid = (view: Partial<LensView> = {}, change = {}) =>
  buildGrid({ kind: 'matrix', grid: sampleGrid(3, 4, change) }, sampleRun(3, 4), {
    ...DEFAULT_VIEW,
    ...view,
  })

describe('the direction of an update', () => {
  it('writes the bottom end of a VJP, because the gradient is subtracted', () => {
    expect(endOf('written', 'MLP_DOWN', 'update')).toBe('bottom')
    expect(endOf('removed', 'ATTENTION_OUTPUT', 'update')).toBe('top')
    expect(endOf('written', 'MLP_DOWN', 'raw')).toBe('top')
  })

  it('reads inputs and hidden states from the top', () => {
    expect(endOf('written', 'MLP_UP', 'update')).toBe('top')
    expect(endOf('written', 'HIDDEN', 'update')).toBe('top')
    expect(endLabels('MLP_UP', 'update').written).toBe('Most likely')
    expect(endLabels('MLP_DOWN', 'update').written).toBe('Written')
  })
})

describe('cells', () => {
  it('show the written token and mark the target', () => {
    expect(grid().cell(1, 3)).toMatchObject({ text: '·Berlin', hit: true, masked: false })
    expect(grid().cell(1, 0)).toMatchObject({ text: '·=sum', hit: false })
  })

  it('show both ends, or the other one', () => {
    expect(grid({ show: 'both' }).cell(1, 3).text).toBe('·Berlin ∖ ·top24')
    expect(grid({ show: 'removed' }).cell(1, 3)).toMatchObject({ text: '·top24', hit: false })
  })

  it('are masked with a reason where the VJP is zero', () => {
    const cell = grid().cell(2, 0)
    expect(cell).toMatchObject({ text: '–', masked: true, tone: 0 })
    expect(cell.reason).toContain('last layer')
    expect(grid().cell(2, 3).masked).toBe(false)
  })

  it('of an input keep their words where nothing is written', () => {
    const cell = grid({}, { matrix: 'MLP_UP', factor: 'INPUT' }).cell(2, 0)
    expect(cell).toMatchObject({ masked: false, text: '·top22' })
    expect(cell.reason).not.toBeNull()
  })

  it('of the factor without words show its norm', () => {
    const model = grid({ factor: 'INPUT' })
    expect(model.readable).toBe(false)
    expect(model.cell(1, 0).text).toBe('5.00')
    expect(model.caption).toContain('|x|')
  })

  it('name tokens they have no text for by id', () => {
    expect(grid({}, { bottomIds: Array.from({ length: 12 }, () => 999) }).cell(0, 0).text).toBe(
      '#999',
    )
  })
})

describe('colour', () => {
  it('grows with the norm from zero', () => {
    const model = grid()
    expect(model.cell(2, 3).tone).toBe(1)
    expect(model.cell(0, 0).tone).toBeCloseTo(0.1 / 0.33)
  })

  it('by rank counts from the end that the update writes', () => {
    const model = grid({ colour: 'rank' })
    expect(model.cell(0, 3).value).toBe(6)
    expect(model.caption).toContain('least probable')
  })

  it('by probability of a bottom token is how improbable it is', () => {
    expect(grid({ colour: 'probability' }).cell(0, 0).value).toBeCloseTo(8)
    expect(grid({ colour: 'probability', show: 'removed' }).cell(0, 0).value).toBe(0.5)
  })
})

describe('order and reasons', () => {
  it('puts the last layer on top until it is flipped', () => {
    expect(grid().order).toEqual([2, 1, 0])
    expect(grid({ flipped: true }).order).toEqual([0, 1, 2])
  })

  it('explains the first position of queries and keys', () => {
    expect(maskReason('ATTENTION_QUERY', 0, 3, 0, 4)).toContain('attends only to itself')
    expect(maskReason('MLP_DOWN', 0, 3, 1, 4)).toContain('exactly zero')
  })

  it('begins at the strongest cell that writes the target', () => {
    const vjpNorm = [9, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1.5]
    const source = { kind: 'matrix', grid: sampleGrid(3, 4, { vjpNorm }) } as const
    expect(strongestCell(source, null)).toEqual({ layer: 0, position: 0 })
    expect(strongestCell(source, 7)).toEqual({ layer: 1, position: 3 })
  })

  it('reads hidden states without a factor', () => {
    const { layers, positions, norm, targetRank, answerRank, topIds, topProbabilities } =
      sampleGrid(2, 2)
    const lists = { layers, positions, norm, targetRank, answerRank, topIds, topProbabilities }
    const model = buildGrid({ kind: 'hidden', grid: lists }, sampleRun(2, 2), {
      ...DEFAULT_VIEW,
      show: 'both',
    })
    expect(model).toMatchObject({ surface: 'HIDDEN', factor: null, readable: true })
    expect(model.cell(1, 0)).toMatchObject({ masked: false, text: '·top21' })
  })
})
