// Words, near neurons, activity and scaled rows of a layer, against PyTorch on a GPT-2 and a Llama (goldens-neurons).
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { computeEdit } from '../edits/compute-edit.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import type { TargetMode } from '../lens/lens-result.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { summarizeActivity } from './neuron-activity.js'
import { findNearNeurons } from './near-neurons.js'
import type { NeuronPart } from './neuron-part.js'
import type { SurveyCase } from './read-activity.js'
import { surveyNeurons, type SurveyStep, type SurveyedNeurons } from './survey-neurons-task.js'

interface Words {
  readonly topIds: readonly (readonly number[])[]
  readonly topScores: readonly (readonly number[])[]
  readonly bottomIds: readonly (readonly number[])[]
  readonly bottomScores: readonly (readonly number[])[]
}

interface Moment {
  readonly run: number
  readonly position: number
  readonly token: number
  readonly activation: number
  readonly coefficient: number
  readonly imprint: number
}

interface Golden {
  readonly model: string
  readonly layer: number
  readonly cases: readonly {
    promptIds: readonly number[]
    targetIds: readonly number[]
    targetMode: TargetMode
  }[]
  readonly norms: Readonly<Record<string, readonly number[]>>
  readonly words: Readonly<Record<string, Words>>
  readonly nearest: Readonly<
    Record<string, { ids: readonly (readonly number[])[]; cosines: readonly (readonly number[])[] }>
  >
  readonly activity: readonly {
    readonly maxActivation: number
    readonly meanActivation: number
    readonly maxCoefficient: number
    readonly histogram: { start: number; width: number; counts: readonly number[] }
    readonly byActivation: readonly Moment[]
    readonly byCoefficient: readonly Moment[]
  }[]
  readonly scaled: {
    readonly neuron: number
    readonly factors: readonly number[]
    readonly logits: readonly (readonly (readonly number[])[])[]
  }
}

const goldens = fileURLToPath(new URL('../../goldens-neurons/', import.meta.url))
const TOLERANCE = 5e-5

/** @param relativeTo what is small is compared with this */
function expectNear(found: ArrayLike<number>, wanted: readonly number[], relativeTo = 1): void {
  expect(found.length).toBe(wanted.length)
  wanted.forEach((value, index) => {
    const error = Math.abs((found[index] as number) - value)
    const scale = Math.max(relativeTo, Math.abs(value))
    if (!(error <= TOLERANCE * scale)) expect(found[index], `place ${index}`).toBe(value)
  })
}

/** Where two neighbours of the reference are closer than rounding, either may come first. */
function expectIds(found: ArrayLike<number>, wanted: readonly number[], by: readonly number[]) {
  wanted.forEach((id, rank) => {
    const near = [by[rank - 1], by[rank + 1]].some(
      (other) => other !== undefined && Math.abs(other - (by[rank] as number)) < 1e-5,
    )
    if (!near && rank < wanted.length - 1) expect(found[rank]).toBe(id)
  })
}

const rowOf = (parts: readonly NeuronPart[], kind: string, neuron: number) => {
  const part = parts.find((one) => one.kind === kind) as NeuronPart
  return part.data.slice(neuron * part.width, (neuron + 1) * part.width)
}

