// The mutations of edits as tests ask them, on one API; and an edit that is computed without an engine.
import { expect } from 'vitest'
import { sampleAnswers } from '../engine/testing/sample-edit.js'
import type { EditQuestion } from '../features/edit/task-input.js'
import { EditLeaseRepository } from '../jobs/edit-lease.repository.js'
import { EditResultRepository } from '../jobs/edit-result.repository.js'
import type { TestApi } from './test-api.js'

export const sampleRequest = { prompt: 'The capital of {} is', subject: 'France', target: 'Rome' }

/** Asks one mutation and returns what it answers. @throws Error with what GraphQL complains of */
export async function mutate(api: TestApi, text: string, variables: Record<string, unknown>) {
  const { data, errors } = await api.graphql(text, variables)
  if (errors) throw new Error(JSON.stringify(errors))
  return data[Object.keys(data)[0] as string]
}

const createText = `mutation($input: CreateEditInput!) { createEdit(input: $input) { errors { code message field cure }
  edit { id name method methodTitle requests { target } probes { neighbors { target } } seed onTopOf applied digest
    task { id kind state version queuePosition } summary { level } deltas { layer } downloadUrl } } }`
const stackText = `mutation($m: ID!, $e: [ID!]!, $x: [ID!]) { setEditStack(modelId: $m, editIds: $e, expected: $x) {
  stack { edits { id stackPosition applied } } errors { code field } } }`

export function editMutations(api: TestApi) {
  const create = (changes: object = {}) => {
    const input = { modelId: api.modelId, method: 'forward-shift', requests: [sampleRequest] }
    return mutate(api, createText, { input: { ...input, ...changes } })
  }
  return {
    create,
    onId: (name: string, id: string, fields = 'edit { id task { state } }') =>
      mutate(api, `mutation($id: ID!) { ${name}(id: $id) { ${fields} errors { code field } } }`, {
        id,
      }),
    setStack: (editIds: string[], expected?: string[], modelId = api.modelId) =>
      mutate(api, stackText, { m: modelId, e: editIds, x: expected ?? null }),
    /** Has an edit computed without an engine. */
    createComputed: async (changes: object = {}): Promise<string> => {
      const { edit } = await create(changes)
      const claimed = await new EditLeaseRepository(api.database).claim('test')
      if (claimed === null || claimed.editId !== edit.id)
        throw new Error('another task was waiting')
      const question = claimed.input as EditQuestion
      const task = {
        kind: 'compute-edit',
        model: '',
        ...question,
        method: 'forward-shift',
      } as const
      const answer = sampleAnswers['compute-edit'](task as never)
      expect(await new EditResultRepository(api.database).storeEdit(claimed, answer)).toBe(true)
      return edit.id
    },
  }
}
