// Factors of a gradient, X and Delta of each matrix -> the tokens the editor reads: rows where neither is zero.
import { LensEngineError } from '../../errors.js'
import type { Feed } from '../../runtime/ort.js'
import type { PreparedEditRequest } from '../edit-request.js'
import { float32 } from '../../runtime/feeds.js'
import type { FactorRows, PassSequence, SequenceResult } from '../shared/pass-request.js'
import { objectiveSequence } from '../shared/target-objective.js'
import type { EditedMatrix, EditorLayout } from './editor-layout.js'
import type { Normalisation } from './running-statistics.js'

/** Tokens of one matrix. */
export interface GradientTokens {
  /** Each [in] */
  readonly inputs: readonly Float32Array[]
  /** Each [out] */
  readonly vjps: readonly Float32Array[]
}

/** By key of the matrix. */
export type TokensOfMatrices = ReadonlyMap<string, GradientTokens>

/** Sequences whose loss is the mean of -log p over the target tokens of all requests, teacher-forced (MEND, eq. 1). */
export function editSequences(requests: readonly PreparedEditRequest[]): readonly PassSequence[] {
  const tokens = requests.reduce((sum, { targetIds }) => sum + targetIds.length, 0)
  return requests.map((one) =>
    objectiveSequence(one, 'teacher-forced', one.targetIds.length / tokens),
  )
}

/** Rows of all sequences, without those whose u or delta is exactly zero. */
export function collectTokens(
  layout: EditorLayout,
  sequences: readonly Pick<SequenceResult, 'factors'>[],
): TokensOfMatrices {
  return new Map(
    layout.matrices.map(({ key }): [string, GradientTokens] => {
      const inputs: Float32Array[] = []
      const vjps: Float32Array[] = []
      for (const { factors } of sequences) {
        const { input, vjp, positions } = factors.get(key) as FactorRows
        for (let position = 0; position < positions; position++) {
          const rows = [input, vjp].map((data) => rowOf(data, position, positions))
          if (!rows.every((row) => row.some((value) => value !== 0))) continue
          inputs.push(rows[0] as Float32Array)
          vjps.push(rows[1] as Float32Array)
        }
      }
      return [key, { inputs, vjps }]
    }),
  )
}

const rowOf = (data: Float32Array, position: number, positions: number): Float32Array => {
  const width = data.length / positions
  return data.subarray(position * width, (position + 1) * width)
}

/** A token as the editor sees it: [u; delta]. */
export function joinedRows({ inputs, vjps }: GradientTokens): readonly Float32Array[] {
  return inputs.map((input, index) => {
    const vjp = vjps[index] as Float32Array
    const row = new Float32Array(input.length + vjp.length)
    row.set(input)
    row.set(vjp, input.length)
    return row
  })
}

/** Feeds of one matrix; a matrix without tokens gets one row that counts for nothing. @throws NOT_FINITE */
export function tokenFeeds(
  { key, inputWidth, outputWidth }: EditedMatrix,
  { inputs, vjps }: GradientTokens,
  { mean, deviation }: Normalisation,
): Readonly<Record<string, Feed>> {
  const rows = Math.max(1, inputs.length)
  const feeds = {
    [`${key}.u`]: stacked(inputs, rows, inputWidth),
    [`${key}.delta`]: stacked(vjps, rows, outputWidth),
  }
  for (const { data } of Object.values(feeds)) checkFinite(data as Float32Array, key)
  return {
    ...feeds,
    [`${key}.mean`]: float32(mean, [mean.length]),
    [`${key}.deviation`]: float32(deviation, [deviation.length]),
    [`${key}.kept`]: float32(new Float32Array(rows).fill(inputs.length === 0 ? 0 : 1), [rows, 1]),
  }
}

function stacked(vectors: readonly Float32Array[], rows: number, width: number): Feed {
  const data = new Float32Array(rows * width)
  vectors.forEach((vector, index) => data.set(vector, index * width))
  return float32(data, [rows, width])
}

function checkFinite(values: Float32Array, key: string): void {
  if (values.every(Number.isFinite)) return
  throw new LensEngineError('NOT_FINITE', `the gradient of ${key} holds NaN or infinity`, {
    details: { matrix: key },
    cure: 'Check the weights with `lens models inspect`.',
  })
}
