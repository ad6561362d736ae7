import { describe, expect, it } from 'vitest'
import { describeSlice } from '../dataset-words'
import {
  draftProblem,
  EMPTY_DRAFT,
  expectedCases,
  newerSlice,
  sayExpected,
  sliceInputOf,
} from './slice-model'

const draft = { ...EMPTY_DRAFT, name: ' mine ', relations: ['capital'], search: ' Fr ' }

describe('a slice that is being made', () => {
  it('is sent without what is empty', () => {
    expect(sliceInputOf('d', draft, 'r')).toEqual({
      datasetId: 'd',
      name: 'mine',
      search: 'Fr',
      relations: ['capital'],
      count: 100,
      seed: 0,
      clientMutationId: 'r',
    })
    expect(sliceInputOf('d', { ...EMPTY_DRAFT, count: '' }, 'r')).toEqual({
      datasetId: 'd',
      seed: 0,
      clientMutationId: 'r',
    })
  })

  it('takes cases chosen by hand and nothing else', () => {
    const byHand = { ...draft, caseIds: ['7', '9'], knownByModelId: 'm' }
    const input = sliceInputOf('d', byHand, 'r')
    expect(input).toMatchObject({ caseIds: ['7', '9'], knownByModelId: 'm' })
    expect(input).not.toHaveProperty('count')
    expect(input).not.toHaveProperty('search')
    expect(expectedCases(byHand, 0)).toBe(2)
    expect(draftProblem(byHand, 0)).toBeNull()
  })

  it('says what is wrong with it', () => {
    expect(draftProblem({ ...draft, count: '0' }, 5)).toContain('whole number of cases')
    expect(draftProblem({ ...draft, count: '1.5' }, 5)).toContain('whole number of cases')
    expect(draftProblem({ ...draft, seed: '-1' }, 5)).toContain('seed')
    expect(draftProblem({ ...draft, seed: '' }, 5)).toContain('seed')
    expect(draftProblem(draft, 0)).toContain('No case')
    expect(draftProblem(draft, null)).toBeNull()
  })

  it('says how many cases it will hold', () => {
    expect(sayExpected(draft, 1200)).toBe('100 cases')
    expect(sayExpected(draft, 12)).toBe('12 cases: there are no more like this.')
    expect(sayExpected({ ...draft, count: '' }, 12)).toBe('12 cases')
    expect(sayExpected({ ...draft, knownByModelId: 'm' }, 1200)).toContain('Up to 100 cases')
    expect(sayExpected({ ...draft, count: '' }, null)).toBe('')
  })

  it('is told in words', () => {
    expect(describeSlice({ seed: 7, count: 100, relations: ['a', 'b'], search: 'x' }, 'm')).toBe(
      '100 random cases of a or b with “x”, seed 7, known by m',
    )
    expect(describeSlice({ seed: 0 }, null)).toBe('all cases')
    expect(describeSlice({ seed: 0, caseIds: ['1'] }, null)).toBe('1 case chosen by hand')
    expect(describeSlice({ seed: 0, relations: ['a', 'b', 'c'] }, null)).toBe(
      'all cases of 3 relations',
    )
  })

  it('never goes back to an older reading', () => {
    const at = (id: string, version: number) => ({ id, version, state: 'RUNNING' as const })
    expect(newerSlice(at('a', 2), at('a', 1)).version).toBe(2)
    expect(newerSlice(at('a', 2), at('b', 5)).id).toBe('a')
    expect(newerSlice(at('a', 2), at('a', 3)).version).toBe(3)
  })
})
