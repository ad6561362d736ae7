// Requests -> the rows of a forward-pass shift: what enters the matrix where the target is predicted, and the decoder's row.
import type { MatrixAddress } from '../../architectures/hook-points.js'
import type { PreparedEditRequest } from '../edit-request.js'
import { addressKey, lowRankDelta, type LowRankDelta } from '../matrix-delta.js'
import type { EditLab } from './edit-lab.js'

/** One token to be written: what enters the matrix where it is predicted, and its row of the decoder. */
export interface ShiftRow {
  readonly input: Float32Array
  readonly decoder: Float32Array
}

export interface ShiftFactors {
  /** Whether each token to be written is the most probable one already. */
  readonly known: boolean
  readonly rows: readonly ShiftRow[]
}

/** One forward pass over all requests. @param sequence whether all tokens of the target are written, or the first */
export async function shiftFactors(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  address: MatrixAddress,
  sequence: boolean,
): Promise<readonly ShiftFactors[]> {
  const written = requests.map(({ targetIds }) => targetIds.slice(0, sequence ? undefined : 1))
  const { sequences } = await lab.run({
    sequences: requests.map(({ promptIds, last }, index) => {
      const targets = written[index] as readonly number[]
      const places = targets.map((token, step) => ({ position: last + step, tokens: [token] }))
      return {
        ids: [...promptIds, ...targets.slice(0, -1)],
        captured: places.map(({ position }) => position),
        scored: places,
      }
    }),
    inputs: [address],
    head: ['argmax'],
  })
  const decoder = await lab.decoderRows(written.flat())
  let next = 0
  return sequences.map(({ inputs, scored }, index) => {
    const targets = written[index] as readonly number[]
    return {
      known: targets.every((token, step) => scored[step]?.argmax === token),
      rows: (inputs.get(addressKey(address)) ?? []).map((input) => ({
        input,
        decoder: decoder[next++] as Float32Array,
      })),
    }
  })
}

/** W + learning rate * sum of x^T e over the rows: U holds the inputs as columns, V the decoder rows. */
export function shiftDelta(
  address: MatrixAddress,
  rows: readonly ShiftRow[],
  learningRate: number,
): LowRankDelta {
  const rank = rows.length
  const width = rows[0]?.input.length ?? 0
  const out = rows[0]?.decoder.length ?? 0
  const u = new Float32Array(width * rank)
  const v = new Float32Array(rank * out)
  rows.forEach(({ input, decoder }, row) => {
    for (let index = 0; index < width; index++) u[index * rank + row] = input[index] as number
    v.set(
      decoder.map((value) => learningRate * value),
      row * out,
    )
  })
  return lowRankDelta({ address, rank, u, v })
}
