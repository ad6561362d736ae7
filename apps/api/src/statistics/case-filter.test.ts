import { expect, it } from 'vitest'
import { chooseCases } from './case-filter.js'
import { joinEvaluations, promptOf } from './case-table.js'
import type { CaseText } from './case-table.js'

const textOf = (subject: string): CaseText => ({
  ...{ caseId: '1', relation: 'R', subject, prompt: 'Of {} one says' },
  ...{ targetNew: 'new', targetTrue: null },
})

it('a subject stands in its prompt sign by sign', () => {
  for (const subject of ['A$AP', '$& and $$', "$`$'", '{}'])
    expect(promptOf(textOf(subject))).toBe(`Of ${subject} one says`)
})

it('a search reads prompts as they are shown, and nothing where there is no target', () => {
  const texts = ['$$ Bill', 'Rome'].map(textOf)
  const table = joinEvaluations([
    {
      ...{ evaluationId: 'e', version: 1, datasetId: 'd', metrics: 1 },
      ...{ places: Int32Array.of(0, 1), texts, arms: [], before: new Map() },
    },
  ])
  const found = (search: string): number[] => [
    ...chooseCases(
      table,
      [],
      { relations: null, search, ranges: [], flips: null, outcome: null, places: null },
      null,
    ),
  ]
  expect(found('of $$ bill one')).toEqual([0])
  expect(found('ONE SAYS')).toEqual([0, 1])
  expect(found('null')).toEqual([])
})
