import { expect, it } from 'vitest'
import { fillIds } from './fill-ids'

it('fills only the ids that an example leaves open', () => {
  const filled = JSON.parse(
    fillIds('{ "modelId": "", "runId": "kept", "n": 1 }', { modelId: 'm', runId: 'r' }),
  ) as unknown
  expect(filled).toEqual({ modelId: 'm', runId: 'kept', n: 1 })
})
