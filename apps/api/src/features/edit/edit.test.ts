import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sampleEdit } from '../../engine/testing/sample-edit.js'
import { writeTinyModel } from '../../engine/testing/tiny-model.js'
import { EditLeaseRepository } from '../../jobs/edit-lease.repository.js'
import { EditResultRepository } from '../../jobs/edit-result.repository.js'
import { sampleAnswers } from '../../engine/testing/sample-edit.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import type { EditQuestion } from './task-input.js'

let api: TestApi
let otherModelId: string
beforeAll(async () => {
  api = await startTestApi()
  const { environment, services, viewer } = api
  const directory = writeTinyModel(environment.home, { layers: 3 }, 'three-layers')
  otherModelId = (await services.models.register(viewer, directory, false)).id
})
afterAll(() => api.stop())
beforeEach(() => api.database.prisma.edit.deleteMany())

const request = { prompt: 'The capital of {} is', subject: 'France', target: 'Rome' }
const inputOf = (changes: object = {}) => ({
  modelId: api.modelId,
  method: 'forward-shift',
  requests: [request],
  ...changes,
})
const mutate = async (text: string, variables: Record<string, unknown>) => {
  const { data, errors } = await api.graphql(text, variables)
  if (errors) throw new Error(JSON.stringify(errors))
  return Object.values(data)[0] as any // eslint-disable-line @typescript-eslint/no-explicit-any -- what was asked
}
const create = (changes: object = {}) =>
  mutate(
    `mutation($input: CreateEditInput!) { createEdit(input: $input) { errors { code message field cure }
      edit { id name method methodTitle requests { target } probes { neighbors { target } } seed onTopOf applied digest
        task { id kind state version queuePosition } summary { level } deltas { layer } downloadUrl } } }`,
    { input: inputOf(changes) },
  )
const onId = (name: string, id: string, fields = 'edit { id task { state } }') =>
  mutate(`mutation($id: ID!) { ${name}(id: $id) { ${fields} errors { code field } } }`, { id })
const setStack = (editIds: string[], expected?: string[], modelId = api.modelId) =>
  mutate(
    `mutation($m: ID!, $e: [ID!]!, $x: [ID!]) { setEditStack(modelId: $m, editIds: $e, expected: $x) {
      stack { edits { id stackPosition applied } } errors { code field } } }`,
    { m: modelId, e: editIds, x: expected ?? null },
  )

/** Has an edit computed without an engine. */
async function createComputed(changes: object = {}): Promise<string> {
  const { edit } = await create(changes)
  const leases = new EditLeaseRepository(api.database)
  const claimed = await leases.claim('test')
  if (claimed === null || claimed.editId !== edit.id) throw new Error('another task was waiting')
  const question = claimed.input as EditQuestion
  const task = { kind: 'compute-edit', model: '', ...question, method: 'forward-shift' } as const
  const answer = sampleAnswers['compute-edit'](task as never)
  expect(await new EditResultRepository(api.database).storeEdit(claimed, answer)).toBe(true)
  return edit.id
}

