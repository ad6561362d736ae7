// The six matrices of a block without gate or grouped queries, as GPT-2, GPT-NeoX and GPT-J have them, and their widths.
import type { ModelShape } from './architecture.js'
import type { MatrixName } from './hook-points.js'

/** In the order they are applied. */
export const plainBlockMatrices: readonly MatrixName[] = [
  'attention.query',
  'attention.key',
  'attention.value',
  'attention.output',
  'mlp.up',
  'mlp.down',
]

/** Widths [in, out] of a matrix: square but for the MLP's. */
export function plainMatrixWidths(
  { width, innerWidth }: ModelShape,
  matrix: MatrixName,
): readonly [number, number] {
  if (matrix === 'mlp.up') return [width, innerWidth]
  if (matrix === 'mlp.down') return [innerWidth, width]
  return [width, width]
}
