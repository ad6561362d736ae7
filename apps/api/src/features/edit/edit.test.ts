import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeTinyModel } from '../../engine/testing/tiny-model.js'
import { editMutations, mutate, sampleRequest } from '../../testing/edit-mutations.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let otherModelId: string
let edits: ReturnType<typeof editMutations>
beforeAll(async () => {
  api = await startTestApi()
  edits = editMutations(api)
  const { environment, services, viewer } = api
  const directory = writeTinyModel(environment.home, { layers: 3 }, 'three-layers')
  otherModelId = (await services.models.register(viewer, directory, false)).id
})
afterAll(() => api.stop())
beforeEach(() => api.database.prisma.edit.deleteMany())

describe('a saved edit', () => {
  it('is a draft that waits, with what was asked', async () => {
    const neighbors = [{ prompt: 'The capital of Spain is', target: 'Madrid' }]
    const { edit, errors } = await edits.create({ name: ' first ', seed: 7, probes: { neighbors } })
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
      Array.from({ length: 4 }, () => edits.create({ clientMutationId: 'a' })),
    )
    expect(new Set(all.map(({ edit }) => edit.id)).size).toBe(1)
    expect(await api.database.prisma.editTask.count()).toBe(1)
  })

  it('is listed by cursor, and by model, method, state, place in the stack and words', async () => {
    const ids = [await edits.createComputed(), (await edits.create({ method: 'no-edit' })).edit.id]
    ids.push((await edits.create({ requests: [{ ...sampleRequest, subject: 'Spain' }] })).edit.id)
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
    await edits.setStack([ids[0] as string])
    expect(idsOf(await list({ applied: true }))).toEqual([ids[0]])
    expect((await list({ applied: false })).totalCount).toBe(2)
  })

  it('is renamed, cancelled, tried again and deleted', async () => {
    const { edit } = await edits.create()
    const rename = (name: string | null) =>
      mutate(
        api,
        'mutation($id: ID!, $n: String) { renameEdit(id: $id, name: $n) { edit { name } errors { code } } }',
        { id: edit.id, n: name },
      )
    expect((await rename('Rome')).edit.name).toBe('Rome')
    expect((await rename('')).edit.name).toBeNull()
    expect((await edits.onId('retryEdit', edit.id)).errors).toMatchObject([
      { code: 'EDIT_NOT_FAILED' },
    ])
    expect((await edits.onId('cancelEdit', edit.id)).edit.task.state).toBe('CANCELLED')
    expect((await edits.onId('cancelEdit', edit.id)).errors).toMatchObject([{ code: 'EDIT_ENDED' }])
    expect((await edits.onId('retryEdit', edit.id)).edit.task.state).toBe('QUEUED')
    expect((await edits.onId('deleteEdit', edit.id, 'deletedId')).deletedId).toBe(edit.id)
    expect((await edits.onId('deleteEdit', edit.id, 'deletedId')).errors).toMatchObject([
      { code: 'EDIT_NOT_FOUND', field: 'id' },
    ])
    const actions = await api.database.prisma.auditEvent.findMany({ where: { subject: edit.id } })
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['edit.create', 'edit.cancel', 'edit.retry', 'edit.delete']),
    )
  })

  it('is not deleted while a stack or another edit needs it', async () => {
    const id = await edits.createComputed()
    const above = await edits.create({ onTopOf: [id] })
    expect(above.edit.onTopOf).toEqual([id])
    const remove = () => edits.onId('deleteEdit', id, 'deletedId')
    expect((await remove()).errors).toMatchObject([{ code: 'EDIT_IN_USE' }])
    await edits.onId('deleteEdit', above.edit.id, 'deletedId')
    await edits.setStack([id])
    expect((await remove()).errors).toMatchObject([{ code: 'EDIT_IN_USE' }])
    await edits.setStack([])
    expect((await remove()).deletedId).toBe(id)
  })

  it('that was changed in the database is not given out', async () => {
    const id = await edits.createComputed()
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
