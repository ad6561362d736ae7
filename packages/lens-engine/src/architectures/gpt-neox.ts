// GPT-NeoX and Pythia: partial rotary embedding, fused query_key_value interleaved by head, parallel residual.
// With a parallel residual `attention.output` and `mlp.down` write into the same sum, so they share one VJP.
import type { Value } from '../graph/graph.js'
import { activations } from '../ops/activation.js'
import { add } from '../ops/elementwise.js'
import { gatherRows } from '../ops/indexing.js'
import { reshape, split } from '../ops/movement.js'
import { layerNorm } from '../ops/normalization.js'
import type { Architecture, Config, ForwardContext, ModelShape } from './architecture.js'
import {
  choice,
  flag,
  fraction,
  invalid,
  positiveInteger,
  positiveNumber,
  refuseUnless,
} from './config-reader.js'
import type { MatrixName } from './hook-points.js'
import { causalAttention, causalMask } from './layers/causal-attention.js'
import { linear } from './layers/linear.js'
import { plainMlp } from './layers/plain-mlp.js'
import { applyRotary, rotaryTables, type RotaryTables } from './layers/rotary-embedding.js'
import { readScaling, readTheta, rotaryFrequencies } from './layers/rotary-frequencies.js'

const matrices: readonly MatrixName[] = [
  'attention.query',
  'attention.key',
  'attention.value',
  'attention.output',
  'mlp.up',
  'mlp.down',
]

const epsilon = (config: Config): number => positiveNumber(config, 'layer_norm_eps', 1e-5)

function readShape(config: Config): ModelShape {
  const width = positiveInteger(config, ['hidden_size'])
  const heads = positiveInteger(config, ['num_attention_heads'])
  if (width % heads !== 0)
    throw invalid('num_attention_heads', heads, `a divisor of hidden_size (${width})`)
  choice(config, 'hidden_act', 'gelu', activations)
  flag(config, 'use_parallel_residual', true)
  flag(config, 'attention_bias', true)
  refuseUnless(config, 'quantization_config', undefined)
  const shape = {
    family: 'gpt-neox',
    layers: positiveInteger(config, ['num_hidden_layers']),
    width,
    heads,
    headWidth: width / heads,
    innerWidth: positiveInteger(config, ['intermediate_size']),
    contextLength: positiveInteger(config, ['max_position_embeddings']),
    vocabularySize: positiveInteger(config, ['vocab_size']),
  }
  frequenciesOf(config, shape)
  return shape
}

function frequenciesOf(config: Config, shape: ModelShape) {
  const share = fraction(config, ['rotary_pct', 'partial_rotary_factor'], 0.25)
  return rotaryFrequencies({
    width: Math.floor(shape.headWidth * share),
    theta: readTheta(config, ['rotary_emb_base', 'rope_theta']),
    contextLength: shape.contextLength,
    scaling: readScaling(config),
  })
}

function matrixWidths(
  { width, innerWidth }: ModelShape,
  matrix: MatrixName,
): readonly [number, number] {
  if (matrix === 'mlp.up') return [width, innerWidth]
  if (matrix === 'mlp.down') return [innerWidth, width]
  return [width, width]
}

function norm(
  context: ForwardContext,
  name: string,
  x: Value,
  config: Config,
  width: number,
): Value {
  const gain = context.weight({ name: `${name}.weight`, shape: [width] })
  const bias = context.weight({ name: `${name}.bias`, shape: [width] })
  return layerNorm(context.builder, x, gain, bias, epsilon(config))
}

/** The fused output holds [query, key, value] of one head after the other. */
function splitHeads(context: ForwardContext, fused: Value, shape: ModelShape): readonly Value[] {
  const { builder } = context
  const { heads, headWidth, width } = shape
  const byHead = reshape(builder, fused, ['rows', heads, 3 * headWidth])
  const parts = split(builder, byHead, 2, [headWidth, headWidth, headWidth])
  return parts.map((part) => reshape(builder, part, ['rows', width]))
}

interface Block {
  readonly context: ForwardContext
  readonly config: Config
  readonly shape: ModelShape
  readonly layer: number
  readonly tables: RotaryTables
  readonly mask: Value
}

function attention({ context, config, shape, layer, tables, mask }: Block, x: Value): Value {
  const { builder } = context
  const { width, heads, headWidth } = shape
  const name = `layers.${layer}.attention`
  const bias = flag(config, 'attention_bias', true)
  const fused = linear(context, x, {
    name: `${name}.query_key_value`,
    widths: [width, 3 * width],
    bias,
  })
  const [query, key, value] = splitHeads(context, fused, shape) as [Value, Value, Value]
  const mixed = causalAttention(
    builder,
    context.tap({ layer, matrix: 'attention.query' }, x, query),
    context.tap({ layer, matrix: 'attention.key' }, x, key),
    context.tap({ layer, matrix: 'attention.value' }, x, value),
    {
      heads,
      headWidth,
      mask,
      scoreScale: 1 / Math.sqrt(headWidth),
      transform: (vectors) => applyRotary(builder, vectors, tables, 'halves'),
    },
  )
  const output = linear(context, mixed, { name: `${name}.dense`, widths: [width, width], bias })
  return context.tap({ layer, matrix: 'attention.output' }, mixed, output)
}

function runBlock(block: Block, residual: Value): Value {
  const { context, config, shape, layer } = block
  const { builder } = context
  const name = (part: string): string => `layers.${layer}.${part}`
  const normed = (part: string, x: Value): Value =>
    norm(context, name(part), x, config, shape.width)
  const mlp = (x: Value): Value =>
    plainMlp(context, config, shape, x, {
      layer,
      names: { up: name('mlp.dense_h_to_4h'), down: name('mlp.dense_4h_to_h') },
      activation: ['hidden_act', 'gelu'],
    })
  const attended = attention(block, normed('input_layernorm', residual))
  if (flag(config, 'use_parallel_residual', true)) {
    const both = add(builder, mlp(normed('post_attention_layernorm', residual)), attended)
    return add(builder, both, residual)
  }
  const middle = add(builder, attended, residual)
  return add(builder, mlp(normed('post_attention_layernorm', middle)), middle)
}

export const gptNeox: Architecture = {
  family: 'gpt-neox',
  modelTypes: ['gpt_neox'],
  matrices,
  buffers: /attention\.(bias|masked_bias|rotary_emb\.inv_freq)$/,
  readShape,
  matrixWidths,
  forward(context, config, shape) {
    const { builder } = context
    const embedding = context.weight({
      name: 'embed_in.weight',
      shape: [shape.vocabularySize, shape.width],
    })
    const tables = rotaryTables(builder, context.positionIds, frequenciesOf(config, shape))
    const mask = causalMask(builder, context.positionIds)
    let residual = reshape(builder, gatherRows(builder, embedding, context.tokenIds), [
      'rows',
      shape.width,
    ])
    const hiddenStates: Value[] = []
    for (let layer = 0; layer < shape.layers; layer++) {
      const input = residual
      residual = builder.scope(`layer${layer}`, () =>
        runBlock({ context, config, shape, layer, tables, mask }, input),
      )
      hiddenStates.push(residual)
    }
    return { hiddenStates }
  },
  finalNorm: (context, config, shape, rows) =>
    norm(context, 'final_layer_norm', rows, config, shape.width),
  decoder(context, config, shape) {
    const name = flag(config, 'tie_word_embeddings', false) ? 'embed_in.weight' : 'embed_out.weight'
    return context.weight({ name, shape: [shape.vocabularySize, shape.width] })
  },
}
