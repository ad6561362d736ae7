// GPT-NeoX and Pythia: partial rotary embedding, fused query_key_value interleaved by head, parallel residual.
// With a parallel residual `attention.output` and `mlp.down` write into the same sum, so they share one VJP.
import type { Value } from '../graph/graph.js'
import { activations } from '../ops/activation.js'
import { add } from '../ops/elementwise.js'
import { gatherRows } from '../ops/indexing.js'
import { reshape, split } from '../ops/movement.js'
import { layerNorm } from '../ops/normalization.js'
import type { Architecture, Assembly, Config, ModelShape, StoredMatrix } from './architecture.js'
import { plainBlockMatrices, plainMatrixWidths } from './block-matrices.js'
import { choice, flag, invalid, positiveInteger, positiveNumber } from './config-reader.js'
import type { MatrixAddress } from './hook-points.js'
import { causalAttention, sharedMask } from './layers/causal-attention.js'
import { linear } from './layers/linear.js'
import { plainMlp } from './layers/plain-mlp.js'
import { applyRotary, rotaryTables, type RotaryTables } from './layers/rotary-embedding.js'
import { readPartialRotary, readScaling, readTheta } from './layers/rope-settings.js'
import { lengthLimit, rotaryFrequencies, stretchedContext } from './layers/rotary-frequencies.js'

const epsilon = (config: Config): number => positiveNumber(config, 'layer_norm_eps', 1e-5)

function readShape(config: Config): ModelShape {
  const width = positiveInteger(config, ['hidden_size'])
  const heads = positiveInteger(config, ['num_attention_heads'])
  if (width % heads !== 0)
    throw invalid('num_attention_heads', heads, `a divisor of hidden_size (${width})`)
  choice(config, 'hidden_act', 'gelu', activations)
  flag(config, 'use_parallel_residual', true)
  flag(config, 'attention_bias', true)
  const shape = {
    family: 'gpt-neox',
    layers: positiveInteger(config, ['num_hidden_layers']),
    width,
    heads,
    headWidth: width / heads,
    innerWidth: positiveInteger(config, ['intermediate_size']),
    contextLength: stretchedContext(trainedContext(config), readScaling(config)),
    vocabularySize: positiveInteger(config, ['vocab_size']),
  }
  return { ...shape, ...lengthLimit(frequenciesOf(config, shape)) }
}

const trainedContext = (config: Config): number =>
  positiveInteger(config, ['max_position_embeddings'])

function frequenciesOf(config: Config, { headWidth }: Pick<ModelShape, 'headWidth'>) {
  const share = readPartialRotary(config, ['rotary_pct', 'partial_rotary_factor'], 0.25)
  const width = Math.floor(headWidth * share)
  if (width < 2 || width % 2 !== 0)
    throw invalid('rotary_pct', share, `a share of ${headWidth} that is even`)
  return rotaryFrequencies({
    width,
    theta: readTheta(config, ['rotary_emb_base', 'rope_theta']),
    contextLength: trainedContext(config),
    scaling: readScaling(config),
  })
}

/** Name inside a block; query, key and value lie fused, one head after the other. */
const storedNames: Readonly<Record<string, readonly [name: string, third: number | null]>> = {
  'attention.query': ['attention.query_key_value', 0],
  'attention.key': ['attention.query_key_value', 1],
  'attention.value': ['attention.query_key_value', 2],
  'attention.output': ['attention.dense', null],
  'mlp.up': ['mlp.dense_h_to_4h', null],
  'mlp.down': ['mlp.dense_4h_to_h', null],
}

function storedMatrix(
  shape: ModelShape,
  { layer, matrix }: MatrixAddress,
  config: Config,
): StoredMatrix {
  const [name, third] = storedNames[matrix] as readonly [string, number | null]
  const { headWidth } = shape
  const out = plainMatrixWidths(shape, matrix)[1]
  const place = (index: number): number =>
    Math.floor(index / headWidth) * 3 * headWidth + (third ?? 0) * headWidth + (index % headWidth)
  const biased = matrix.startsWith('mlp') || flag(config, 'attention_bias', true)
  return {
    weight: `layers.${layer}.${name}.weight`,
    bias: biased ? `layers.${layer}.${name}.bias` : null,
    layout: 'out-in',
    storedOutputs: third === null ? out : 3 * out,
    outputs: third === null ? null : Array.from({ length: out }, (_, index) => place(index)),
  }
}

