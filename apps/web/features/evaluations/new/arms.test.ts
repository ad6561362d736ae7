import { describe, expect, it } from 'vitest'
import type { HyperparameterFacts } from '../../edits/lab/hyperparameter-model'
import {
  combinations,
  countArms,
  expandArms,
  groupsOfArms,
  MOST_ARMS,
  readSwept,
  showSwept,
  sweptProblem,
} from './arms'

const one = [{ id: 'm', name: 'facts-gpt2' }]
const two = [...one, { id: 'n', name: 'smol' }]
const fact = (change: Partial<HyperparameterFacts> = {}): HyperparameterFacts => ({
  name: 'layer',
  kind: 'LAYER',
  default: 5,
  min: null,
  max: null,
  optional: false,
  choices: [],
  ...change,
})

describe('values that are swept', () => {
  it('are read from text', () => {
    expect(readSwept('LAYER', '2,3, 4')).toEqual({ sweep: [2, 3, 4] })
    expect(readSwept('NUMBER', '0.1 1e-3')).toEqual({ sweep: [0.1, 0.001] })
    expect(readSwept('NUMBER', '0.5')).toBe(0.5)
    expect(readSwept('INTEGER', '2..5')).toEqual({ sweep: [2, 3, 4, 5] })
    expect(readSwept('INTEGER', '5..2')).toBe('5..2')
    expect(readSwept('LAYERS', '2 3; 4,5')).toEqual({
      sweep: [
        [2, 3],
        [4, 5],
      ],
    })
    expect(readSwept('LAYERS', '2,3')).toEqual([2, 3])
    expect(readSwept('NUMBER', ' ')).toBeNull()
  })

  it('are shown as they were typed', () => {
    for (const text of ['2, 3, 4', '0.5', '2, 3; 4, 5'])
      expect(showSwept(readSwept(text.includes(';') ? 'LAYERS' : 'NUMBER', text))).toBe(text)
  })

  it('are each checked, and none may stand twice', () => {
    expect(sweptProblem(fact(), { layer: { sweep: [2, 8] } }, 8)).toContain('8: Use a layer')
    expect(sweptProblem(fact(), { layer: { sweep: [2, 3, 2] } }, 8)).toBe('2 stands twice.')
    expect(sweptProblem(fact(), { layer: { sweep: [2, 'x'] } }, 8)).toContain('x')
    expect(sweptProblem(fact(), { layer: { sweep: [2, 3] } }, 8)).toBeNull()
    expect(sweptProblem(fact(), { layer: 9 }, 8)).not.toBeNull()
    expect(sweptProblem(fact(), {}, 8)).toBeNull()
  })
})

describe('arms', () => {
  it('are every combination, the last name varying fastest', () => {
    expect(combinations({ a: { sweep: [1, 2] }, b: 3, c: { sweep: ['x', 'y'] } })).toEqual([
      { a: 1, b: 3, c: 'x' },
      { a: 1, b: 3, c: 'y' },
      { a: 2, b: 3, c: 'x' },
      { a: 2, b: 3, c: 'y' },
    ])
    expect(combinations({})).toEqual([{}])
  })

  it('are named after what tells them apart', () => {
    const swept = [{ method: 'rome', values: { layer: { sweep: [2, 3] }, steps: 20 } }]
    expect(expandArms(swept, one)).toEqual([
      {
        name: 'rome layer=2',
        modelId: 'm',
        method: 'rome',
        hyperparameters: { layer: 2, steps: 20 },
      },
      {
        name: 'rome layer=3',
        modelId: 'm',
        method: 'rome',
        hyperparameters: { layer: 3, steps: 20 },
      },
    ])
    const twice = [
      { method: 'rome', values: {} },
      { method: 'rome', values: { steps: 20 } },
    ]
    expect(expandArms(twice, one).map(({ name }) => name)).toEqual(['rome', 'rome steps=20'])
    expect(
      expandArms([{ method: 'ft', values: { norm: null } }], two).map(({ name }) => name),
    ).toEqual(['ft, facts-gpt2', 'ft, smol'])
  })

  it('never have the same name', () => {
    const same = [
      { method: 'rome', values: {} },
      { method: 'rome', values: {} },
      { method: 'rome', values: {}, name: 'rome' },
    ]
    expect(expandArms(same, one).map(({ name }) => name)).toEqual(['rome', 'rome (2)', 'rome (3)'])
  })

  it('are counted before they are made', () => {
    const groups = [
      { method: 'rome', values: { a: { sweep: [1, 2, 3] }, b: { sweep: [1, 2] } } },
      { method: 'ft', values: {} },
    ]
    expect(countArms(groups, two)).toBe(14)
    expect(expandArms(groups, two)).toHaveLength(14)
    const sweep = Array.from({ length: MOST_ARMS }, (_, index) => index)
    const many = [{ method: 'rome', values: { a: { sweep }, b: { sweep } } }]
    expect(countArms(many, one)).toBe(MOST_ARMS ** 2)
    expect(expandArms(many, one)).toEqual([])
    expect(expandArms(groups, [])).toEqual([])
  })

  it('that are stored can be changed again', () => {
    const stored = [
      { name: 'rome layer=2', method: 'rome', modelId: 'm', hyperparameters: { layer: 2 } },
      { name: 'rome layer=3', method: 'rome', modelId: 'm', hyperparameters: { layer: 3 } },
      { name: 'ft', method: 'ft', modelId: 'm', hyperparameters: {} },
    ]
    expect(expandArms(groupsOfArms(stored), one)).toEqual(stored)
  })

  it('of several models are one group where they are alike', () => {
    const stored = [
      { name: 'ft, facts-gpt2', method: 'ft', modelId: 'm', hyperparameters: { norm: 1 } },
      { name: 'ft, smol', method: 'ft', modelId: 'n', hyperparameters: { norm: 1 } },
      { name: 'rome, facts-gpt2', method: 'rome', modelId: 'm', hyperparameters: { layer: 5 } },
      { name: 'rome, smol', method: 'rome', modelId: 'n', hyperparameters: { layer: 12 } },
    ]
    const groups = groupsOfArms(stored)
    expect(groups).toEqual([
      { method: 'ft', values: { norm: 1 } },
      { method: 'rome', values: { layer: 5 }, model: 'm' },
      { method: 'rome', values: { layer: 12 }, model: 'n' },
    ])
    expect(expandArms(groups, two)).toEqual(stored)
    expect(countArms(groups, two)).toBe(4)
  })
})
