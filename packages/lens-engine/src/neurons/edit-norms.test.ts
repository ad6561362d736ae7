// Norms of rows and columns from factors are those of the product written out.
import { expect, it } from 'vitest'
import { denseDelta, lowRankDelta } from '../edits/matrix-delta.js'
import { createRandom } from '../tensor/seeded-random.js'
import { neuronNorms } from './edit-norms.js'

const random = createRandom(3)

function writtenOut(u: Float32Array, v: Float32Array, rank: number): Float32Array {
  const [rows, columns] = [u.length / rank, v.length / rank]
  return Float32Array.from({ length: rows * columns }, (_, place) => {
    let sum = 0
    for (let k = 0; k < rank; k++)
      sum += u[Math.floor(place / columns) * rank + k]! * v[k * columns + (place % columns)]!
    return sum
  })
}

it.each([
  ['mlp.down', 7, 5, 3],
  ['mlp.up', 5, 7, 2],
  ['mlp.gate', 4, 6, 1],
] as const)('of %s', (matrix, inputWidth, outputWidth, rank) => {
  const address = { layer: 2, matrix }
  const [u, v] = [random.normals(inputWidth * rank), random.normals(rank * outputWidth)]
  const values = writtenOut(u, v, rank)
  const neurons = matrix === 'mlp.down' ? inputWidth : outputWidth
  const wanted = Array.from({ length: neurons }, (_, neuron) =>
    Math.hypot(
      ...values.filter((__, place) =>
        matrix === 'mlp.down'
          ? Math.floor(place / outputWidth) === neuron
          : place % outputWidth === neuron,
      ),
    ),
  )
  const fromFactors = neuronNorms(lowRankDelta({ address, rank, u, v }))!
  const fromDense = neuronNorms(denseDelta({ address, inputWidth, values }))!
  wanted.forEach((norm, neuron) => {
    expect(fromFactors[neuron]).toBeCloseTo(norm, 5)
    expect(fromDense[neuron]).toBeCloseTo(norm, 5)
  })
})

it('are those of no neuron in attention', () => {
  const address = { layer: 0, matrix: 'attention.query' } as const
  const [u, v] = [Float32Array.of(1, 2), Float32Array.of(3, 4)]
  expect(neuronNorms(lowRankDelta({ address, rank: 1, u, v }))).toBeNull()
})
