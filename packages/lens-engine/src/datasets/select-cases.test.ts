import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { LensEngineError } from '../errors.js'
import type { EvaluationCase } from './evaluation-case.js'
import { factsPath, loadDataset } from './read-dataset.js'
import { selectCases } from './select-cases.js'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const facts = await loadDataset({ path: factsPath(root), strict: true })
const fact = facts.cases[0]!

describe('selectCases', () => {
  const ids = (cases: readonly EvaluationCase[]): string[] => cases.map(({ id }) => id)

  it('repeats a seeded choice, in the order of the file, larger ones containing smaller ones', async () => {
    const ten = await selectCases(facts.cases, { count: 10, seed: 1 })
    const hundred = await selectCases(facts.cases, { count: 100, seed: 1 })
    expect(
      ids(await selectCases([...facts.cases].reverse(), { count: 10, seed: 1 })).sort(),
    ).toEqual(ids(ten).sort())
    expect(ids(await selectCases(facts.cases, { count: 10, seed: 2 }))).not.toEqual(ids(ten))
    expect(ids(hundred)).toEqual(expect.arrayContaining(ids(ten)))
    const places = ten.map((one) => facts.cases.indexOf(one))
    expect(places).toEqual([...places].sort((a, b) => a - b))
  })

  it('keeps relations and ids', async () => {
    const relation = fact.relation.id
    const chosen = await selectCases(facts.cases, { relations: [relation], count: 5 })
    expect(chosen.map((one) => one.relation.id)).toEqual(Array(5).fill(relation))
    expect(ids(await selectCases(facts.cases, { ids: ['3', '1'] }))).toEqual(['1', '3'])
  })

  it.each([
    ['an unknown id', { ids: ['1', 'nope'] }, 'nope'],
    ['an unknown relation', { relations: ['nope'] }, 'no case'],
    ['a count of 0', { count: 0 }, 'count is 0'],
  ])('%s is BAD_ARGUMENT', async (_, slice, message) => {
    const error = await selectCases(facts.cases, slice).then(
      () => null,
      (thrown: LensEngineError) => thrown,
    )
    expect(error?.code).toBe('BAD_ARGUMENT')
    expect(error?.message).toContain(message)
  })
})
