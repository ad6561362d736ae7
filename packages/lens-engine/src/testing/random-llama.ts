// Sizes -> config.json and parameter names of a Llama of any size, for random weights.
import type { ModelLayout } from './random-weights.js'
import type { TensorName } from './write-safetensors.js'

export interface RandomLlamaOptions {
  readonly layers: number
  readonly width: number
  readonly heads: number
  /** Groups of queries share a key and a value when smaller than `heads`. */
  readonly keyValueHeads: number
  readonly innerWidth: number
  readonly vocabularySize: number
  readonly contextLength: number
}

/** The shape of Llama 2 7B: 6.7 billion parameters, its decoder apart from its embedding. */
export const llama2Shape: RandomLlamaOptions = {
  layers: 32,
  width: 4096,
  heads: 32,
  keyValueHeads: 32,
  innerWidth: 11008,
  vocabularySize: 32000,
  contextLength: 4096,
}

/** A Llama small enough for tests. */
export const tinyLlamaShape: RandomLlamaOptions = {
  layers: 2,
  width: 16,
  heads: 2,
  keyValueHeads: 1,
  innerWidth: 40,
  vocabularySize: 61,
  contextLength: 32,
}

/** What a Llama of these sizes has in its config.json and in its weights, which are stored [out, in]. */
export function layOutLlama(options: RandomLlamaOptions): ModelLayout {
  const { layers, width, vocabularySize } = options
  const table = [vocabularySize, width]
  return {
    config: configOf(options),
    gains: /norm\.weight$/,
    tensors: [
      { name: 'model.embed_tokens.weight', shape: table },
      ...Array.from({ length: layers }, (_, layer) => blockTensors(options, layer)).flat(),
      { name: 'model.norm.weight', shape: [width] },
      { name: 'lm_head.weight', shape: table },
    ],
  }
}

function blockTensors(options: RandomLlamaOptions, layer: number): readonly TensorName[] {
  const { width, innerWidth, heads, keyValueHeads } = options
  const keyWidth = (width / heads) * keyValueHeads
  const shapes: Readonly<Record<string, readonly number[]>> = {
    'input_layernorm.weight': [width],
    'self_attn.q_proj.weight': [width, width],
    'self_attn.k_proj.weight': [keyWidth, width],
    'self_attn.v_proj.weight': [keyWidth, width],
    'self_attn.o_proj.weight': [width, width],
    'post_attention_layernorm.weight': [width],
    'mlp.gate_proj.weight': [innerWidth, width],
    'mlp.up_proj.weight': [innerWidth, width],
    'mlp.down_proj.weight': [width, innerWidth],
  }
  return Object.entries(shapes).map(([name, shape]) => ({
    name: `model.layers.${layer}.${name}`,
    shape,
  }))
}

function configOf(options: RandomLlamaOptions): Readonly<Record<string, unknown>> {
  return {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    vocab_size: options.vocabularySize,
    max_position_embeddings: options.contextLength,
    hidden_size: options.width,
    num_hidden_layers: options.layers,
    num_attention_heads: options.heads,
    num_key_value_heads: options.keyValueHeads,
    intermediate_size: options.innerWidth,
    hidden_act: 'silu',
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    tie_word_embeddings: false,
  }
}
