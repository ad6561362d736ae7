// What a prompt shows, against autograd in PyTorch on a GPT-2 and a Llama (goldens-figures).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PreparedEditRequest } from '../edits/edit-request.js'
import { requestFromIds } from '../testing/edit-goldens.js'
import { openTestModel, type TestModel } from '../testing/open-test-model.js'
import { observePrepared } from './observe-prompt.js'
import {
  isObservation,
  type ObservedMatrix,
  type PromptObservation,
  type SmallestSteps,
} from './prompt-observation.js'
import type { SubjectSpan } from './prompt-segments.js'
import { stepGrid } from './step-search.js'

type GoldenTable = readonly (number | null | 'differs')[]

interface GoldenMatrix {
  readonly matrix: ObservedMatrix['matrix']
  readonly gradientRank: readonly number[]
  readonly inputNorm: GoldenTable
  readonly vjpNorm: GoldenTable
  readonly targetRank: GoldenTable | null
  readonly answerRank: GoldenTable | null
}

interface GoldenPrompt {
  readonly name: string
  readonly promptIds: readonly number[]
  readonly targetIds: readonly number[]
  readonly subjectSpan: SubjectSpan
  readonly loss: number
  readonly answer: number
  readonly segmentLengths: readonly number[]
  readonly matrices: readonly GoldenMatrix[]
  readonly vjpCosine: readonly number[]
  /** [positions][layers] */
  readonly least: readonly (readonly (number | null)[])[]
  readonly known: boolean
  readonly smallestStep: readonly (SmallestSteps & {
    readonly firstOfAll: readonly (number | null)[]
  })[]
}

const packageDirectory = fileURLToPath(new URL('../../', import.meta.url))

function readGolden(name: string): { model: string; cases: readonly GoldenPrompt[] } {
  const path = join(packageDirectory, 'goldens-figures', `${name}.json`)
  return JSON.parse(readFileSync(path, 'utf8')) as { model: string; cases: GoldenPrompt[] }
}

const prepare = (one: GoldenPrompt): PreparedEditRequest => ({
  ...requestFromIds(one),
  subjectSpan: one.subjectSpan,
})

/** Six digits are stored, and the engine computes in float32. */
const TOLERANCE = 2e-5

function expectTable(actual: readonly (number | null)[] | null, expected: GoldenTable): void {
  expect(actual).toHaveLength(expected.length)
  expected.forEach((wanted, place) => {
    const value = actual?.[place] ?? null
    if (wanted === 'differs') return
    if (wanted === null || wanted === 0) expect(value, `place ${place}`).toBe(wanted)
    else
      expect(Math.abs((value ?? Infinity) / wanted - 1), `place ${place}`).toBeLessThan(TOLERANCE)
  })
}

describe.each(['d30-h3-f16', 'llama-plain'])('%s', (name) => {
  const golden = readGolden(name)
  const observed = new Map<string, PromptObservation>()
  let opened: TestModel

  beforeAll(async () => {
    opened = openTestModel(join(packageDirectory, golden.model), { provider: 'cpu', threads: 1 })
    for (const one of golden.cases) {
      const run = await observePrepared(
        opened.model,
        {
          caseId: one.name,
          relation: 'none',
          prepared: prepare(one),
          targetFrom: 'new',
          trueAnswer: one.answer,
        },
        { smallestStep: true },
      )
      if (isObservation(run.observed)) observed.set(one.name, run.observed)
    }
  })
  afterAll(() => opened.close())

  const found = (one: GoldenPrompt): PromptObservation =>
    observed.get(one.name) as PromptObservation

  it.each(golden.cases)('$name: loss, answer and segments', (one) => {
    const { loss, answer, segmentLengths, target, promptLength } = found(one)
    expect(Math.abs(loss / one.loss - 1)).toBeLessThan(TOLERANCE)
    expect(answer).toMatchObject({ id: one.answer, right: true })
    expect(segmentLengths).toEqual(one.segmentLengths)
    expect(target).toMatchObject({ id: one.targetIds[0], tokens: one.targetIds.length })
    expect(promptLength).toBe(one.promptIds.length)
  })

  it.each(golden.cases)('$name: norms, gradient ranks and token ranks of every matrix', (one) => {
    const { matrices } = found(one)
    expect(matrices.map(({ matrix }) => matrix)).toEqual(one.matrices.map(({ matrix }) => matrix))
    one.matrices.forEach((wanted, place) => {
      const actual = matrices[place] as ObservedMatrix
      expect(actual.gradientRank, wanted.matrix).toEqual(wanted.gradientRank)
      expectTable(actual.inputNorm, wanted.inputNorm)
      expectTable(actual.vjpNorm, wanted.vjpNorm)
      for (const table of ['targetRank', 'answerRank'] as const) {
        if (wanted[table] === null) expect(actual[table]).toBeNull()
        else expectTable(actual[table], wanted[table])
      }
    })
  })

  it.each(golden.cases)('$name: cosines between layers and least probable tokens', (one) => {
    const { vjpCosine, projection } = found(one)
    expect(vjpCosine).toHaveLength(one.vjpCosine.length)
    vjpCosine.forEach((value, pair) => expect(value).toBeCloseTo(one.vjpCosine[pair] as number, 4))
    const texts = one.least.flat().map((id) => (id === null ? null : `<${id}>`))
    expect(projection.least).toEqual(texts)
    expect(projection.tokens).toEqual(one.promptIds.map((id) => `<${id}>`))
  })

  it.each(golden.cases)('$name: the smallest steps, tried on the weights themselves', (one) => {
    const { smallestStep } = found(one)
    expect(smallestStep?.known).toBe(one.known)
    expect(smallestStep?.methods).toEqual(
      one.smallestStep.map(({ method, byLayer }) => ({ method, byLayer })),
    )
  })

  it('the search finds the first success of the whole grid here, and says where there is none', () => {
    const searched = golden.cases.flatMap(({ smallestStep }) => smallestStep)
    const steps = searched.flatMap(({ byLayer }) => byLayer)
    for (const { byLayer, firstOfAll } of searched) expect(byLayer).toEqual(firstOfAll)
    expect(steps.every((step) => step === null || stepGrid.includes(step))).toBe(true)
    expect(steps).toContain(null)
  })

  it('needs no step where the target is the answer, and none beside it', async () => {
    const [one] = golden.cases as readonly [GoldenPrompt]
    const prepared = prepare({ ...one, targetIds: [one.answer] })
    const prompt = {
      caseId: 'known',
      relation: 'none',
      prepared,
      targetFrom: 'true',
      trueAnswer: null,
    } as const
    const { observed: known } = await observePrepared(opened.model, prompt, { smallestStep: true })
    expect(known).toMatchObject({ smallestStep: { known: true }, answer: { right: null } })
    const short = { ...prompt, prepared: { ...prepared, promptIds: [one.promptIds[0] as number] } }
    const { observed: skipped, result } = await observePrepared(opened.model, short)
    expect(result).toBeNull()
    expect(skipped).toMatchObject({
      caseId: 'known',
      skipped: expect.stringContaining('one token'),
    })
  })
})