describe('bad input of an edit', () => {
  const long = 'a'.repeat(64)
  for (const [what, changes, code, field] of [
    ['an unknown method', { method: 'rom' }, 'BAD_ARGUMENT', 'method'],
    ['an unknown model', { modelId: 'x' }, 'MODEL_NOT_FOUND', 'modelId'],
    ['no request', { requests: [] }, 'BAD_ARGUMENT', 'requests'],
    [
      'two requests of one',
      { method: 'rome', requests: [request, request] },
      'BAD_ARGUMENT',
      'requests',
    ],
    [
      'a subject that is not in the prompt',
      { requests: [{ ...request, prompt: 'The capital is' }] },
      'SUBJECT_NOT_IN_PROMPT',
      'requests.0.subject',
    ],
    [
      'a subject that is there twice',
      { requests: [{ ...request, prompt: 'France, France' }] },
      'SUBJECT_AMBIGUOUS',
      'requests.0.prompt',
    ],
    [
      'an empty target',
      { requests: [{ ...request, target: ' ' }] },
      'TARGET_EMPTY',
      'requests.0.target',
    ],
    [
      'a target that is a text',
      { requests: [{ ...request, target: long }] },
      'TARGET_TOO_LONG',
      'requests.0.target',
    ],
    [
      'a prompt longer than the model reads',
      { requests: [{ ...request, prompt: `{} ${long}` }] },
      'PROMPT_TOO_LONG',
      'requests.0.prompt',
    ],
    [
      'an unknown hyperparameter',
      { hyperparameters: { speed: 3 } },
      'BAD_ARGUMENT',
      'hyperparameters.speed',
    ],
    [
      'a layer the model lacks',
      { hyperparameters: { layer: 2 } },
      'BAD_ARGUMENT',
      'hyperparameters.layer',
    ],
    ['hyperparameters in a list', { hyperparameters: [1] }, 'BAD_ARGUMENT', 'hyperparameters'],
    ['a seed below 0', { seed: -1 }, 'BAD_ARGUMENT', 'seed'],
    ['an edit that is not there', { onTopOf: [''] }, 'EDIT_NOT_FOUND', 'onTopOf'],
    ['NUL', { requests: [{ ...request, subject: 'a\0' }] }, 'TEXT_INVALID', 'requests.0.subject'],
    [
      'an empty neighbor',
      { probes: { neighbors: [{ prompt: ' ', target: 'x' }] } },
      'PROMPT_EMPTY',
      'probes.neighbors.0.prompt',
    ],
    [
      'a long paraphrase',
      { probes: { paraphrases: [long, long + long] } },
      'PROMPT_TOO_LONG',
      'probes.paraphrases.1',
    ],
    [
      'many probes',
      { probes: { paraphrases: Array(21).fill('a') } },
      'BAD_ARGUMENT',
      'probes.paraphrases',
    ],
    ['a long name', { name: 'a'.repeat(201) }, 'TEXT_TOO_LONG', 'name'],
  ] as const) {
    it(`${what}: ${code}, and nothing is written`, async () => {
      const { edit, errors } = await create(changes)
      expect(edit).toBeNull()
      expect(errors).toMatchObject([{ code, field }])
      expect(errors[0].cure.length).toBeGreaterThan(5)
      expect(await api.database.prisma.editTask.count()).toBe(0)
    })
  }

  it('a method that does not exist ends a list', async () => {
    const { errors } = await api.graphql('{ edits(filter: { method: "rom" }) { totalCount } }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })
})

describe('a saved edit', () => {
  it('is a draft that waits, with what was asked', async () => {
    const neighbors = [{ prompt: 'The capital of Spain is', target: 'Madrid' }]
    const { edit, errors } = await create({ name: ' first ', seed: 7, probes: { neighbors } })
    expect(errors).toEqual([])
    expect(edit).toMatchObject({
      ...{ name: 'first', method: 'forward-shift', seed: 7, onTopOf: [], applied: false },
      ...{ requests: [{ target: ' Rome' }], digest: null, summary: null, deltas: [] },
      probes: { neighbors: [{ target: 'Madrid' }] },
      task: { kind: 'COMPUTE', state: 'QUEUED', version: 1, queuePosition: 1 },
      downloadUrl: null,
    })
    expect(edit.methodTitle.length).toBeGreaterThan(3)
    expect((await fetch(`${api.url}/api/edits/${edit.id}/edit.safetensors`)).status).toBe(409)
    expect((await fetch(`${api.url}/api/edits/nonsense/edit.safetensors`)).status).toBe(404)
  })

  it('is made once for one clientMutationId, however often and at once it is asked for', async () => {
    const all = await Promise.all(
      Array.from({ length: 4 }, () => create({ clientMutationId: 'a' })),
    )
    expect(new Set(all.map(({ edit }) => edit.id)).size).toBe(1)
    expect(await api.database.prisma.editTask.count()).toBe(1)
  })

  it('is listed by cursor, and by model, method, state, place in the stack and words', async () => {
    const ids = [await createComputed(), (await create({ method: 'no-edit' })).edit.id]
    ids.push((await create({ requests: [{ ...request, subject: 'Spain' }] })).edit.id)
    const list = async (filter: object, after: string | null = null, first = 10) =>
      (
        await api.graphql(
          `query($f: EditFilter, $after: String, $n: Int) { edits(filter: $f, after: $after, first: $n) {
            totalCount pageInfo { hasNextPage endCursor } edges { node { id } } } }`,
          { f: filter, after, n: first },
        )
      ).data.edits
    const idsOf = (page: { edges: { node: { id: string } }[] }) =>
      page.edges.map(({ node }) => node.id)
    const first = await list({}, null, 2)
    expect(idsOf(first)).toEqual([ids[2], ids[1]])
    expect(idsOf(await list({}, first.pageInfo.endCursor))).toEqual([ids[0]])
    expect(idsOf(await list({ method: 'no-edit' }))).toEqual([ids[1]])
    expect(idsOf(await list({ state: 'DONE' }))).toEqual([ids[0]])
    expect(idsOf(await list({ search: 'spain' }))).toEqual([ids[2]])
    expect(idsOf(await list({ search: '%' }))).toEqual([])
    expect((await list({ modelId: otherModelId })).totalCount).toBe(0)
    expect((await list({ modelId: 'nonsense' })).totalCount).toBe(0)
    await setStack([ids[0] as string])
    expect(idsOf(await list({ applied: true }))).toEqual([ids[0]])
    expect((await list({ applied: false })).totalCount).toBe(2)
  })

  it('is renamed, cancelled, tried again and deleted', async () => {
    const { edit } = await create()
    const rename = (name: string | null) =>
      mutate(
        'mutation($id: ID!, $n: String) { renameEdit(id: $id, name: $n) { edit { name } errors { code } } }',
        { id: edit.id, n: name },
      )
    expect((await rename('Rome')).edit.name).toBe('Rome')
    expect((await rename('')).edit.name).toBeNull()
    expect((await onId('retryEdit', edit.id)).errors).toMatchObject([{ code: 'EDIT_NOT_FAILED' }])
    expect((await onId('cancelEdit', edit.id)).edit.task.state).toBe('CANCELLED')
    expect((await onId('cancelEdit', edit.id)).errors).toMatchObject([{ code: 'EDIT_ENDED' }])
    expect((await onId('retryEdit', edit.id)).edit.task.state).toBe('QUEUED')
    expect((await onId('deleteEdit', edit.id, 'deletedId')).deletedId).toBe(edit.id)
    expect((await onId('deleteEdit', edit.id, 'deletedId')).errors).toMatchObject([
      { code: 'EDIT_NOT_FOUND', field: 'id' },
    ])
    const actions = await api.database.prisma.auditEvent.findMany({ where: { subject: edit.id } })
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['edit.create', 'edit.cancel', 'edit.retry', 'edit.delete']),
    )
  })

  it('is not deleted while a stack or another edit needs it', async () => {
    const id = await createComputed()
    const above = await create({ onTopOf: [id] })
    expect(above.edit.onTopOf).toEqual([id])
    const remove = () => onId('deleteEdit', id, 'deletedId')
    expect((await remove()).errors).toMatchObject([{ code: 'EDIT_IN_USE' }])
    await onId('deleteEdit', above.edit.id, 'deletedId')
    await setStack([id])
    expect((await remove()).errors).toMatchObject([{ code: 'EDIT_IN_USE' }])
    await setStack([])
    expect((await remove()).deletedId).toBe(id)
  })

  it('that was changed in the database is not given out', async () => {
    const id = await createComputed()
    const url = `${api.url}/api/edits/${id}/edit.safetensors`
    expect((await fetch(url)).status).toBe(200)
    await api.database.pool.query(
      `UPDATE edit_delta SET "first" = set_byte("first", 3, 0) WHERE edit_id = $1`,
      [id],
    )
    const answer = await fetch(url)
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({ code: 'EDIT_INVALID' })
  })
})

describe('the stack of a model', () => {
  it('is set whole: applied, reordered, reverted', async () => {
    const [a, b] = [await createComputed(), await createComputed()]
    const applied = await setStack([a, b], [])
    expect(applied.stack.edits).toMatchObject([
      { id: a, stackPosition: 0, applied: true },
      { id: b, stackPosition: 1 },
    ])
    expect((await setStack([b, a], [a, b])).stack.edits).toMatchObject([{ id: b }, { id: a }])
    expect((await setStack([], [b, a])).stack.edits).toEqual([])
    const { data } = await api.graphql(`{ editStack(modelId: "${api.modelId}") { edits { id } } }`)
    expect(data.editStack.edits).toEqual([])
  })

  it('refuses an order made from one that has changed', async () => {
    const [a, b] = [await createComputed(), await createComputed()]
    await setStack([a])
    expect((await setStack([b], [])).errors).toMatchObject([
      { code: 'CONFLICT', field: 'expected' },
    ])
    const both = await Promise.all([setStack([a, b], [a]), setStack([b, a], [a])])
    expect(both.filter(({ errors }) => errors.length > 0)).toHaveLength(1)
  })

  it('takes only computed edits of its own model, each once', async () => {
    const a = await createComputed()
    const refusal = async (ids: string[], modelId?: string) =>
      (await setStack(ids, undefined, modelId)).errors[0].code
    expect(await refusal([a, a])).toBe('BAD_ARGUMENT')
    expect(await refusal([a], otherModelId)).toBe('EDIT_WRONG_MODEL')
    expect(await refusal([(await create()).edit.id])).toBe('EDIT_NOT_COMPUTED')
    expect(await refusal(['00000000-0000-7000-8000-000000000000'])).toBe('EDIT_NOT_FOUND')
    expect(await refusal([], 'nonsense')).toBe('MODEL_NOT_FOUND')
  })
})

describe('questions about edits', () => {
  const ask = (editIds: string[], prompt: string) =>
    mutate(
      'mutation($i: TryEditsInput!) { tryEdits(input: $i) { task { id state kind } errors { code field } } }',
      { i: { modelId: api.modelId, editIds, prompt } },
    )

  it('that are equal are asked once; a newer one cancels those that still wait', async () => {
    const id = await createComputed()
    const first = await ask([id], 'one')
    expect(first.task).toMatchObject({ kind: 'TRY', state: 'QUEUED' })
    expect((await ask([id], 'one')).task.id).toBe(first.task.id)
    const second = await ask([], 'one')
    expect(second.task.id).not.toBe(first.task.id)
    const { data } = await api.graphql(`{ editTask(id: "${first.task.id}") { state } }`)
    expect(data.editTask.state).toBe('CANCELLED')
    expect((await ask([id], '')).errors).toMatchObject([{ code: 'PROMPT_EMPTY', field: 'prompt' }])
    const cancelled = await onId('cancelEditTask', second.task.id, 'task { state }')
    expect(cancelled.task.state).toBe('CANCELLED')
    expect((await onId('cancelEditTask', second.task.id, 'task { state }')).errors).toMatchObject([
      { code: 'TASK_ENDED' },
    ])
  })

  it('a run of the lens under edits needs computed edits of its model', async () => {
    const run = { modelId: otherModelId, promptText: 'a', targetText: 'b' }
    const look = (editIds: string[]) =>
      api.services.lensRuns.create(api.viewer, { ...run, editIds })
    const id = await createComputed()
    await expect(look([id])).rejects.toMatchObject({ code: 'EDIT_WRONG_MODEL', field: 'editIds' })
    await expect(look([''])).rejects.toMatchObject({ code: 'EDIT_NOT_FOUND' })
    expect(await api.database.prisma.lensRun.count()).toBe(0)
  })

  it('an export needs a name that is free, and edits', async () => {
    const id = await createComputed()
    const exportAs = async (name: string, ids = [id]) =>
      mutate(
        `mutation($m: ID!, $e: [ID!]!, $n: String!) { exportEdits(modelId: $m, editIds: $e, name: $n) {
          task { id } errors { code field } } }`,
        { m: api.modelId, e: ids, n: name },
      )
    expect((await exportAs('../x')).errors).toMatchObject([{ code: 'BAD_ARGUMENT', field: 'name' }])
    expect((await exportAs('three-layers')).errors).toMatchObject([{ code: 'MODEL_NAME_TAKEN' }])
    expect((await exportAs('x', [])).errors).toMatchObject([{ field: 'editIds' }])
    const { task } = await exportAs('merged')
    expect((await exportAs('merged')).task.id).toBe(task.id)
    const other = await createOther()
    expect((await exportAs('merged', [other])).errors).toMatchObject([{ code: 'MODEL_NAME_TAKEN' }])
    await onId('cancelEditTask', task.id, 'task { state }')
  })

  /** With the export of the test before it still waiting. */
  async function createOther(): Promise<string> {
    const { edit } = await create()
    const content = sampleEdit({ method: 'sgd', requests: [request] })
    await api.database.prisma.edit.update({
      where: { id: edit.id },
      data: { digest: content.id },
    })
    return edit.id
  }
})

describe('the catalogue', () => {
  it('describes every method with its defaults for a model', async () => {
    const { data } = await api.graphql(
      `{ editMethods(modelId: "${api.modelId}") { name title source requestsPerEdit needs provenance typicalSeconds
        hyperparameters { name kind default min max optional choices { value } published { model value source } } } }`,
    )
    const methods = data.editMethods as { name: string; hyperparameters: { name: string }[] }[]
    expect(methods.map(({ name }) => name)).toHaveLength(11)
    const rome = methods.find(({ name }) => name === 'rome')
    expect(rome).toMatchObject({
      requestsPerEdit: 'ONE',
      needs: expect.arrayContaining(['KEY_COVARIANCE']),
      provenance: 'DERIVED',
      typicalSeconds: null,
    })
    expect(rome?.hyperparameters.find(({ name }) => name === 'layer')).toMatchObject({
      ...{ kind: 'LAYER', min: 0, max: 1 },
      published: expect.arrayContaining([expect.objectContaining({ model: 'gpt2-xl', value: 17 })]),
    })
    const { errors } = await api.graphql('{ editMethods(modelId: "x") { name } }')
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  })

  it('finds facts to edit, with their probes', async () => {
    const find = async (search: string) =>
      (
        await api.graphql(
          `query($s: String!) { editFacts(search: $s, first: 5) { prompt subject target truth paraphrases
            neighbors { prompt target } generationPrompts relation } }`,
          { s: search },
        )
      ).data.editFacts
    const all = await find('')
    expect(all).toHaveLength(5)
    for (const fact of all) {
      expect(fact.prompt).toContain('{}')
      expect(fact.neighbors.length).toBeGreaterThan(0)
      expect(fact.target).not.toBe(fact.truth)
    }
    const [named] = await find(all[2].subject)
    expect(named.subject).toBe(all[2].subject)
    expect(await find('no such subject anywhere')).toEqual([])
  })
})

describe('the guard', () => {
  it('counts what a list of edits costs', async () => {
    const token = 'top { id text probability logit }'
    const effect = `effect { prompts { before { ${token} } after { ${token} } } lens { layer before { id text } after { id text } } }`
    const fields = Array.from({ length: 12 }, (_, i) => `e${i}: ${effect}`).join(' ')
    const { errors } = await api.graphql(`{ edits(first: 100) { edges { node { ${fields} } } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'TOO_COSTLY' } }])
  })
})
