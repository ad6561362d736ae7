// The canonical names of what can be read in a block: matrices, factors, and which factor lives in the residual stream.

export const matrixNames = [
  'attention.query',
  'attention.key',
  'attention.value',
  'attention.output',
  'mlp.gate',
  'mlp.up',
  'mlp.down',
] as const

/** One weight matrix of a block. GPT-2's fused c_attn is shown as query, key and value. */
export type MatrixName = (typeof matrixNames)[number]

/** `input` is x_i, the row entering the matrix; `vjp` is delta_i, the gradient of the loss at its output. */
export type FactorName = 'input' | 'vjp'

/** The factor of each matrix that lives in the residual stream (Backward Lens, Table 1). */
export const projectableFactor: Readonly<Record<MatrixName, FactorName>> = {
  'attention.query': 'input',
  'attention.key': 'input',
  'attention.value': 'input',
  'attention.output': 'vjp',
  'mlp.gate': 'input',
  'mlp.up': 'input',
  'mlp.down': 'vjp',
}

/** A matrix in a layer, both counted from 0. */
export interface MatrixAddress {
  readonly layer: number
  readonly matrix: MatrixName
}
