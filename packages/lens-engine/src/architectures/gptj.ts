// GPT-J: one norm for attention and MLP (parallel residual), rotary embedding of neighbouring coordinates, decoder with bias.
// `attention.output` and `mlp.down` write into the same sum, so they share one VJP.
import type { Value } from '../graph/graph.js'
import { activations } from '../ops/activation.js'
import { add } from '../ops/elementwise.js'
import { gatherRows } from '../ops/indexing.js'
import { reshape } from '../ops/movement.js'
import { layerNorm } from '../ops/normalization.js'
import type { Architecture, Config, ForwardContext, ModelShape } from './architecture.js'
import {
  choice,
  flag,
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
import { rotaryFrequencies } from './layers/rotary-frequencies.js'

const matrices: readonly MatrixName[] = [
  'attention.query',
  'attention.key',
  'attention.value',
  'attention.output',
  'mlp.up',
  'mlp.down',
]

function readShape(config: Config): ModelShape {
  const width = positiveInteger(config, ['n_embd'])
  const heads = positiveInteger(config, ['n_head'])
  if (width % heads !== 0) throw invalid('n_head', heads, `a divisor of n_embd (${width})`)
  const headWidth = width / heads
  const turned = positiveInteger(config, ['rotary_dim'], headWidth)
  if (turned > headWidth || turned % 2 !== 0) {
    throw invalid('rotary_dim', turned, `an even number up to ${headWidth}`)
  }
  choice(config, 'activation_function', 'gelu_new', activations)
  refuseUnless(config, 'quantization_config', undefined)
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
  return layerNorm(
    context.builder,
    x,
    gain,
    bias,
    positiveNumber(config, 'layer_norm_epsilon', 1e-5),
  )
}

interface Block {
  readonly context: ForwardContext
  readonly config: Config
  readonly shape: ModelShape
  readonly layer: number
  readonly tables: RotaryTables
  readonly mask: Value
}

const storedNames = {
  'attention.query': 'q_proj',
  'attention.key': 'k_proj',
  'attention.value': 'v_proj',
  'attention.output': 'out_proj',
} as const

function project(block: Block, matrix: keyof typeof storedNames, x: Value): Value {
  const { context, shape, layer } = block
  const y = linear(context, x, {
    name: `h.${layer}.attn.${storedNames[matrix]}`,
    widths: [shape.width, shape.width],
    bias: false,
  })
  return context.tap({ layer, matrix }, x, y)
}

function attention(block: Block, x: Value): Value {
  const { builder } = block.context
  const { heads, headWidth } = block.shape
  const mixed = causalAttention(
    builder,
    project(block, 'attention.query', x),
    project(block, 'attention.key', x),
    project(block, 'attention.value', x),
    {
      heads,
      headWidth,
      mask: block.mask,
      scoreScale: 1 / Math.sqrt(headWidth),
      transform: (vectors) => applyRotary(builder, vectors, block.tables, 'neighbours'),
    },
  )
  return project(block, 'attention.output', mixed)
}

function runBlock(block: Block, residual: Value): Value {
  const { context, config, shape, layer } = block
  const { builder } = context
  const normed = norm(context, `h.${layer}.ln_1`, residual, config, shape.width)
  const attended = attention(block, normed)
  const mlp = plainMlp(context, config, shape, normed, {
    layer,
    names: { up: `h.${layer}.mlp.fc_in`, down: `h.${layer}.mlp.fc_out` },
    activation: ['activation_function', 'gelu_new'],
  })
  return add(builder, add(builder, attended, mlp), residual)
}

export const gptj: Architecture = {
  family: 'gptj',
  modelTypes: ['gptj'],
  matrices,
  buffers: /\.attn\.(masked_)?bias$/,
  readShape,
  matrixWidths,
  forward(context, config, shape) {
    const { builder } = context
    const embedding = context.weight({
      name: 'wte.weight',
      shape: [shape.vocabularySize, shape.width],
    })
    const width = positiveInteger(config, ['rotary_dim'], shape.headWidth)
    const { contextLength } = shape
    const frequencies = rotaryFrequencies({ width, theta: 10_000, contextLength, scaling: null })
    const tables = rotaryTables(builder, context.positionIds, frequencies)
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
  finalNorm: (context, config, shape, rows) => norm(context, 'ln_f', rows, config, shape.width),
  decoder(context, config, shape) {
    const name = flag(config, 'tie_word_embeddings', false) ? 'wte.weight' : 'lm_head.weight'
    return context.weight({ name, shape: [shape.vocabularySize, shape.width] })
  },
  decoderBias: (context, _config, shape) =>
    context.weight({ name: 'lm_head.bias', shape: [shape.vocabularySize] }),
}
