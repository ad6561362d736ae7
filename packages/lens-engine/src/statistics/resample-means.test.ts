import { describe, expect, it } from 'vitest'
import { createRandom } from '../tensor/seeded-random.js'
import { BLOCK, openPlainMemory, openRowMemory } from './add-rows.js'
import { drawResamples, resampleMeans } from './resample-means.js'

const random = createRandom('resample means')
const spread = (cases: number): Float64Array =>
  Float64Array.from({ length: cases }, () => random.nextFloat() * 100 - 20)

/** As it is defined: each drawn case times how often it was drawn, added up in the order of the cases. */
function plainMeans(column: Float64Array, seed: string, resamples: number): Float64Array {
  const cases = column.length
  const means: number[] = []
  for (const drawn of drawResamples(cases, { seed, resamples })) {
    const counts = new Array<number>(cases).fill(0)
    for (const index of drawn) counts[index]!++
    means.push(column.reduce((sum, value, index) => sum + counts[index]! * value, 0) / cases)
  }
  return Float64Array.from(means)
}

describe('means of resamples', () => {
  it.each([
    ['one case', 1, 1],
    ['less than a strip of cases', 7, 3],
    ['a strip less one', 255, 8],
    ['a whole strip', 256, 9],
    ['a strip and one', 257, 16],
    ['some strips and blocks', 1_100, 17],
  ])('%s: to the last bit what adding up case by case gives', (_, cases, columns) => {
    const values = Array.from({ length: columns }, () => spread(cases))
    const resamples = 35
    const [means] = resampleMeans([{ cases, columns: values }], { seed: 'plain', resamples })
    expect(means).toEqual(values.map((column) => plainMeans(column, 'plain', resamples)))
  })

  it('groups of equally many cases read the same draws, others have their own', () => {
    const groups = [300, 300, 299].map((cases) => ({ cases, columns: [spread(cases)] }))
    const means = resampleMeans(groups, { seed: 'groups', resamples: 20 })
    groups.forEach(({ columns }, index) =>
      expect(means[index]).toEqual([plainMeans(columns[0]!, 'groups', 20)]),
    )
  })

  it('of no case there is none', () => {
    const columns = [new Float64Array(0)]
    const [means] = resampleMeans([{ cases: 0, columns }], { seed: 0, resamples: 3 })
    expect(means).toEqual([Float64Array.of(NaN, NaN, NaN)])
  })
})

describe('sums of rows', () => {
  it('are equal with vectors and without, to the last bit, infinite and missing values too', () => {
    const strange = [Infinity, NaN, -0, 1e308]
    const [rows, listAt] = [40, 40 * BLOCK * 8 + BLOCK * 8]
    const values = [...spread(rows * BLOCK - strange.length), ...strange]
    const list = Array.from({ length: 25 }, (_, index) => (index * 3) % rows)
    const found = [openRowMemory(100_000), openPlainMemory(100_000)].map(({ buffer, addRows }) => {
      const numbers = new Float64Array(buffer)
      numbers.set(values)
      numbers.set(spread(BLOCK).fill(0.1), rows * BLOCK)
      new Int32Array(buffer).set(
        list.map((row) => row * BLOCK * 8),
        listAt / 4,
      )
      const weightsAt = listAt + 200
      numbers.set(
        list.map((_, index) => 1 + (index % 3)),
        weightsAt / 8,
      )
      addRows(listAt, listAt + list.length * 4, weightsAt, 0, rows * BLOCK * 8)
      addRows(listAt, listAt, weightsAt, 0, rows * BLOCK * 8)
      return { sums: numbers.slice(rows * BLOCK, rows * BLOCK + BLOCK), name: addRows.toString() }
    })
    expect(found[0]!.name).toContain('native code')
    expect(found[0]!.sums).toEqual(found[1]!.sums)
    const plain = list.reduce(
      (sum, row, index) => sum + (1 + (index % 3)) * values[row * BLOCK]!,
      0.1,
    )
    expect(found[0]!.sums[0]).toBe(plain)
  })

  it('that do not fit into the address space are added up without vectors', () => {
    const { WebAssembly } = globalThis as unknown as { WebAssembly: { Memory: unknown } }
    const { Memory } = WebAssembly
    WebAssembly.Memory = class {
      constructor() {
        throw new RangeError('could not allocate memory')
      }
    }
    const groups = [{ cases: 300, columns: [spread(300)] }]
    const draws = { seed: 'plain', resamples: 20 }
    const without = resampleMeans(groups, draws)
    WebAssembly.Memory = Memory
    expect(without).toEqual(resampleMeans(groups, draws))
  })
})
