// A delta -> how much it changes each neuron: norms of the rows of what it adds to mlp.down, of the columns of the others.
import type { MatrixName } from '../architectures/hook-points.js'
import type { LowRankDelta, MatrixDelta } from '../edits/matrix-delta.js'

const sides: Readonly<Partial<Record<MatrixName, 'rows' | 'columns'>>> = {
  'mlp.down': 'rows',
  'mlp.up': 'columns',
  'mlp.gate': 'columns',
}

/** [neurons]; null of a matrix that has no neurons. Products of factors are never written out. */
export function neuronNorms(delta: MatrixDelta): Float32Array | null {
  const side = sides[delta.address.matrix]
  if (side === undefined) return null
  const squares = delta.kind === 'dense' ? denseSquares(delta, side) : factorSquares(delta, side)
  return Float32Array.from(squares, (square) => Math.sqrt(Math.max(0, square)))
}

function denseSquares(
  { values, inputWidth, outputWidth }: Extract<MatrixDelta, { kind: 'dense' }>,
  side: 'rows' | 'columns',
): Float64Array {
  const squares = new Float64Array(side === 'rows' ? inputWidth : outputWidth)
  values.forEach((value, place) => {
    const neuron = side === 'rows' ? Math.floor(place / outputWidth) : place % outputWidth
    squares[neuron] = (squares[neuron] as number) + value * value
  })
  return squares
}

/** |u_j V|^2 = u_j (V V^T) u_j^T of a row, |U v_j|^2 = v_j^T (U^T U) v_j of a column. */
function factorSquares(
  { u, v, rank, inputWidth, outputWidth }: LowRankDelta,
  side: 'rows' | 'columns',
): Float64Array {
  const isRows = side === 'rows'
  const neurons = isRows ? inputWidth : outputWidth
  const across = isRows ? outputWidth : inputWidth
  const uAt = (input: number, k: number): number => u[input * rank + k] as number
  const vAt = (output: number, k: number): number => v[k * outputWidth + output] as number
  const [own, other] = isRows ? [uAt, vAt] : [vAt, uAt]
  const gram = new Float64Array(rank * rank)
  for (let index = 0; index < across; index++) {
    for (let a = 0; a < rank; a++) {
      for (let b = 0; b < rank; b++) {
        gram[a * rank + b] = (gram[a * rank + b] as number) + other(index, a) * other(index, b)
      }
    }
  }
  return Float64Array.from({ length: neurons }, (_, neuron) => {
    let square = 0
    for (let a = 0; a < rank; a++) {
      for (let b = 0; b < rank; b++) {
        square += own(neuron, a) * (gram[a * rank + b] as number) * own(neuron, b)
      }
    }
    return square
  })
}