function norm({ context, config, shape }: Assembly, name: string, x: Value): Value {
  const gain = context.weight({ name: `${name}.weight`, shape: [shape.width] })
  const bias = context.weight({ name: `${name}.bias`, shape: [shape.width] })
  return layerNorm(context.builder, x, gain, bias, epsilon(config))
}

/** The fused output holds [query, key, value] of one head after the other. */
function splitHeads({ context, shape }: Assembly, fused: Value): readonly [Value, Value, Value] {
  const { builder } = context
  const { heads, headWidth, width } = shape
  const byHead = reshape(builder, fused, ['rows', heads, 3 * headWidth])
  const parts = split(builder, byHead, 2, [headWidth, headWidth, headWidth])
  const [query, key, value] = parts.map((part) => reshape(builder, part, ['rows', width]))
  return [query as Value, key as Value, value as Value]
}

function tablesOf({ context, config, shape }: Assembly): RotaryTables {
  const make = () =>
    rotaryTables(context.builder, context.positionIds, frequenciesOf(config, shape))
  return context.shared('rotary', make)
}

function attention(assembly: Assembly, layer: number, x: Value): Value {
  const { context, config, shape } = assembly
  const { builder } = context
  const { width, heads, headWidth } = shape
  const name = `layers.${layer}.attention`
  const bias = flag(config, 'attention_bias', true)
  const widths = [width, 3 * width] as const
  const fused = linear(context, x, { name: `${name}.query_key_value`, widths, bias })
  const [query, key, value] = splitHeads(assembly, fused)
  const mixed = causalAttention(
    builder,
    context.tap({ layer, matrix: 'attention.query' }, x, query),
    context.tap({ layer, matrix: 'attention.key' }, x, key),
    context.tap({ layer, matrix: 'attention.value' }, x, value),
    {
      heads,
      headWidth,
      mask: sharedMask(context),
      remember: context.remember?.bind(context, layer),
      scoreScale: 1 / Math.sqrt(headWidth),
      transform: (vectors) => applyRotary(builder, vectors, tablesOf(assembly), 'halves'),
    },
  )
  const output = linear(context, mixed, { name: `${name}.dense`, widths: [width, width], bias })
  return context.tap({ layer, matrix: 'attention.output' }, mixed, output)
}

export const gptNeox: Architecture = {
  family: 'gpt-neox',
  modelTypes: ['gpt_neox'],
  matrices: plainBlockMatrices,
  buffers: /attention\.(bias|masked_bias|rotary_emb\.inv_freq)$/,
  readShape,
  matrixWidths: plainMatrixWidths,
  storedMatrix,
  embed({ context, shape }) {
    const size = [shape.vocabularySize, shape.width]
    const embedding = context.weight({ name: 'embed_in.weight', shape: size })
    const tokens = gatherRows(context.builder, embedding, context.tokenIds)
    return reshape(context.builder, tokens, ['rows', shape.width])
  },
  block(assembly, layer, residual) {
    const { builder } = assembly.context
    const name = (part: string): string => `layers.${layer}.${part}`
    const mlp = (x: Value): Value =>
      plainMlp(assembly, norm(assembly, name('post_attention_layernorm'), x), {
        layer,
        names: { up: name('mlp.dense_h_to_4h'), down: name('mlp.dense_4h_to_h') },
        activation: ['hidden_act', 'gelu'],
      })
    const before = norm(assembly, name('input_layernorm'), residual)
    const attended = attention(assembly, layer, before)
    if (flag(assembly.config, 'use_parallel_residual', true)) {
      return add(builder, add(builder, mlp(residual), attended), residual)
    }
    const middle = add(builder, attended, residual)
    return add(builder, mlp(middle), middle)
  },
  finalNorm: (assembly, rows) => norm(assembly, 'final_layer_norm', rows),
  decoder({ context, config, shape }) {
    const name = flag(config, 'tie_word_embeddings', false) ? 'embed_in.weight' : 'embed_out.weight'
    return context.weight({ name, shape: [shape.vocabularySize, shape.width] })
  },
}
