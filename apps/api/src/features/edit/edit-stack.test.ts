import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeTinyModel } from '../../engine/testing/tiny-model.js'
import { editMutations } from '../../testing/edit-mutations.js'
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

describe('the stack of a model', () => {
  it('is set whole: applied, reordered, reverted', async () => {
    const [a, b] = [await edits.createComputed(), await edits.createComputed()]
    const applied = await edits.setStack([a, b], [])
    expect(applied.stack.edits).toMatchObject([
      { id: a, stackPosition: 0, applied: true },
      { id: b, stackPosition: 1 },
    ])
    expect((await edits.setStack([b, a], [a, b])).stack.edits).toMatchObject([{ id: b }, { id: a }])
    expect((await edits.setStack([], [b, a])).stack.edits).toEqual([])
    const { data } = await api.graphql(`{ editStack(modelId: "${api.modelId}") { edits { id } } }`)
    expect(data.editStack.edits).toEqual([])
  })

  it('refuses an order made from one that has changed', async () => {
    const [a, b] = [await edits.createComputed(), await edits.createComputed()]
    await edits.setStack([a])
    expect((await edits.setStack([b], [])).errors).toMatchObject([
      { code: 'CONFLICT', field: 'expected' },
    ])
    const both = await Promise.all([edits.setStack([a, b], [a]), edits.setStack([b, a], [a])])
    expect(both.filter(({ errors }) => errors.length > 0)).toHaveLength(1)
  })

  it('takes only computed edits of its own model, each once', async () => {
    const a = await edits.createComputed()
    const refusal = async (ids: string[], modelId?: string) =>
      (await edits.setStack(ids, undefined, modelId)).errors[0].code
    expect(await refusal([a, a])).toBe('BAD_ARGUMENT')
    expect(await refusal([a], otherModelId)).toBe('EDIT_WRONG_MODEL')
    expect(await refusal([(await edits.create()).edit.id])).toBe('EDIT_NOT_COMPUTED')
    expect(await refusal(['00000000-0000-7000-8000-000000000000'])).toBe('EDIT_NOT_FOUND')
    expect(await refusal([], 'nonsense')).toBe('MODEL_NOT_FOUND')
  })
})
