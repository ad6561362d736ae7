import { describe, expect, it } from 'vitest'
import {
  isChanged,
  onlyKnown,
  problemOf,
  readValue,
  showValue,
  valueOf,
  withValue,
  type HyperparameterFacts,
} from './hyperparameter-model'

const fact = (change: Partial<HyperparameterFacts> = {}): HyperparameterFacts => ({
  name: 'learningRate',
  kind: 'NUMBER',
  default: 0.5,
  min: 0,
  max: 10,
  optional: false,
  choices: [],
  ...change,
})

describe('hyperparameters', () => {
  it('leave the address when they are the default again', () => {
    const changed = withValue({ steps: 3 }, fact(), 1e-4)
    expect(changed).toEqual({ steps: 3, learningRate: 1e-4 })
    expect(isChanged(fact(), changed)).toBe(true)
    expect(withValue(changed, fact(), 0.5)).toEqual({ steps: 3 })
    expect(valueOf(fact(), {})).toBe(0.5)
    expect(onlyKnown({ learningRate: 1, steps: 3 }, [fact()])).toEqual({ learningRate: 1 })
  })

  it('are read from text', () => {
    expect(readValue('NUMBER', ' 1e-4 ')).toBe(0.0001)
    expect(readValue('NUMBER', '0,5')).toBe(0.5)
    expect(readValue('NUMBER', '')).toBeNull()
    expect(readValue('NUMBER', 'much')).toBe('much')
    expect(readValue('LAYERS', '3, 4 5')).toEqual([3, 4, 5])
    expect(readValue('LAYERS', '3-5')).toBe('3-5')
    expect(showValue([3, 4])).toBe('3, 4')
    expect(showValue(null)).toBe('')
  })

  it('say what is wrong with them', () => {
    const problem = (change: Partial<HyperparameterFacts>, value: unknown) =>
      problemOf(fact(change), { learningRate: value }, 8)
    expect(problem({}, 11)).toBe('Use a number from 0 to 10.')
    expect(problem({}, 'much')).toContain('from 0 to 10')
    expect(problem({}, null)).not.toBeNull()
    expect(problem({ optional: true }, null)).toBeNull()
    expect(problem({ optional: true }, 11)).toContain('leave it empty')
    expect(problem({ kind: 'INTEGER' }, 1.5)).toContain('whole number')
    expect(problem({ max: null }, -1)).toBe('Use a number from 0.')
    expect(problem({ kind: 'LAYER' }, 8)).toContain('0 to 7')
    expect(problem({ kind: 'LAYERS' }, [2, 1])).toContain('ascending')
    expect(problem({ kind: 'LAYERS' }, [1, 2])).toBeNull()
    expect(problem({ kind: 'MATRICES' }, [])).not.toBeNull()
    expect(problem({ kind: 'CHOICE', choices: [{ value: 'a' }] }, 'b')).not.toBeNull()
    expect(problem({ kind: 'BOOLEAN' }, 'yes')).not.toBeNull()
    expect(problemOf(fact(), {}, 8)).toBeNull()
  })
})
