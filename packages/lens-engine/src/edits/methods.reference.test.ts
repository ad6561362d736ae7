// Every method against autograd in PyTorch on the dense weights (goldens-edits), on a GPT-2 and a Llama.
import { afterAll, describe, expect, it } from 'vitest'
import { readEditGoldens, relativeError, requestFromIds } from '../testing/edit-goldens.js'
import { openTestModel } from '../testing/open-test-model.js'
import { completeHyperparameters } from './hyperparameters.js'
import { addressKey, denseValues } from './matrix-delta.js'
import { findEditMethod } from './registry.js'
import { EditLab } from './shared/edit-lab.js'
import { objectiveSequence } from './shared/target-objective.js'

const TOLERANCE = 1e-4
const goldens = readEditGoldens('goldens-edits')
const options = { seed: 0, resources: {}, onProgress: () => undefined }

describe.each(goldens.map((golden) => [golden.name, golden] as const))('%s', (_name, golden) => {
  const { model, close } = openTestModel(golden.directory)
  afterAll(close)

  it.each(golden.cases.map((one) => [one.name, one] as const))('%s', async (name, one) => {
    const method = findEditMethod(one.method)
    const { hyperparameters } = method
    const values = completeHyperparameters(hyperparameters, {}, one.hyperparameters, model.shape)
    const requests = one.requests.map(requestFromIds)
    const result = await method.compute(new EditLab(model), requests, values, options)
    expect(result.outcome).toEqual({ kind: 'edited' })
    expect(result.deltas.length).toBeGreaterThan(0)
    for (const delta of result.deltas) {
      const prefix = one.method === 'sgd' ? `${name}.${addressKey(delta.address)}` : name
      const expected = golden.tensor(`${prefix}.values`)
      expect(expected.shape).toEqual([delta.inputWidth, delta.outputWidth])
      expect(relativeError(denseValues(delta), expected.values)).toBeLessThan(TOLERANCE)
      if (delta.bias !== null) {
        const bias = golden.tensor(`${prefix}.bias`).values
        expect(relativeError(delta.bias, bias)).toBeLessThan(TOLERANCE)
      }
      if (delta.kind === 'low-rank' && one.method === 'forward-shift') {
        expect(relativeError(delta.u, golden.tensor(`${name}.u`).values)).toBeLessThan(TOLERANCE)
        expect(relativeError(delta.v, golden.tensor(`${name}.v`).values)).toBeLessThan(TOLERANCE)
      }
    }
    if (one.method === 'forward-shift') return
    const losses = golden.tensor(`${name}.loss`).values
    expect(relativeError(result.trace[0]?.values ?? [], losses)).toBeLessThan(TOLERANCE)
  })

  it('trains biases exactly where the family has them', async () => {
    const found = golden.cases.find(({ name }) => name === 'ft')
    const values = completeHyperparameters(
      findEditMethod('ft').hyperparameters,
      {},
      found?.hyperparameters ?? {},
      model.shape,
    )
    const requests = (found?.requests ?? []).map(requestFromIds)
    const result = await findEditMethod('ft').compute(new EditLab(model), requests, values, options)
    expect(result.deltas[0]?.bias === null).toBe(golden.name === 'llama-plain')
  })

  it('means the same by each objective', async () => {
    const requests = golden.cases.find(({ name }) => name === 'ft-l')?.requests ?? []
    const expected = golden.tensor('objectives').values
    const lab = new EditLab(model)
    for (const [index, kind] of (['first', 'last-position', 'teacher-forced'] as const).entries()) {
      const { loss } = await lab.run({
        sequences: requests.map((one) => objectiveSequence(requestFromIds(one), kind, 0.5)),
        factors: [{ layer: 1, matrix: 'mlp.down' }],
      })
      expect(loss).toBeCloseTo(expected[index] as number, 4)
    }
  })
})
