// y = x W^T + b for weights stored [out, in], as torch.nn.Linear does; W is used transposed without a copy.
import type { Value } from '../../graph/graph.js'
import { gemm } from '../../ops/matrix.js'
import type { ForwardContext } from '../architecture.js'

export interface LinearOptions {
  /** Name without `.weight` and `.bias`. */
  readonly name: string
  /** [in, out] */
  readonly widths: readonly [number, number]
  readonly bias: boolean
}

export function linear(
  context: ForwardContext,
  x: Value,
  { name, widths, bias }: LinearOptions,
): Value {
  const [input, output] = widths
  const weight = context.weight({ name: `${name}.weight`, shape: [output, input] })
  const offset = bias ? context.weight({ name: `${name}.bias`, shape: [output] }) : null
  return gemm(context.builder, x, weight, offset, { transposeB: true })
}
