// ROME, r-ROME, p-ROME, MEMIT and AlphaEdit against dense weights and autograd in PyTorch, float64 (goldens-memory-edits):
// the same keys, the same steps of the value, the same update of each matrix.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { MatrixAddress } from '../architectures/hook-points.js'
import { openTestModel } from '../testing/open-test-model.js'
import { openTensors } from '../testing/read-golden.js'
import { relativeError } from '../testing/edit-goldens.js'
import type {
  ComputeOptions,
  EditMethodName,
  KeyCovariance,
  OptimizedValue,
} from './edit-method.js'
import { prepareEditRequest, type EditRequest } from './edit-request.js'
import { completeHyperparameters, type HyperparameterValues } from './hyperparameters.js'
import { addressKey, denseValues } from './matrix-delta.js'
import { findEditMethod } from './registry.js'
import { EditLab } from './shared/edit-lab.js'

interface Case {
  readonly name: string
  readonly method: EditMethodName
  readonly requests: readonly EditRequest[]
  readonly earlier: readonly EditRequest[]
  readonly hyperparameters: HyperparameterValues
}

interface Reference {
  readonly contexts: readonly string[]
  readonly cases: readonly Case[]
}

const folder = (name: string): string =>
  fileURLToPath(new URL(`../../goldens-memory-edits/${name}/`, import.meta.url))

/** Relative, of a whole matrix: the issue allows 1e-3; float32 against float64 stays well below. */
const TOLERANCE = 1e-4

