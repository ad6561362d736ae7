// Llama and its relatives (Llama 1-3, Mistral, Qwen2, Qwen3, SmolLM2, TinyLlama): RMSNorm, rotary embedding, gated MLP,
// grouped queries. Weights are stored [out, in] and used transposed.
import type { Value } from '../graph/graph.js'
import { activations } from '../ops/activation.js'
import { add, mul } from '../ops/elementwise.js'
import { gatherRows } from '../ops/indexing.js'
import { reshape } from '../ops/movement.js'
import { rmsNorm } from '../ops/normalization.js'
import type { Architecture, Assembly, Config, ModelShape, StoredMatrix } from './architecture.js'
import {
  choice,
  flag,
  invalid,
  positiveInteger,
  positiveNumber,
  unsupported,
} from './config-reader.js'
import type { MatrixAddress, MatrixName } from './hook-points.js'
import { causalAttention, sharedMask } from './layers/causal-attention.js'
import { linear } from './layers/linear.js'
import { applyRotary, rotaryTables, type RotaryTables } from './layers/rotary-embedding.js'
import { readPartialRotary, readScaling, readTheta } from './layers/rope-settings.js'
import { lengthLimit, rotaryFrequencies, stretchedContext } from './layers/rotary-frequencies.js'
import { slidingWindow } from './layers/sliding-window.js'

const matrices: readonly MatrixName[] = [
  'attention.query',
  'attention.key',
  'attention.value',
  'attention.output',
  'mlp.gate',
  'mlp.up',
  'mlp.down',
]

interface FamilyTraits {
  /** Biases of query, key and value that the configuration does not mention. */
  readonly queryKeyValueBias: boolean
  /** RMSNorm of each head of queries and keys. */
  readonly headNorms: boolean
  /** Width of a head where the configuration does not say; else the width of the model by the number of heads. */
  readonly headWidth?: number
}

/** What `model_type` implies beside the settings themselves. */
const traits: Readonly<Record<string, FamilyTraits>> = {
  llama: { queryKeyValueBias: false, headNorms: false },
  mistral: { queryKeyValueBias: false, headNorms: false },
  qwen2: { queryKeyValueBias: true, headNorms: false },
  qwen3: { queryKeyValueBias: false, headNorms: true, headWidth: 128 },
}

const traitsOf = (config: Config): FamilyTraits => choice(config, 'model_type', 'llama', traits)

const epsilon = (config: Config): number => positiveNumber(config, 'rms_norm_eps', 1e-6)

function keyValueHeads(config: Config, heads: number): number {
  const groups = positiveInteger(config, ['num_key_value_heads'], heads)
  if (heads % groups !== 0) throw invalid('num_key_value_heads', groups, `a divisor of ${heads}`)
  return groups
}

function readShape(config: Config): ModelShape {
  const width = positiveInteger(config, ['hidden_size'])
  const heads = positiveInteger(config, ['num_attention_heads'])
  const headWidth = positiveInteger(
    config,
    ['head_dim'],
    traitsOf(config).headWidth ?? width / heads,
  )
  if (headWidth % 2 !== 0) throw invalid('head_dim', headWidth, 'an even number')
  keyValueHeads(config, heads)
  choice(config, 'hidden_act', 'silu', activations)
  const turned = readPartialRotary(config, ['partial_rotary_factor'], 1)
  if (turned !== 1) throw unsupported('partial_rotary_factor', turned, '1 in this family')
  const shape = {
    family: 'llama',
    layers: positiveInteger(config, ['num_hidden_layers']),
    width,
    heads,
    headWidth,
    innerWidth: positiveInteger(config, ['intermediate_size']),
    contextLength: stretchedContext(trainedContext(config), readScaling(config)),
    vocabularySize: positiveInteger(config, ['vocab_size']),
  }
  traitsOf(config)
  slidingWindow(config, 0, shape.layers)
  return { ...shape, ...lengthLimit(frequenciesOf(config, headWidth)) }
}

const trainedContext = (config: Config): number =>
  positiveInteger(config, ['max_position_embeddings'], 2048)

function frequenciesOf(config: Config, headWidth: number) {
  return rotaryFrequencies({
    width: headWidth,
    theta: readTheta(config, ['rope_theta']),
    contextLength: trainedContext(config),
    scaling: readScaling(config),
  })
}

function widthsOf(
  config: Config,
  shape: ModelShape,
  matrix: MatrixName,
): readonly [number, number] {
  const { width, innerWidth, heads, headWidth } = shape
  const keyWidth = keyValueHeads(config, heads) * headWidth
  const widths: Readonly<Record<MatrixName, readonly [number, number]>> = {
    'attention.query': [width, heads * headWidth],
    'attention.key': [width, keyWidth],
    'attention.value': [width, keyWidth],
    'attention.output': [heads * headWidth, width],
    'mlp.gate': [width, innerWidth],
    'mlp.up': [width, innerWidth],
    'mlp.down': [innerWidth, width],
  }
  return widths[matrix]
}

