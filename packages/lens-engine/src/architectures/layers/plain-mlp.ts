// The two-matrix MLP of GPT-NeoX and GPT-J: up, activation, down, both with biases and weights [out, in].
import type { Value } from '../../graph/graph.js'
import { activations } from '../../ops/activation.js'
import type { Assembly } from '../architecture.js'
import { choice } from '../config-reader.js'
import { linear } from './linear.js'

export interface PlainMlpOptions {
  readonly layer: number
  readonly names: { readonly up: string; readonly down: string }
  /** Name of the setting that holds the activation, and its default. */
  readonly activation: readonly [string, string]
}

export function plainMlp(
  { context, config, shape }: Assembly,
  x: Value,
  { layer, names, activation }: PlainMlpOptions,
): Value {
  const { width, innerWidth } = shape
  const [setting, fallback] = activation
  const apply = choice(config, setting, fallback, activations)
  const up = linear(context, x, { name: names.up, widths: [width, innerWidth], bias: true })
  const active = apply(context.builder, context.tap({ layer, matrix: 'mlp.up' }, x, up))
  const down = linear(context, active, {
    name: names.down,
    widths: [innerWidth, width],
    bias: true,
  })
  return context.tap({ layer, matrix: 'mlp.down' }, active, down)
}
