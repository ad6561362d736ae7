// The lens under a stack of edits sees the model that has them merged into its weights.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { generateModel, type ModelShapeName } from '../cli/generate-model.js'
import { describeEditedModel } from '../edits/edit-stack.js'
import type { Edit } from '../edits/edit.js'
import { exportMerged } from '../edits/export-merged.js'
import { denseDelta, lowRankDelta, type MatrixDelta } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import type { LensRequest, LensResult } from '../lens/lens-result.js'
import { runLens } from '../lens/run-lens.js'
import { openModel } from '../models/model-store.js'
import { loadModel, type LoadedModel } from '../runtime/load-model.js'
import { createRandom } from '../tensor/seeded-random.js'
import { relativeError } from '../testing/compare-tensors.js'
import { lensUnder } from './lens-under-edits.js'

const TOLERANCE = 1e-4

const root = mkdtempSync(join(tmpdir(), 'imprint-lens-under-'))
const home = join(root, 'home')
afterAll(() => rmSync(root, { recursive: true }))

const requests: readonly LensRequest[] = [
  { prompt: { ids: [3, 14, 15, 9, 2, 6] }, target: { ids: [5] }, vectors: true },
  { prompt: { ids: [7, 1] }, target: { ids: [8, 4] }, targetMode: 'sequence', vectors: true },
]

const asEdit = (model: LoadedModel, id: string, deltas: readonly MatrixDelta[]): Edit => ({
  id,
  method: 'sgd',
  hyperparameters: {},
  requests: [],
  model: describeEditedModel(model),
  outcome: { kind: 'edited' },
  deltas,
  trace: [],
  warnings: [],
  cost: {
    forwardPasses: 0,
    backwardPasses: 0,
    sequences: 0,
    tokens: 0,
    milliseconds: 0,
    peakBytes: 0,
  },
  receipt: {
    engineVersion: '',
    runtimeVersion: '',
    provider: 'cpu',
    dtype: 'F32',
    threads: 1,
    seed: 0,
    graphDigests: [],
    defaults: '',
    onTopOf: [],
  },
})

/** Low rank on two matrices, one of them twice, and dense on a third. */
function makeEdits(model: LoadedModel): readonly Edit[] {
  const random = createRandom(7)
  const lab = new EditLab(model)
  const thin = (layer: number, matrix: 'mlp.down' | 'mlp.up', rank: number): MatrixDelta => {
    const [width, out] = lab.widths({ layer, matrix })
    const [u, v] = [random.normals(width * rank, 0.3), random.normals(rank * out, 0.3)]
    return lowRankDelta({ address: { layer, matrix }, rank, u, v })
  }
  const whole = { layer: 1, matrix: 'attention.query' } as const
  const [width, out] = lab.widths(whole)
  const values = random.normals(width * out, 0.05)
  return [
    asEdit(model, 'first', [thin(0, 'mlp.down', 1), thin(1, 'mlp.up', 3)]),
    asEdit(model, 'second', [
      thin(0, 'mlp.down', 2),
      denseDelta({ address: whole, inputWidth: width, values }),
    ]),
  ]
}

function expectSame(found: LensResult, wanted: LensResult): void {
  expect(found.loss).toBeCloseTo(wanted.loss, 4)
  expect(found.next.map(({ id }) => id)).toEqual(wanted.next.map(({ id }) => id))
  expect(found.matrices.length).toBe(wanted.matrices.length)
  wanted.matrices.forEach((cells, index) => {
    const other = found.matrices[index]!
    expect(other.targetRank).toEqual(cells.targetRank)
    expect(other.topIds.slice(0, 3)).toEqual(cells.topIds.slice(0, 3))
    expect(relativeError(other.vjpNorm, cells.vjpNorm)).toBeLessThan(TOLERANCE)
  })
  wanted.vectors.forEach(({ input, vjp }, index) => {
    const other = found.vectors[index]!
    expect(relativeError(other.input, input)).toBeLessThan(TOLERANCE)
    if (vjp.some((value) => value !== 0)) {
      expect(relativeError(other.vjp, vjp)).toBeLessThan(TOLERANCE)
    }
  })
  wanted.imprint.forEach(({ ownChange }, index) => {
    expect(relativeError(found.imprint[index]!.ownChange, ownChange)).toBeLessThan(TOLERANCE)
  })
  wanted.hiddenStates.forEach(({ topLogits }, index) => {
    expect(relativeError(found.hiddenStates[index]!.topLogits, topLogits)).toBeLessThan(TOLERANCE)
  })
  for (const check of found.gradientCheck) expect(check.relativeError).toBeLessThan(1e-2)
}

const shapes: readonly ModelShapeName[] = ['tiny', 'tiny-llama']

describe.each(shapes)('%s', (shape) => {
  const directory = generateModel(join(root, shape), { shape, dtype: 'f32', seed: 11 })
  const files = openModel(directory, { home })
  const model = loadModel(files, { threads: 1 })
  const edits = makeEdits(model)
  afterAll(() => model.dispose())

  it('is the lens of the merged export, gradients, words, checks and all', async () => {
    const exported = await exportMerged(model, edits, join(root, `${shape}-merged`))
    const merged = loadModel(openModel(exported.directory, { home }), { threads: 1 })
    const wanted = await runLens(merged, requests)
    await merged.dispose()
    const found = await runLens(model, requests, { under: lensUnder(model, edits) })
    found.forEach((result, index) => expectSame(result, wanted[index]!))
    expect(found[0]?.receipt.edits).toEqual(['first', 'second'])
    expect(found[0]?.receipt.weightsDigest).toBe(files.weightsDigest)
  })

  it('goes block by block to the same numbers', async () => {
    const whole = await runLens(model, requests, { under: lensUnder(model, edits) })
    const streamed = loadModel(files, { threads: 1, streaming: true })
    const found = await runLens(streamed, requests, { under: lensUnder(streamed, edits) })
    await streamed.dispose()
    expect(found[0]?.receipt).toMatchObject({ streaming: true, edits: ['first', 'second'] })
    found.forEach((result, index) => expectSame(result, whole[index]!))
  })

  it('leaves the model as it is: the same bits and graph before and after', async () => {
    const before = await runLens(model, requests)
    const edited = await runLens(model, requests, { under: lensUnder(model, edits) })
    const after = await runLens(model, requests)
    expect(after.map(({ receipt: _, ...numbers }) => numbers)).toEqual(
      before.map(({ receipt: _, ...numbers }) => numbers),
    )
    expect(after[0]?.receipt).toMatchObject({
      edits: [],
      graphDigest: before[0]?.receipt.graphDigest,
    })
    expect(edited[0]?.receipt.graphDigest).not.toBe(before[0]?.receipt.graphDigest)
    expect(edited[0]?.loss).not.toBeCloseTo(before[0]!.loss, 3)
  })

  it('refuses edits of other weights', () => {
    const [edit] = edits as [Edit]
    const foreign = { ...edit, model: { ...edit.model, weightsDigest: 'another' } }
    expect(() => lensUnder(model, [foreign])).toThrow(/made for/)
  })
})