const storedNames: Readonly<Record<MatrixName, string>> = {
  'attention.query': 'self_attn.q_proj',
  'attention.key': 'self_attn.k_proj',
  'attention.value': 'self_attn.v_proj',
  'attention.output': 'self_attn.o_proj',
  'mlp.gate': 'mlp.gate_proj',
  'mlp.up': 'mlp.up_proj',
  'mlp.down': 'mlp.down_proj',
}

function hasBias(config: Config, matrix: MatrixName): boolean {
  if (matrix.startsWith('mlp')) return flag(config, 'mlp_bias', false)
  const implied = matrix !== 'attention.output' && traitsOf(config).queryKeyValueBias
  return flag(config, 'attention_bias', false) || implied
}

function storedMatrix(
  shape: ModelShape,
  { layer, matrix }: MatrixAddress,
  config: Config,
): StoredMatrix {
  const name = `layers.${layer}.${storedNames[matrix]}`
  return {
    weight: `${name}.weight`,
    bias: hasBias(config, matrix) ? `${name}.bias` : null,
    layout: 'out-in',
    storedOutputs: widthsOf(config, shape, matrix)[1],
    outputs: null,
  }
}

/** x W^T + b of a matrix, announced. */
function project(assembly: Assembly, layer: number, matrix: MatrixName, x: Value): Value {
  const { context, config, shape } = assembly
  const y = linear(context, x, {
    name: `layers.${layer}.${storedNames[matrix]}`,
    widths: widthsOf(config, shape, matrix),
    bias: hasBias(config, matrix),
  })
  return context.tap({ layer, matrix }, x, y)
}

function norm({ context, config }: Assembly, name: string, x: Value, width: number): Value {
  const gain = context.weight({ name: `${name}.weight`, shape: [width] })
  return rmsNorm(context.builder, x, gain, epsilon(config))
}

function tablesOf({ context, config, shape }: Assembly): RotaryTables {
  const make = () =>
    rotaryTables(context.builder, context.positionIds, frequenciesOf(config, shape.headWidth))
  return context.shared('rotary', make)
}

const headNorm = { query: 'q_norm', key: 'k_norm' } as const

function attention(assembly: Assembly, layer: number, x: Value): Value {
  const { context, config, shape } = assembly
  const { heads, headWidth } = shape
  const mixed = causalAttention(
    context.builder,
    project(assembly, layer, 'attention.query', x),
    project(assembly, layer, 'attention.key', x),
    project(assembly, layer, 'attention.value', x),
    {
      heads,
      headWidth,
      keyValueHeads: keyValueHeads(config, heads),
      scoreScale: 1 / Math.sqrt(headWidth),
      mask: sharedMask(context, slidingWindow(config, layer, shape.layers)),
      remember: context.remember?.bind(context, layer),
      transform(vectors, side) {
        const name = `layers.${layer}.self_attn.${headNorm[side]}`
        const { headNorms } = traitsOf(config)
        const normed = headNorms ? norm(assembly, name, vectors, headWidth) : vectors
        return applyRotary(context.builder, normed, tablesOf(assembly), 'halves')
      },
    },
  )
  return project(assembly, layer, 'attention.output', mixed)
}

function mlp(assembly: Assembly, layer: number, x: Value): Value {
  const { builder } = assembly.context
  const activation = choice(assembly.config, 'hidden_act', 'silu', activations)
  const gate = activation(builder, project(assembly, layer, 'mlp.gate', x))
  const product = mul(builder, gate, project(assembly, layer, 'mlp.up', x))
  return project(assembly, layer, 'mlp.down', product)
}

export const llama: Architecture = {
  family: 'llama',
  modelTypes: Object.keys(traits),
  matrices,
  buffers: /rotary_emb\.inv_freq$/,
  readShape,
  matrixWidths: (shape, matrix, config) => widthsOf(config, shape, matrix),
  storedMatrix,
  embed({ context, shape }) {
    const size = [shape.vocabularySize, shape.width]
    const embedding = context.weight({ name: 'embed_tokens.weight', shape: size })
    const tokens = gatherRows(context.builder, embedding, context.tokenIds)
    return reshape(context.builder, tokens, ['rows', shape.width])
  },
  block(assembly, layer, residual) {
    const { builder } = assembly.context
    const { width } = assembly.shape
    const before = norm(assembly, `layers.${layer}.input_layernorm`, residual, width)
    const middle = add(builder, residual, attention(assembly, layer, before))
    const inner = norm(assembly, `layers.${layer}.post_attention_layernorm`, middle, width)
    return add(builder, middle, mlp(assembly, layer, inner))
  },
  finalNorm: (assembly, rows) => norm(assembly, 'norm', rows, assembly.shape.width),
  decoder({ context, config, shape }) {
    const tied = flag(config, 'tie_word_embeddings', false)
    const name = tied ? 'embed_tokens.weight' : 'lm_head.weight'
    return context.weight({ name, shape: [shape.vocabularySize, shape.width] })
  },
}
