import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { addEditRow, addRunRow, addStranger } from '../../testing/test-team.js'
import type { AnchorInput } from './anchor.input.js'

let api: TestApi
let runId: string
let editId: string
const digest = 'a'.repeat(64)
beforeAll(async () => {
  api = await startTestApi()
  runId = await addRunRow(api, digest)
  editId = await addEditRow(api, api.viewer, { name: 'France to Rome' })
})
afterAll(() => api.stop())

const check = (input: AnchorInput) => api.services.anchors.check(api.viewer, input)
const cell = (more: Partial<AnchorInput> = {}): AnchorInput => ({
  ...{ kind: 'CELL', runId, layer: 1, position: 3, matrix: 'MLP_UP', factor: 'INPUT', ...more },
})
const wordsOf = async (input: AnchorInput) => {
  const { stored } = await check(input)
  return (await api.services.anchors.words(api.viewer, [stored]))[0]
}

describe('an anchor', () => {
  it('of a cell is that of every run of the configuration, and opens the newest', async () => {
    const first = await check(cell())
    expect(first.key).toBe(`cell:${digest}/1/3/MLP_UP/INPUT`)
    expect(first).toMatchObject({ modelId: api.modelId, layer: 1, neuron: null })
    expect(first.partOf).toEqual([`run-config:${digest}`])
    const again = await addRunRow(api, digest)
    expect(await check(cell({ runId: again }))).toEqual(first)
    expect(await wordsOf(cell())).toEqual({
      title: 'Cell layer 1 · position 3 · mlp.up · input',
      path: `/lens?run=${again}&cell=1.3&matrix=mlp.up&factor=input`,
      runId: again,
    })
    expect((await check({ kind: 'RUN', id: runId })).parts).toContain(`run-config:${digest}`)
  })

  it('of a neuron, an edit and a chart says what it is and where it opens', async () => {
    const { modelId } = api
    const neuron = { kind: 'NEURON', modelId, layer: 0, index: 5 } as const
    expect(await wordsOf(neuron)).toMatchObject({
      title: 'Neuron 0/5 of tiny-bytes',
      path: `/models/${modelId}/neurons/0/5`,
    })
    expect((await check(neuron)).key).toBe(`neuron:${modelId}/0/5`)
    expect(await wordsOf({ kind: 'EDIT', id: editId })).toMatchObject({
      title: 'Edit France to Rome',
      path: `/edits/${editId}`,
    })
    const chart = { kind: 'CHART', page: `/edits/${editId}`, chart: 'effect' } as const
    const region = [0, 0.5, 2, 0.75]
    const checked = await check({ ...chart, region })
    expect(checked.stored).toMatchObject({ region })
    expect(checked.partOf).toEqual([`edit:${editId}`])
    expect((await wordsOf(chart))?.path).toBe(`/edits/${editId}#effect`)
  })

  it.each<[string, Partial<AnchorInput> & Pick<AnchorInput, 'kind'>, string, string]>([
    ['without an id', { kind: 'EDIT' }, 'BAD_ANCHOR', 'anchor.id'],
    ['with an id that is none', { kind: 'EDIT', id: `x'); --` }, 'EDIT_NOT_FOUND', 'anchor.id'],
    ['of nothing', { kind: 'REVIEW', id: randomUUID() }, 'REVIEW_NOT_FOUND', 'anchor.id'],
    ['of a cell without a run', cell({ runId: null }), 'BAD_ANCHOR', 'anchor.runId'],
    ['of a chart elsewhere', { kind: 'CHART', page: '//evil.example', chart: 'x' }, 'BAD_ANCHOR', 'anchor.page'], // prettier-ignore
    ['of a script', { kind: 'CHART', page: 'javascript:alert(1)', chart: 'x' }, 'BAD_ANCHOR', 'anchor.page'], // prettier-ignore
    ['of a chart of nothing', { kind: 'CHART', page: `/evaluations/${randomUUID()}`, chart: 'x' }, 'EVALUATION_NOT_FOUND', 'anchor.page'], // prettier-ignore
    ['with NUL', { kind: 'CHART', page: '/edits', chart: 'a\0b' }, 'TEXT_INVALID', 'anchor.chart'],
    ['with half a region', { kind: 'CHART', page: '/edits', chart: 'x', region: [0, 1] }, 'BAD_ANCHOR', 'anchor.region'], // prettier-ignore
    ['with NaN', { kind: 'CHART', page: '/edits', chart: 'x', region: [0, NaN, 1, 1] }, 'BAD_ANCHOR', 'anchor.region'], // prettier-ignore
  ])('%s is refused', async (_, input, code, field) => {
    await expect(check(input)).rejects.toMatchObject({ code, field })
  })

  it('of a layer, position, matrix or neuron that is not there is refused', async () => {
    const refused = (input: AnchorInput, field: string) =>
      expect(check(input)).rejects.toMatchObject({ code: 'BAD_ANCHOR', field: `anchor.${field}` })
    await refused(cell({ runId, layer: 99 }), 'layer')
    await refused(cell({ runId, layer: -1 }), 'layer')
    await refused(cell({ runId, position: 4 }), 'position')
    await refused(cell({ runId, matrix: 'MLP_GATE' }), 'matrix')
    await refused({ kind: 'NEURON', modelId: api.modelId, layer: 0, index: 1e6 }, 'index')
  })

  it('of another project is not found, whatever it is', async () => {
    const stranger = await addStranger(api)
    const inputs: [AnchorInput, string][] = [
      [{ kind: 'RUN', id: runId }, 'anchor.id'],
      [{ kind: 'EDIT', id: editId }, 'anchor.id'],
      [cell({ runId }), 'anchor.runId'],
      [{ kind: 'NEURON', modelId: api.modelId, layer: 0, index: 0 }, 'anchor.modelId'],
      [{ kind: 'CHART', page: `/edits/${editId}`, chart: 'x' }, 'anchor.page'],
    ]
    for (const [input, field] of inputs)
      await expect(api.services.anchors.check(stranger, input)).rejects.toMatchObject({
        code: expect.stringMatching(/_NOT_FOUND$/) as string,
        field,
      })
  })

  it('is checked five hundred at once', async () => {
    const inputs = Array.from({ length: 500 }, (_, index) => ({
      ...{ kind: 'NEURON' as const, modelId: api.modelId, layer: index % 2, index: index % 60 },
    }))
    const checked = await api.services.anchors.checkAll(api.viewer, inputs)
    expect(checked).toHaveLength(500)
    const bad = [...inputs.slice(0, 3), { kind: 'EDIT' as const, id: randomUUID() }]
    await expect(api.services.anchors.checkAll(api.viewer, bad)).rejects.toMatchObject({
      field: 'anchors.3.id',
    })
  })
})