describe.each(['d32-h4', 'llama-plain'])('the neurons of %s', (name) => {
  const golden = JSON.parse(readFileSync(join(goldens, `${name}.json`), 'utf8')) as Golden
  const { layer, activity, words, nearest, norms } = golden
  const neurons = activity.length
  const cases = golden.cases.map((one, place): SurveyCase => ({
    ...one,
    id: `run-${place}`,
    place,
  }))
  let subject: TestModel
  beforeAll(() => {
    subject = openTestModel(join(dirname(goldens), golden.model))
  })
  afterAll(() => subject.close())
  const survey = (
    step: SurveyStep,
    asked: readonly SurveyCase[] = [],
    at = layer,
  ): Promise<SurveyedNeurons> =>
    surveyNeurons(subject.model, {
      ...{ kind: 'survey-neurons', model: name, layer: at, step, cases: asked },
    })

  it('have the words and norms of their vectors, in whatever pieces they are asked', async () => {
    const half = Math.ceil(neurons / 2)
    for (const first of [0, half]) {
      const { words: found } = await survey({ kind: 'words', first, count: half })
      const { count, parts, keyNorms, valueNorms } = found!
      expect(count).toBe(Math.min(half, neurons - first))
      expectNear(keyNorms, norms['key']!.slice(first, first + count), 0)
      expectNear(valueNorms, norms['value']!.slice(first, first + count), 0)
      expect(parts).toHaveLength(Object.keys(words).length * 4)
      for (const [role, wanted] of Object.entries(words))
        for (let place = 0; place < count; place++) {
          const neuron = first + place
          expectNear(rowOf(parts, `${role}.top.scores`, place), wanted.topScores[neuron]!)
          expectNear(rowOf(parts, `${role}.bottom.scores`, place), wanted.bottomScores[neuron]!)
          const top = rowOf(parts, `${role}.top.ids`, place)
          expectIds(top, wanted.topIds[neuron]!, wanted.topScores[neuron]!)
          const bottom = rowOf(parts, `${role}.bottom.ids`, place)
          expectIds(bottom, wanted.bottomIds[neuron]!, wanted.bottomScores[neuron]!)
        }
    }
  })

  it('have the nearest of all layers by cosine, without themselves', async () => {
    const { nearest: found } = await survey({ kind: 'nearest' })
    expect(found!.layers).toBe(subject.model.shape.layers)
    for (const [by, wanted] of Object.entries(nearest))
      for (let neuron = 0; neuron < neurons; neuron++) {
        expectNear(rowOf(found!.parts, `near.${by}.cosines`, neuron), wanted.cosines[neuron]!)
        const ids = rowOf(found!.parts, `near.${by}.ids`, neuron)
        expectIds(ids, wanted.ids[neuron]!, wanted.cosines[neuron]!)
        expect(ids).not.toContain(layer * neurons + neuron)
      }
    const one = await findNearNeurons(subject.model, layer, { range: { first: 5, count: 1 } })
    for (const { kind, data } of one.parts) expectNear(data, [...rowOf(found!.parts, kind, 5)])
  })

  it('are read over prompts as hooks and autograd read them, also when the sums cross a wire', async () => {
    const first = await survey({ kind: 'activity', before: null }, cases.slice(0, 1))
    const before = structuredClone(first.activity)
    const { activity: found } = await survey({ kind: 'activity', before }, cases.slice(1))
    expect(found!.runs).toBe(cases.length)
    const { parts, ...all } = summarizeActivity(found!)
    const firing = Math.max(...activity.map((one) => Math.abs(one.maxActivation)))
    const strongest = Math.max(...activity.map((one) => Math.abs(one.maxCoefficient)))
    const of = <Value>(read: (one: Golden['activity'][0]) => Value) => activity.map(read)
    expectNear(
      all.maxActivation,
      of((one) => one.maxActivation),
      0.01,
    )
    expectNear(
      all.meanActivation,
      of((one) => one.meanActivation),
      0.01,
    )
    expectNear(
      all.maxCoefficient,
      of((one) => one.maxCoefficient),
      strongest,
    )
    activity.forEach(({ histogram, byActivation, byCoefficient }, neuron) => {
      expect(all.histogramStart[neuron]).toBe(histogram.start)
      expect(all.binWidth[neuron]).toBe(histogram.width)
      expect([...all.histogram.slice(neuron * 12, neuron * 12 + 12)]).toEqual(histogram.counts)
      for (const [by, wanted, name_] of [
        ['activation', byActivation, 'activation'],
        ['coefficient', byCoefficient, 'coefficient'],
      ] as const) {
        const values = wanted.map((one) => one[name_])
        const real = (kind: keyof Moment) => rowOf(parts, `moments.${by}.${kind}`, neuron)
        expectNear(real(name_), values, name_ === 'activation' ? firing : strongest)
        const sizes = values.map((value) => Math.abs(value))
        for (const kind of ['run', 'position', 'token'] as const)
          expectIds(
            real(kind),
            wanted.map((one) => one[kind]),
            sizes,
          )
      }
    })
  })

  it('imprint what the paper says: -(x . x) delta', async () => {
    const { activity: found } = await survey({ kind: 'activity', before: null }, cases)
    const { parts } = summarizeActivity(found!)
    const wanted = activity.map(({ byCoefficient: [strongest] }) => strongest!.imprint)
    const largest = Math.max(...wanted.map(Math.abs))
    expectNear(
      wanted.map((_, neuron) => rowOf(parts, 'moments.coefficient.imprint', neuron)[0]!),
      wanted,
      largest,
    )
  })

  it('are scaled by an edit as if the row of the weights were', async () => {
    const { neuron, factors, logits } = golden.scaled
    for (const [index, factor] of factors.entries()) {
      const { deltas, outcome } = await computeEdit(subject.model, {
        method: 'scale-neuron',
        requests: [],
        hyperparameters: { layer, neuron, factor },
      })
      expect(outcome.kind).toBe(factor === 1 ? 'skipped' : 'edited')
      expect(deltas).toHaveLength(factor === 1 ? 0 : 1)
      const lab = new EditLab(subject.model, { base: deltas })
      for (const [place, { promptIds }] of cases.entries()) {
        const scored = [{ position: promptIds.length - 1, tokens: [0] }]
        const { sequences } = await lab.run({
          sequences: [{ ids: promptIds, scored }],
          head: ['logits'],
        })
        expectNear(sequences[0]!.scored[0]!.logits!, logits[index]![place]!)
      }
    }
  })

  it('are refused by name where there are none', async () => {
    const nowhere = { code: 'BAD_ARGUMENT' }
    for (const at of [-1, 99, 0.5])
      await expect(survey({ kind: 'nearest' }, [], at)).rejects.toMatchObject(nowhere)
    await expect(
      computeEdit(subject.model, {
        ...{ method: 'scale-neuron', requests: [] },
        hyperparameters: { layer, neuron: neurons, factor: 0 },
      }),
    ).rejects.toMatchObject({ ...nowhere, details: { neuron: String(neurons) } })
    await expect(
      survey({ kind: 'activity', before: null }, [{ ...cases[0]!, promptIds: [10 ** 6] }]),
    ).rejects.toMatchObject({ code: 'TOKEN_OUT_OF_RANGE' })
    await expect(
      computeEdit(subject.model, { method: 'no-edit', requests: [] }),
    ).rejects.toMatchObject(nowhere)
  })
})
