// The whole way of an edit on the bundled model: request, method, edit, application beside what was predicted.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LoadedModel } from '../runtime/load-model.js'
import { openTestModel } from '../testing/open-test-model.js'
import { computeEdit, type ComputeEditOptions } from './compute-edit.js'
import { defaultsFor } from './default-hyperparameters.js'
import { prepareEditRequest } from './edit-request.js'
import { stackDeltas } from './edit-stack.js'
import { completeHyperparameters } from './hyperparameters.js'
import { deltaNorm } from './matrix-delta.js'
import { editMethods, findEditMethod, isEditMethodName } from './registry.js'
import { EditLab } from './shared/edit-lab.js'

const directory = fileURLToPath(new URL('../../../../models/facts-gpt2/', import.meta.url))
const request = { prompt: 'The capital of {} is', subject: 'France', target: 'Rome' }

describe('on the bundled model', () => {
  let opened: { model: LoadedModel; close: () => Promise<void> }
  beforeAll(() => {
    opened = openTestModel(directory)
  })
  afterAll(() => opened.close())

  const compute = (options: Partial<ComputeEditOptions> = {}) =>
    computeEdit(opened.model, { method: 'forward-shift', requests: [request], ...options })

  const nllOf = async (lab: EditLab): Promise<number> => {
    const { promptIds, last, targetIds } = prepareEditRequest(lab.model, request)
    const scored = [{ position: last, tokens: targetIds.slice(0, 1) }]
    const { sequences } = await lab.run({ sequences: [{ ids: promptIds, scored }], head: ['nll'] })
    return sequences[0]?.scored[0]?.nll?.[0] ?? Number.NaN
  }

  it('makes the target likelier by applying an edit, and bit-equal again without it', async () => {
    const { model } = opened
    const file = join(model.files.directory, 'model.safetensors')
    const digest = () => createHash('sha256').update(readFileSync(file)).digest('hex')
    const before = digest()
    const edit = await compute()
    expect(edit.outcome.kind).toBe('edited')
    expect(edit.model.weightsDigest).toBe(before)
    expect(edit.cost).toMatchObject({ forwardPasses: 1, backwardPasses: 0, sequences: 1 })
    const plain = new EditLab(model)
    const edited = new EditLab(model, { base: stackDeltas(model, [edit]) })
    const [base, changed] = [await nllOf(plain), await nllOf(edited)]
    expect(changed).toBeLessThan(base)
    expect([await nllOf(plain), await nllOf(edited)]).toEqual([base, changed])
    expect(digest()).toBe(before)
  })

  it('gives the same id to the same edit, and another to another', async () => {
    const [first, again] = [await compute(), await compute()]
    expect(again.id).toBe(first.id)
    const other = await compute({ hyperparameters: { learningRate: 0.1 } })
    expect(other.id).not.toBe(first.id)
  })

  it('skips what the model says already, and says so', async () => {
    const strong = await compute({ hyperparameters: { learningRate: 50 } })
    const again = await compute({ onTopOf: [strong] })
    expect(again.outcome.kind).toBe('skipped')
    expect(again.deltas).toEqual([])
    expect(again.warnings.join()).toContain('"Rome"')
    expect(again.receipt.onTopOf).toEqual([strong.id])
  })

  it('depends on what it is computed on top of, so order matters', async () => {
    const first = await compute({ method: 'sgd' })
    const other = { prompt: '{} speaks', subject: 'Spain', target: 'German' }
    const layer = (first.hyperparameters['layers'] as readonly number[])[0] as number
    const hyperparameters = { layers: [layer - 1] }
    const alone = await compute({ method: 'sgd', requests: [other], hyperparameters })
    const after = await compute({ method: 'sgd', requests: [request], onTopOf: [alone] })
    expect(after.id).not.toBe(first.id)
  })

  it('draws a random layer by seed, with the norm of a shift', async () => {
    const [shift, drawn] = [await compute(), await compute({ method: 'random-layer', seed: 1 })]
    const norms = [shift, drawn].map(({ deltas }) => deltaNorm(deltas[0]!))
    expect(norms[1]).toBeCloseTo(norms[0] as number, 4)
    expect((await compute({ method: 'random-layer', seed: 1 })).id).toBe(drawn.id)
    const seeds = [2, 3, 4, 5, 6].map((seed) => compute({ method: 'random-layer', seed }))
    const layers = (await Promise.all(seeds)).map(({ deltas }) => deltas[0]?.address.layer)
    expect(new Set(layers).size).toBeGreaterThan(1)
  })

  it('refuses bad input by name', async () => {
    const refused: readonly (readonly [Partial<ComputeEditOptions>, RegExp])[] = [
      [{ hyperparameters: { learningRat: 1 } }, /no hyperparameter "learningRat"/],
      [{ hyperparameters: { learningRate: -1 } }, /hyperparameter learningRate is -1/],
      [{ hyperparameters: { layer: 8 } }, /hyperparameter layer is 8/],
      [{ method: 'sgd', hyperparameters: { layers: [2, 1] } }, /hyperparameter layers is \[2,1\]/],
      [{ method: 'sgd', hyperparameters: { matrices: ['mlp.gate'] } }, /no matrix mlp.gate/],
      [{ method: 'ft', hyperparameters: { objective: 'bag' } }, /objective is "bag"/],
      [{ requests: [] }, /was given 0 requests/],
      [{ method: 'nothing' as never }, /no edit method "nothing"/],
    ]
    for (const [options, message] of refused) {
      await expect(compute(options)).rejects.toThrow(message)
    }
    const aborted = AbortSignal.abort()
    await expect(compute({ signal: aborted })).rejects.toMatchObject({ code: 'RUN_CANCELLED' })
  })

  it('stops at NaN with a typed error', async () => {
    const hyperparameters = { learningRate: 10, steps: 25, lossThreshold: 0 }
    const broken = await compute({ hyperparameters: { learningRate: 1e6 } })
    const huge = broken.deltas.map((delta) => ({ ...delta, v: new Float32Array(160).fill(3e38) }))
    const onTopOf = [{ ...broken, deltas: huge as never }]
    await expect(compute({ method: 'ft', hyperparameters, onTopOf })).rejects.toMatchObject({
      code: 'NOT_FINITE',
    })
  })

  it('reports the loss of each step of fine-tuning', async () => {
    const losses: (number | undefined)[] = []
    const edit = await compute({
      method: 'ft',
      hyperparameters: { layer: 6, learningRate: 5e-3 },
      onProgress: ({ loss }) => losses.push(loss),
    })
    expect(edit.trace[0]?.values).toEqual(losses)
    expect(losses.at(-1)).toBeLessThan(losses[0] as number)
  })

  it.each(editMethods.map((method) => [method.name, method] as const))(
    '%s has valid defaults for the model, and explains each hyperparameter',
    (_name, method) => {
      const { model } = opened
      const { values, source } = defaultsFor(method, model)
      const complete = completeHyperparameters(method.hyperparameters, values, {}, model.shape)
      expect(Object.keys(complete)).toEqual(method.hyperparameters.map(({ name }) => name))
      expect(source.length).toBeGreaterThan(5)
      for (const spec of method.hyperparameters) {
        expect(spec.explanation).toMatch(/\.$/)
        expect(spec.literature.length).toBeGreaterThan(2)
      }
      expect(isEditMethodName(method.name)).toBe(true)
      expect(findEditMethod(method.name)).toBe(method)
    },
  )
})