describe.each(['gpt2', 'llama'])('%s', (name) => {
  const directory = folder(name)
  const { contexts, cases } = JSON.parse(
    readFileSync(`${directory}reference.json`, 'utf8'),
  ) as Reference
  const read = openTensors(`${directory}reference.safetensors`)
  const tensor = (key: string): Float64Array => read(key).values
  const { model, close } = openTestModel(directory)
  afterAll(close)

  const keyCovariance = (address: MatrixAddress): Promise<KeyCovariance> => {
    const values = tensor(`covariance.${address.layer}`)
    const width = Math.sqrt(values.length)
    return Promise.resolve({ address, width, values, samples: 400, digest: 'golden' })
  }

  const compute = (one: Case, hyperparameters = one.hyperparameters) => {
    const method = findEditMethod(one.method)
    const prepare = (request: EditRequest) => prepareEditRequest(model, request)
    const options: ComputeOptions = {
      seed: 0,
      resources: { keyCovariance, contextTemplates: () => Promise.resolve(contexts) },
      earlier: [{ method: one.method, requests: one.earlier.map(prepare) }],
      onProgress: () => undefined,
    }
    const values = completeHyperparameters(method.hyperparameters, {}, hyperparameters, model.shape)
    return method.compute(new EditLab(model), one.requests.map(prepare), values, options)
  }

  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const result = await compute(one)
    expect(result.outcome).toEqual({ kind: 'edited' })
    const curves = result.trace.filter(({ name: label }) => /^loss(, request \d)?$/.test(label))
    const alone = 'layer' in one.hyperparameters
    curves.forEach(({ values }, index) => {
      const key = alone ? 'loss' : `loss.${index}`
      expect(relativeError(values, tensor(`${one.name}.${key}`))).toBeLessThan(TOLERANCE)
    })
    expect(curves.length).toBe(one.requests.length)
    for (const delta of result.deltas) {
      const key = `${one.name}.layers.${delta.address.layer}`
      if (alone && delta.kind === 'low-rank') {
        expect(relativeError(delta.u, tensor(`${key}.u`))).toBeLessThan(TOLERANCE)
        expect(relativeError(delta.v, tensor(`${key}.v`))).toBeLessThan(TOLERANCE)
      } else {
        expect(
          relativeError(denseValues(delta), tensor(`${key}.values`)),
          addressKey(delta.address),
        ).toBeLessThan(TOLERANCE)
      }
    }
    const layers = (one.hyperparameters['layers'] ?? [one.hyperparameters['layer']]) as number[]
    expect(result.deltas.map(({ address }) => address.layer)).toEqual(layers)
  })

  it('keeps earlier keys in place: the update differs from that of the first edit', async () => {
    const later = cases.find(({ name: label }) => label === 'alphaedit-later') as Case
    const [first, second] = [await compute({ ...later, earlier: [] }), await compute(later)]
    const difference = relativeError(
      denseValues(first.deltas[0] as never),
      denseValues(second.deltas[0] as never),
    )
    expect(difference).toBeGreaterThan(10 * TOLERANCE)
  })

  it('optimises a value once for methods that ask for the same, with the same bits', async () => {
    const one = cases.find(({ name: label }) => label === 'rome') as Case
    const requests = one.requests.map((request) => prepareEditRequest(model, request))
    const resources = { keyCovariance, contextTemplates: () => Promise.resolve(contexts) }
    const run = async (
      keys: string,
      contextCount: number,
      values?: Map<string, OptimizedValue>,
    ) => {
      const { hyperparameters: specs, compute: computeOne } = findEditMethod('rome')
      const given = { keys, contexts: contextCount }
      const settings = completeHyperparameters(specs, one.hyperparameters, given, model.shape)
      const lab = new EditLab(model)
      const { deltas } = await computeOne(lab, requests, settings, {
        seed: 0,
        resources: { ...resources, ...(values === undefined ? {} : { values }) },
        onProgress: () => undefined,
      })
      return { deltas, backwardPasses: lab.cost.backwardPasses }
    }
    const values = new Map<string, OptimizedValue>()
    const first = await run('original', 3, values)
    const shared = await run('mean', 3, values)
    const alone = await run('mean', 3)
    expect(shared.backwardPasses).toBe(0)
    expect(alone.backwardPasses).toBe(first.backwardPasses)
    expect(shared.deltas).toEqual(alone.deltas)
    const fewer = await run('mean', 2, values)
    expect(fewer.backwardPasses).toBeGreaterThan(0)
    expect(fewer.deltas).not.toEqual(alone.deltas)
    expect(values.size).toBe(2)
  })

  it('refuses a singular covariance by name, and solves it with a ridge', async () => {
    const one = cases.find(({ name: label }) => label === 'rome') as Case
    const method = findEditMethod('rome')
    const requests = one.requests.map((request) => prepareEditRequest(model, request))
    const singular = async (address: MatrixAddress): Promise<KeyCovariance> => {
      const whole = await keyCovariance(address)
      return { ...whole, values: whole.values.fill(0, 0, whole.width * (whole.width / 2)) }
    }
    const run = (ridge: number) =>
      method.compute(
        new EditLab(model),
        requests,
        completeHyperparameters(
          method.hyperparameters,
          {},
          { ...one.hyperparameters, ridge },
          model.shape,
        ),
        {
          seed: 0,
          resources: { keyCovariance: singular, contextTemplates: () => Promise.resolve(contexts) },
          onProgress: () => undefined,
        },
      )
    await expect(run(0)).rejects.toMatchObject({ code: 'KEY_COVARIANCE_SINGULAR' })
    await expect(run(10)).resolves.toMatchObject({ outcome: { kind: 'edited' } })
  })

  it('names the command when no covariance was given', async () => {
    const one = cases.find(({ name: label }) => label === 'memit-one') as Case
    const method = findEditMethod('memit')
    const values = completeHyperparameters(
      method.hyperparameters,
      {},
      one.hyperparameters,
      model.shape,
    )
    const requests = one.requests.map((request) => prepareEditRequest(model, request))
    const running = method.compute(new EditLab(model), requests, values, {
      seed: 0,
      resources: { contextTemplates: () => Promise.resolve(contexts) },
      onProgress: () => undefined,
    })
    await expect(running).rejects.toMatchObject({ code: 'KEY_COVARIANCE_MISSING' })
  })
})
