import { expect, it } from 'vitest'
import { fillIds } from './fill-ids'

const ids = { modelId: 'm', runId: 'r', editId: 'e', sliceId: 's', evaluationId: 'v' }

it('fills only the ids that an example leaves open', () => {
  const filled = JSON.parse(fillIds('{ "modelId": "", "runId": "kept", "n": 1 }', ids)) as unknown
  expect(filled).toEqual({ modelId: 'm', runId: 'kept', n: 1 })
})
