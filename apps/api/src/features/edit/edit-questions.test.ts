import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sampleEdit } from '../../engine/testing/sample-edit.js'
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

describe('questions about edits', () => {
  const ask = (editIds: string[], prompt: string) =>
    mutate(
      api,
      'mutation($i: TryEditsInput!) { tryEdits(input: $i) { task { id state kind } errors { code field } } }',
      { i: { modelId: api.modelId, editIds, prompt } },
    )

  it('that are equal are asked once; a newer one cancels those that still wait', async () => {
    const id = await edits.createComputed()
    const first = await ask([id], 'one')
    expect(first.task).toMatchObject({ kind: 'TRY', state: 'QUEUED' })
    expect((await ask([id], 'one')).task.id).toBe(first.task.id)
    const second = await ask([], 'one')
    expect(second.task.id).not.toBe(first.task.id)
    const { data } = await api.graphql(`{ editTask(id: "${first.task.id}") { state } }`)
    expect(data.editTask.state).toBe('CANCELLED')
    expect((await ask([id], '')).errors).toMatchObject([{ code: 'PROMPT_EMPTY', field: 'prompt' }])
    const cancelled = await edits.onId('cancelEditTask', second.task.id, 'task { state }')
    expect(cancelled.task.state).toBe('CANCELLED')
    expect(
      (await edits.onId('cancelEditTask', second.task.id, 'task { state }')).errors,
    ).toMatchObject([{ code: 'TASK_ENDED' }])
  })

  it('a run of the lens under edits needs computed edits of its model', async () => {
    const run = { modelId: otherModelId, promptText: 'a', targetText: 'b' }
    const look = (editIds: string[]) =>
      api.services.lensRuns.create(api.viewer, { ...run, editIds })
    const id = await edits.createComputed()
    await expect(look([id])).rejects.toMatchObject({ code: 'EDIT_WRONG_MODEL', field: 'editIds' })
    await expect(look([''])).rejects.toMatchObject({ code: 'EDIT_NOT_FOUND' })
    expect(await api.database.prisma.lensRun.count()).toBe(0)
  })

  it('an export needs a name that is free, and edits', async () => {
    const id = await edits.createComputed()
    const exportAs = async (name: string, ids = [id]) =>
      mutate(
        api,
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
    await edits.onId('cancelEditTask', task.id, 'task { state }')
  })

  /** With the export of the test before it still waiting. */
  async function createOther(): Promise<string> {
    const { edit } = await edits.create()
    const content = sampleEdit({ method: 'sgd', requests: [sampleRequest] })
    await api.database.prisma.edit.update({
      where: { id: edit.id },
      data: { digest: content.id },
    })
    return edit.id
  }
})
