// GPT-2 of every size: learned positions, fused c_attn, Conv1D weights stored [in, out], tied decoder.
import type { Value } from '../graph/graph.js'
import { activations } from '../ops/activation.js'
import { add } from '../ops/elementwise.js'
import { gatherRows } from '../ops/indexing.js'
import { gemm } from '../ops/matrix.js'
import { reshape, split } from '../ops/movement.js'
import { layerNorm } from '../ops/normalization.js'
import type { Architecture, Assembly, Config, ModelShape, StoredMatrix } from './architecture.js'
import { plainBlockMatrices, plainMatrixWidths } from './block-matrices.js'
import { choice, flag, invalid, positiveInteger, positiveNumber } from './config-reader.js'
import type { MatrixAddress } from './hook-points.js'
import { causalAttention, sharedMask } from './layers/causal-attention.js'

const epsilon = (config: Config): number => positiveNumber(config, 'layer_norm_epsilon', 1e-5)

function readShape(config: Config): ModelShape {
  const width = positiveInteger(config, ['n_embd', 'hidden_size'])
  const heads = positiveInteger(config, ['n_head', 'num_attention_heads'])
  if (width % heads !== 0) throw invalid('n_head', heads, `a divisor of n_embd (${width})`)
  choice(config, 'activation_function', 'gelu_new', activations)
  flag(config, 'scale_attn_weights', true)
  flag(config, 'scale_attn_by_inverse_layer_idx', false)
  flag(config, 'tie_word_embeddings', true)
  epsilon(config)
  return {
    family: 'gpt2',
    layers: positiveInteger(config, ['n_layer', 'num_hidden_layers']),
    width,
    heads,
    headWidth: width / heads,
    innerWidth: positiveInteger(config, ['n_inner'], 4 * width),
    contextLength: positiveInteger(config, ['n_positions', 'max_position_embeddings', 'n_ctx']),
    vocabularySize: positiveInteger(config, ['vocab_size']),
  }
}

/** Name inside a block, and which third of a fused tensor. */
const storedNames: Readonly<Record<string, readonly [name: string, third: number | null]>> = {
  'attention.query': ['attn.c_attn', 0],
  'attention.key': ['attn.c_attn', 1],
  'attention.value': ['attn.c_attn', 2],
  'attention.output': ['attn.c_proj', null],
  'mlp.up': ['mlp.c_fc', null],
  'mlp.down': ['mlp.c_proj', null],
}

function storedMatrix(shape: ModelShape, { layer, matrix }: MatrixAddress): StoredMatrix {
  const [name, third] = storedNames[matrix] as readonly [string, number | null]
  const out = plainMatrixWidths(shape, matrix)[1]
  const outputs =
    third === null ? null : Array.from({ length: out }, (_, index) => third * out + index)
  return {
    weight: `h.${layer}.${name}.weight`,
    bias: `h.${layer}.${name}.bias`,
    layout: 'in-out',
    storedOutputs: third === null ? out : 3 * out,
    outputs,
  }
}

/** x W + b with a Conv1D weight [in, out]. */
function conv1d(
  { context }: Assembly,
  name: string,
  x: Value,
  widths: readonly [number, number],
): Value {
  const weight = context.weight({ name: `${name}.weight`, shape: widths })
  const bias = context.weight({ name: `${name}.bias`, shape: [widths[1]] })
  return gemm(context.builder, x, weight, bias)
}

function norm({ context, config, shape }: Assembly, name: string, x: Value): Value {
  const gain = context.weight({ name: `${name}.weight`, shape: [shape.width] })
  const bias = context.weight({ name: `${name}.bias`, shape: [shape.width] })
  return layerNorm(context.builder, x, gain, bias, epsilon(config))
}

function embed({ context, shape }: Assembly): Value {
  const { builder, tokenIds, positionIds } = context
  const tokens = context.weight({ name: 'wte.weight', shape: [shape.vocabularySize, shape.width] })
  const positions = context.weight({
    name: 'wpe.weight',
    shape: [shape.contextLength, shape.width],
  })
  const sum = add(
    builder,
    gatherRows(builder, tokens, tokenIds),
    gatherRows(builder, positions, positionIds),
  )
  return reshape(builder, sum, ['rows', shape.width])
}

function scoreScale({ config, shape }: Assembly, layer: number): number {
  const byWidth = flag(config, 'scale_attn_weights', true) ? 1 / Math.sqrt(shape.headWidth) : 1
  return flag(config, 'scale_attn_by_inverse_layer_idx', false) ? byWidth / (layer + 1) : byWidth
}

function attention(assembly: Assembly, layer: number, x: Value): Value {
  const { context, shape } = assembly
  const { builder } = context
  const { width, heads, headWidth } = shape
  const fused = conv1d(assembly, `h.${layer}.attn.c_attn`, x, [width, 3 * width])
  const [query, key, value] = split(builder, fused, 1, [width, width, width]) as [
    Value,
    Value,
    Value,
  ]
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
      scoreScale: scoreScale(assembly, layer),
    },
  )
  const output = conv1d(assembly, `h.${layer}.attn.c_proj`, mixed, [width, width])
  return context.tap({ layer, matrix: 'attention.output' }, mixed, output)
}

function mlp(assembly: Assembly, layer: number, x: Value): Value {
  const { context, config, shape } = assembly
  const { width, innerWidth } = shape
  const activation = choice(config, 'activation_function', 'gelu_new', activations)
  const up = conv1d(assembly, `h.${layer}.mlp.c_fc`, x, [width, innerWidth])
  const active = activation(context.builder, context.tap({ layer, matrix: 'mlp.up' }, x, up))
  const down = conv1d(assembly, `h.${layer}.mlp.c_proj`, active, [innerWidth, width])
  return context.tap({ layer, matrix: 'mlp.down' }, active, down)
}

export const gpt2: Architecture = {
  family: 'gpt2',
  modelTypes: ['gpt2'],
  matrices: plainBlockMatrices,
  buffers: /\.attn\.(masked_)?bias$/,
  readShape,
  matrixWidths: plainMatrixWidths,
  storedMatrix,
  embed,
  block(assembly, layer, residual) {
    const { builder } = assembly.context
    const before = norm(assembly, `h.${layer}.ln_1`, residual)
    const middle = add(builder, residual, attention(assembly, layer, before))
    const inner = norm(assembly, `h.${layer}.ln_2`, middle)
    return add(builder, middle, mlp(assembly, layer, inner))
  },
  finalNorm: (assembly, rows) => norm(assembly, 'ln_f', rows),
  decoder({ context, config, shape }) {
    const tied = flag(config, 'tie_word_embeddings', true)
    const name = tied ? 'wte.weight' : 'lm_head.weight'
    return context.weight({ name, shape: [shape.vocabularySize, shape.width] })
  },
}
