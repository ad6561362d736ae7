// Properties of stacks: whatever edits they hold, order does not matter, an empty stack is the model, and what was taken back
// is gone to the last bit.
import { rmSync } from 'node:fs'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { createRandom } from '../tensor/seeded-random.js'
import { openTestModel } from '../testing/open-test-model.js'
import { makeTinyGpt2 } from '../testing/random-gpt2.js'
import type { Edit } from './edit.js'
import { describeEditedModel, stackDeltas } from './edit-stack.js'
import { denseDelta, denseValues, lowRankDelta, type MatrixDelta } from './matrix-delta.js'
import { EditLab } from './shared/edit-lab.js'

const directory = makeTinyGpt2({ layers: 2 })
const { model, close } = openTestModel(directory)
afterAll(async () => {
  await close()
  rmSync(directory, { recursive: true })
})

const addresses = [
  { layer: 0, matrix: 'mlp.down' },
  { layer: 1, matrix: 'mlp.up' },
  { layer: 1, matrix: 'attention.value' },
] as const
const widths = new EditLab(model)

interface Recipe {
  readonly place: number
  readonly rank: number
  readonly dense: boolean
  readonly biased: boolean
  readonly seed: number
}

/** Structures are few, so that the sessions of all stacks are made once. */
const recipe = fc.record({
  place: fc.nat(addresses.length - 1),
  rank: fc.integer({ min: 1, max: 3 }),
  dense: fc.boolean(),
  biased: fc.boolean(),
  seed: fc.nat(1_000_000),
})
const recipes = fc.array(recipe, { minLength: 1, maxLength: 5 })

function cook({ place, rank, dense, biased, seed }: Recipe): MatrixDelta {
  const address = addresses[place] as (typeof addresses)[number]
  const [inputWidth, out] = widths.widths(address)
  const random = createRandom(seed)
  const [u, v] = [random.normals(inputWidth * rank, 0.3), random.normals(rank * out, 0.3)]
  const bias = biased ? random.normals(out, 0.3) : null
  const low = lowRankDelta({ address, rank, u, v, bias })
  return dense ? denseDelta({ address, inputWidth, values: denseValues(low), bias }) : low
}

/** One edit for each recipe; `stackDeltas` reads only its model and its deltas. */
const asEdit = (one: Recipe): Edit =>
  ({ id: String(one.seed), model: describeEditedModel(model), deltas: [cook(one)] }) as never

async function numbersUnder(edits: readonly Edit[]): Promise<readonly number[]> {
  const lab = new EditLab(model, { base: stackDeltas(model, edits) })
  const { sequences } = await lab.run({
    sequences: [{ ids: [5, 17, 3, 42], scored: [{ position: 3, tokens: [9, 11, 30] }] }],
    head: ['nll'],
  })
  return Array.from(sequences[0]?.scored[0]?.nll ?? [])
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))))

describe('a stack of edits', () => {
  it('gives the same numbers in every order, and none of them is lost', async () => {
    const property = fc.asyncProperty(
      recipes,
      fc.infiniteStream(fc.nat(1000)),
      async (all, keys) => {
        const edits = all.map(asEdit)
        const order = edits.map((edit) => ({ edit, key: keys.next().value ?? 0 }))
        const shuffled = order.sort((a, b) => a.key - b.key).map(({ edit }) => edit)
        const expected = await numbersUnder(edits)
        expect(distance(await numbersUnder(shuffled), expected)).toBeLessThan(1e-4)
        expect(distance(await numbersUnder(edits.slice(1)), expected)).toBeGreaterThan(0)
      },
    )
    await fc.assert(property, { numRuns: 30 })
  })

  it('that is empty is the model, before and after any other, to the bit', async () => {
    const base = await numbersUnder([])
    const lone = await widths.run({
      sequences: [{ ids: [5, 17, 3, 42], scored: [{ position: 3, tokens: [9, 11, 30] }] }],
      head: ['nll'],
    })
    expect(Array.from(lone.sequences[0]?.scored[0]?.nll ?? [])).toEqual(base)
    const property = fc.asyncProperty(recipes, async (all) => {
      const edits = all.map(asEdit)
      const edited = await numbersUnder(edits)
      expect(await numbersUnder([])).toEqual(base)
      expect(await numbersUnder(edits)).toEqual(edited)
    })
    await fc.assert(property, { numRuns: 20 })
  })
})
