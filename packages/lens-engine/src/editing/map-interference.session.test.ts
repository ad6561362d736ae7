// Maps of interference on the bundled model, against the edits applied by hand through the lab.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { computeEdit } from '../edits/compute-edit.js'
import type { Edit } from '../edits/edit.js'
import type { LowRankDelta } from '../edits/matrix-delta.js'
import { EditLab } from '../edits/shared/edit-lab.js'
import { openModel } from '../models/model-store.js'
import { inputFactors, keyOverlap } from '../readings/key-overlap.js'
import { editSessions } from '../resources/edit-sessions.js'
import { loadModel } from '../runtime/load-model.js'
import type { EditTaskProgress } from './edit-task.js'
import { INTERFERENCE_LIMIT } from './map-interference.js'
import { runEditTask } from './run-edit-task.js'

const home = mkdtempSync(join(tmpdir(), 'imprint-interference-'))
const files = openModel('bundled', { home })
const model = loadModel(files, { threads: 1, ...editSessions(files) })
afterAll(async () => {
  await model.dispose()
  rmSync(home, { recursive: true })
})

const facts = [
  { prompt: 'The capital of {} is', subject: 'France', target: 'Rome' },
  { prompt: 'The capital of {} is', subject: 'Spain', target: 'Paris' },
  { prompt: 'The capital of {} is', subject: 'France', target: 'Madrid' },
]
let edits: readonly Edit[]
beforeAll(async () => {
  const made: Edit[] = []
  for (const request of facts)
    made.push(await computeEdit(model, { method: 'forward-shift', requests: [request] }))
  edits = made
})

const map = (list: readonly Edit[], onProgress?: (progress: EditTaskProgress) => void) =>
  runEditTask(
    model,
    { kind: 'map-interference', model: 'bundled', edits: list },
    { home, ...(onProgress === undefined ? {} : { onProgress }) },
  )

/** Probability of the target, one teacher-forced pass a token, its softmax made here. */
async function byHand(place: number, applied: readonly number[]) {
  const { prompt, subject, target } = facts[place]!
  const tokenizer = model.tokenizer!
  const ids = [...tokenizer.encode(prompt.replace('{}', subject))]
  let probability = 1
  let holds = true
  for (const token of tokenizer.encodeContinuation(` ${target}`)) {
    const base = applied.flatMap((index) => edits[index]!.deltas)
    const { sequences } = await new EditLab(model, { base }).run({
      sequences: [{ ids, scored: [{ position: ids.length - 1, tokens: [0] }] }],
      head: ['logits'],
    })
    const logits = [...(sequences[0]!.scored[0]!.logits as Float32Array)]
    const greatest = Math.max(...logits)
    const sum = logits.reduce((all, logit) => all + Math.exp(logit - greatest), 0)
    probability *= Math.exp(logits[token]! - greatest) / sum
    holds &&= logits[token] === greatest
    ids.push(token)
  }
  return { probability, holds }
}

/** |cos| of two columns, in float64. */
function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, one, i) => sum + one * y[i]!, 0)
  return Math.abs(dot(a, b)) / Math.sqrt(dot(a, a) * dot(b, b))
}

describe('a map of interference', () => {
  it('has the numbers of the edits applied by hand, and the cosine of their keys', async () => {
    const seen: EditTaskProgress[] = []
    const { keyOverlap: overlap, pairs } = await map(edits, (one) => seen.push(one))
    expect(pairs).toHaveLength(6)
    for (const { first, second, alone, together, firstHolds } of pairs) {
      const own = await byHand(first, [first])
      const both = await byHand(first, [first, second])
      expect(alone).toBeCloseTo(own.probability, 5)
      expect(together).toBeCloseTo(both.probability, 5)
      expect(firstHolds).toBe(both.holds)
    }
    const keys = edits.map(({ deltas }) => (deltas[0] as LowRankDelta).u)
    edits.forEach((_, row) =>
      edits.forEach((__, column) =>
        expect(overlap[row]![column]).toBeCloseTo(cosine(keys[row]!, keys[column]!), 6),
      ),
    )
    // Two edits of one prompt and layer have one key, and cannot both hold.
    expect(overlap[0]![2]).toBeGreaterThan(0.999)
    const holds = (first: number, second: number) =>
      pairs.find((one) => one.first === first && one.second === second)?.firstHolds
    expect([holds(0, 2), holds(2, 0)]).not.toEqual([true, true])
    expect(seen.map(({ stage }) => stage)).toContain('measuring pairs')
    expect(seen.at(-1)).toMatchObject({ done: 8, total: 9 })
  })

  it('measures nothing of an edit without a request, but its effect on others', async () => {
    const silent = { ...edits[1]!, requests: [] }
    const { pairs, keyOverlap: overlap } = await map([edits[0]!, silent])
    expect(pairs.map(({ first, second }) => [first, second])).toEqual([[0, 1]])
    expect(overlap).toHaveLength(2)
  })

  it('is refused for no edits, too many, and those of another model', async () => {
    await expect(map([])).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    const many = Array.from({ length: INTERFERENCE_LIMIT + 1 }, () => edits[0]!)
    await expect(map(many)).rejects.toMatchObject({ code: 'BAD_ARGUMENT' })
    const foreign = { ...edits[0]!, model: { ...edits[0]!.model, weightsDigest: 'other' } }
    await expect(map([foreign])).rejects.toMatchObject({ code: 'EDIT_WRONG_MODEL' })
  })
})

describe('the overlap of keys', () => {
  const address = { layer: 1, matrix: 'mlp.down' } as const
  const lowRank = (columns: readonly (readonly number[])[], layer = 1): LowRankDelta => {
    const [inputWidth, rank] = [columns[0]!.length, columns.length]
    const u = Float32Array.from({ length: inputWidth * rank }, (_, at) => {
      return columns[at % rank]![Math.floor(at / rank)]!
    })
    const v = Float32Array.from({ length: rank * 2 }, (_, at) => at + 1)
    const place = { address: { ...address, layer }, inputWidth, outputWidth: 2, bias: null }
    return { kind: 'low-rank', ...place, rank, u, v }
  }
  const overlap = (a: LowRankDelta, b: LowRankDelta) =>
    keyOverlap(inputFactors({ deltas: [a] }), inputFactors({ deltas: [b] }))

  it.each([
    ['one key, scaled', [[1, 0, 0]], [[-3, 0, 0]], 1],
    ['orthogonal keys', [[1, 0, 0]], [[0, 2, 0]], 0],
    ['keys at 60 degrees', [[1, 0, 0]], [[1, Math.sqrt(3), 0]], 0.5],
    ['a key within a plane', [[1, 1, 0]], [[1, 0, 0], [0, 1, 0]], 1], // prettier-ignore
    ['planes that share a line', [[1, 0, 0], [0, 1, 0]], [[0, 1, 0], [0, 0, 1]], Math.SQRT1_2], // prettier-ignore
  ] as const)('of %s', (_, a, b, expected) => {
    expect(overlap(lowRank(a), lowRank(b))).toBeCloseTo(expected, 6)
    expect(overlap(lowRank(b), lowRank(a))).toBeCloseTo(expected, 6)
  })

  it('is nothing for edits of different layers', () => {
    expect(overlap(lowRank([[1, 0]], 1), lowRank([[1, 0]], 2))).toBe(0)
  })
})
