// GPT-J: one norm for attention and MLP (parallel residual), rotary embedding of neighbouring coordinates, decoder with bias.
// `attention.output` and `mlp.down` write into the same sum, so they share one VJP.
import type { Value } from '../graph/graph.js'
import { activations } from '../ops/activation.js'
import { add } from '../ops/elementwise.js'
import { gatherRows } from '../ops/indexing.js'
import { reshape } from '../ops/movement.js'
import { layerNorm } from '../ops/normalization.js'
import type { Architecture, Assembly, Config, ModelShape, StoredMatrix } from './architecture.js'
import { plainBlockMatrices, plainMatrixWidths } from './block-matrices.js'
import { choice, flag, invalid, positiveInteger, positiveNumber } from './config-reader.js'
import type { MatrixAddress } from './hook-points.js'
import { causalAttention, sharedMask } from './layers/causal-attention.js'
import { linear } from './layers/linear.js'
import { plainMlp } from './layers/plain-mlp.js'
import { applyRotary, rotaryTables, type RotaryTables } from './layers/rotary-embedding.js'
import { rotaryFrequencies } from './layers/rotary-frequencies.js'

function readShape(config: Config): ModelShape {
  const width = positiveInteger(config, ['n_embd'])
  const heads = positiveInteger(config, ['n_head'])
  if (width % heads !== 0) throw invalid('n_head', heads, `a divisor of n_embd (${width})`)
  const headWidth = width / heads
  const turned = positiveInteger(config, ['rotary_dim'], 64)
  if (turned > headWidth || turned % 2 !== 0) {
    throw invalid('rotary_dim', turned, `an even number up to ${headWidth}`)
  }
  choice(config, 'activation_function', 'gelu_new', activations)
  return {
    family: 'gptj',
    layers: positiveInteger(config, ['n_layer']),
    width,
    heads,
    headWidth,
    innerWidth: positiveInteger(config, ['n_inner'], 4 * width),
    contextLength: positiveInteger(config, ['n_positions']),
    vocabularySize: positiveInteger(config, ['vocab_size']),
  }
}

function norm({ context, config, shape }: Assembly, name: string, x: Value): Value {
  const gain = context.weight({ name: `${name}.weight`, shape: [shape.width] })
  const bias = context.weight({ name: `${name}.bias`, shape: [shape.width] })
  const epsilon = positiveNumber(config, 'layer_norm_epsilon', 1e-5)
  return layerNorm(context.builder, x, gain, bias, epsilon)
}

const storedNames = {
  'attention.query': 'q_proj',
  'attention.key': 'k_proj',
  'attention.value': 'v_proj',
  'attention.output': 'out_proj',
} as const

const mlpNames: Readonly<Record<string, string>> = { 'mlp.up': 'fc_in', 'mlp.down': 'fc_out' }

function storedMatrix(shape: ModelShape, { layer, matrix }: MatrixAddress): StoredMatrix {
  const inner = mlpNames[matrix]
  const name =
    inner === undefined
      ? `h.${layer}.attn.${storedNames[matrix as keyof typeof storedNames]}`
      : `h.${layer}.mlp.${inner}`
  return {
    weight: `${name}.weight`,
    bias: inner === undefined ? null : `${name}.bias`,
    layout: 'out-in',
    storedOutputs: plainMatrixWidths(shape, matrix)[1],
    outputs: null,
  }
}

function project(
  { context, shape }: Assembly,
  layer: number,
  matrix: keyof typeof storedNames,
  x: Value,
): Value {
  const y = linear(context, x, {
    name: `h.${layer}.attn.${storedNames[matrix]}`,
    widths: [shape.width, shape.width],
    bias: false,
  })
  return context.tap({ layer, matrix }, x, y)
}

function tablesOf({ context, config, shape }: Assembly): RotaryTables {
  const { contextLength } = shape
  const width = positiveInteger(config, ['rotary_dim'], 64)
  const frequencies = rotaryFrequencies({ width, theta: 10_000, contextLength, scaling: null })
  const make = () => rotaryTables(context.builder, context.positionIds, frequencies)
  return context.shared('rotary', make)
}

function attention(assembly: Assembly, layer: number, x: Value): Value {
  const { context, shape } = assembly
  const { builder } = context
  const { heads, headWidth } = shape
  const mixed = causalAttention(
    builder,
    project(assembly, layer, 'attention.query', x),
    project(assembly, layer, 'attention.key', x),
    project(assembly, layer, 'attention.value', x),
    {
      heads,
      headWidth,
      mask: sharedMask(context),
      remember: context.remember?.bind(context, layer),
      scoreScale: 1 / Math.sqrt(headWidth),
      transform: (vectors) => applyRotary(builder, vectors, tablesOf(assembly), 'neighbours'),
    },
  )
  return project(assembly, layer, 'attention.output', mixed)
}

export const gptj: Architecture = {
  family: 'gptj',
  modelTypes: ['gptj'],
  matrices: plainBlockMatrices,
  buffers: /\.attn\.(masked_)?bias$/,
  readShape,
  matrixWidths: plainMatrixWidths,
  storedMatrix,
  embed({ context, shape }) {
    const size = [shape.vocabularySize, shape.width]
    const embedding = context.weight({ name: 'wte.weight', shape: size })
    const tokens = gatherRows(context.builder, embedding, context.tokenIds)
    return reshape(context.builder, tokens, ['rows', shape.width])
  },
  block(assembly, layer, residual) {
    const { builder } = assembly.context
    const normed = norm(assembly, `h.${layer}.ln_1`, residual)
    const attended = attention(assembly, layer, normed)
    const mlp = plainMlp(assembly, normed, {
      layer,
      names: { up: `h.${layer}.mlp.fc_in`, down: `h.${layer}.mlp.fc_out` },
      activation: ['activation_function', 'gelu_new'],
    })
    return add(builder, add(builder, attended, mlp), residual)
  },
  finalNorm: (assembly, rows) => norm(assembly, 'ln_f', rows),
  decoder({ context, config, shape }) {
    const name = flag(config, 'tie_word_embeddings', false) ? 'wte.weight' : 'lm_head.weight'
    return context.weight({ name, shape: [shape.vocabularySize, shape.width] })
  },
  decoderBias: ({ context, shape }) =>
    context.weight({ name: 'lm_head.bias', shape: [shape.vocabularySize] }),
}
