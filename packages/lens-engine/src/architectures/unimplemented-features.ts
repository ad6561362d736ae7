// Settings by which other models' code changes their numbers, and which no family here implements: refused by name when active.
import type { Config } from './architecture.js'
import { unsupported } from './config-reader.js'

type Inactive = (value: unknown) => boolean

const isFalse: Inactive = (value) => value === false
const isOne: Inactive = (value) => value === 1
const isZero: Inactive = (value) => value === 0
const never: Inactive = () => false
const noneOrOne: Inactive = (value) => value === 0 || value === 1

/** Whether a value, when it is there, leaves the numbers as they are. */
export const unimplementedFeatures: Readonly<Record<string, Inactive>> = {
  quantization_config: never,
  is_encoder_decoder: isFalse,
  add_cross_attention: isFalse,
  // Mixtures of experts.
  num_local_experts: noneOrOne,
  num_experts: noneOrOne,
  n_routed_experts: isZero,
  // Factors on embeddings, scores, residuals and logits (Gemma, Granite, Cohere).
  attn_logit_softcapping: never,
  final_logit_softcapping: never,
  logit_scale: isOne,
  logits_scaling: isOne,
  embedding_multiplier: isOne,
  residual_multiplier: isOne,
  attention_multiplier: never,
  // Other attention (MPT, OLMo, Llama 4, DeepSeek).
  alibi: isFalse,
  clip_qkv: never,
  attention_chunk_size: never,
  no_rope_layers: never,
  kv_lora_rank: never,
  q_lora_rank: never,
}

/** @throws MODEL_UNSUPPORTED naming the first active feature */
export function refuseUnimplemented(config: Config): void {
  for (const [name, isInactive] of Object.entries(unimplementedFeatures)) {
    const value = config[name] ?? null
    if (value !== null && !isInactive(value)) throw unsupported(name, value, 'not set')
  }
}
