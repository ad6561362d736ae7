import { expect, it } from 'vitest'
import {
  evaluationFilterOf,
  formatEvaluationsView,
  parseEvaluationsView,
} from './evaluations-filter'

const view = {
  search: 'all & more',
  state: 'PAUSED',
  protocol: 'zsre',
  modelId: 'm',
  method: 'rome',
} as const

it('keeps the filter in the address', () => {
  expect(parseEvaluationsView(new URLSearchParams(formatEvaluationsView(view)))).toEqual(view)
  expect(parseEvaluationsView(new URLSearchParams('state=asleep')).state).toBe('')
})

it('asks for what is set', () => {
  const none = parseEvaluationsView(new URLSearchParams(''))
  expect(evaluationFilterOf(none, [])).toBeNull()
  expect(evaluationFilterOf(view, ['rome'])).toMatchObject({ method: 'rome', state: 'PAUSED' })
  expect(evaluationFilterOf({ ...none, method: 'magic' }, ['rome'])).toBeNull()
})
