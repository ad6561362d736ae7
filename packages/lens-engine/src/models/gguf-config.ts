// Metadata of a GGUF file -> the config.json that the same model has in Hugging Face layout. A new family is one entry here.
import { LensEngineError } from '../errors.js'
import type { GgufFile } from '../weights/open-gguf.js'
import { ggufSettings, ggufUnsupported, type GgufSettings } from './gguf-settings.js'
import { readFrequencyFactors } from './gguf-rope-factors.js'

type HuggingFaceConfig = Readonly<Record<string, unknown>>
type ConfigMaker = (settings: GgufSettings, file: GgufFile) => HuggingFaceConfig

/** The architectures of GGUF files that can be read. */
const makers: Readonly<Record<string, ConfigMaker>> = {
  llama: makeLlama,
  qwen2: makeLlama,
  qwen3: makeLlama,
  gpt2: makeGpt2,
}

/** @throws MODEL_UNSUPPORTED naming the architecture or setting; CONFIG_INVALID */
export function makeConfig(file: GgufFile): HuggingFaceConfig {
  const settings = ggufSettings(file.metadata)
  const { architecture } = settings
  const known = Object.keys(makers)
  if (!Object.hasOwn(makers, architecture))
    throw new LensEngineError(
      'MODEL_UNSUPPORTED',
      `GGUF files of the architecture "${architecture.slice(0, 60)}" are not implemented`,
      {
        details: { architecture: architecture.slice(0, 60), known: known.join(', ') },
        cure: `Use a GGUF file of one of ${known.join(', ')}, or the model's safetensors files.`,
      },
    )
  settings.ignore('vocab_size')
  const config = makers[architecture]!(settings, file)
  settings.refuseOthers()
  return config
}

function makeLlama(settings: GgufSettings, file: GgufFile): HuggingFaceConfig {
  const width = settings.integer('embedding_length')
  const heads = settings.integer('attention.head_count')
  const headWidth = settings.number('attention.key_length') ?? width / heads
  expect(settings, 'attention.value_length', headWidth)
  expect(settings, 'rope.dimension_count', headWidth)
  expect(settings, 'expert_count', 0)
  expect(settings, 'expert_used_count', 0)
  const window = settings.number('attention.sliding_window') ?? 0
  if (window > 0 && settings.architecture !== 'llama')
    throw ggufUnsupported(`${settings.architecture}.attention.sliding_window`, window)
  const bias = hasTensor(file, 'blk.0.attn_output.bias')
  return {
    model_type: window > 0 ? 'mistral' : settings.architecture,
    hidden_size: width,
    intermediate_size: settings.integer('feed_forward_length'),
    num_hidden_layers: settings.integer('block_count'),
    num_attention_heads: heads,
    num_key_value_heads: settings.number('attention.head_count_kv') ?? heads,
    head_dim: headWidth,
    max_position_embeddings: settings.integer('context_length'),
    rms_norm_eps: settings.number('attention.layer_norm_rms_epsilon') ?? 1e-6,
    rope_theta: settings.number('rope.freq_base') ?? 10_000,
    rope_scaling: ropeScaling(settings, file, headWidth),
    hidden_act: 'silu',
    ...(bias ? { attention_bias: true } : {}),
    ...(window > 0 ? { sliding_window: window } : {}),
    tie_word_embeddings: !hasTensor(file, 'output.weight'),
    vocab_size: vocabularySize(file),
  }
}

function makeGpt2(settings: GgufSettings, file: GgufFile): HuggingFaceConfig {
  const width = settings.integer('embedding_length')
  return {
    model_type: 'gpt2',
    n_embd: width,
    n_layer: settings.integer('block_count'),
    n_head: settings.integer('attention.head_count'),
    n_inner: settings.number('feed_forward_length') ?? 4 * width,
    n_positions: settings.integer('context_length'),
    layer_norm_epsilon: settings.number('attention.layer_norm_epsilon') ?? 1e-5,
    activation_function: 'gelu_new',
    tie_word_embeddings: !hasTensor(file, 'output.weight'),
    vocab_size: vocabularySize(file),
  }
}

/** `rope_scaling` from the settings, or from the tensor of factors that Llama 3 files carry instead. */
function ropeScaling(
  settings: GgufSettings,
  file: GgufFile,
  headWidth: number,
): HuggingFaceConfig | null {
  const factors = readFrequencyFactors(file, settings.number('rope.freq_base') ?? 10_000, headWidth)
  const kind = settings.text('rope.scaling.type') ?? 'none'
  const factor = settings.number('rope.scaling.factor') ?? settings.number('rope.scale_linear')
  const original = settings.number('rope.scaling.original_context_length')
  const attention = settings.number('rope.scaling.attn_factor')
  settings.ignore('rope.scaling.finetuned')
  if (factors !== null) return factors
  if (kind === 'none') return null
  if (kind === 'linear') return { rope_type: 'linear', factor }
  if (kind !== 'yarn') throw ggufUnsupported(`${settings.architecture}.rope.scaling.type`, kind)
  return {
    rope_type: 'yarn',
    factor,
    ...(original === undefined ? {} : { original_max_position_embeddings: original }),
    ...(attention === undefined ? {} : { attention_factor: attention }),
  }
}

function expect(settings: GgufSettings, name: string, wanted: number): void {
  const value = settings.number(name) ?? wanted
  if (value !== wanted) throw ggufUnsupported(`${settings.architecture}.${name}`, value)
}

function hasTensor(file: GgufFile, name: string): boolean {
  return file.tensors.some((tensor) => tensor.name === name)
}

function vocabularySize(file: GgufFile): number {
  const rows = file.tensors.find(({ name }) => name === 'token_embd.weight')?.shape[0]
  if (rows !== undefined) return rows
  throw new LensEngineError('WEIGHTS_MISMATCH', 'the GGUF file has no tensor "token_embd.weight"', {
    details: { tensor: 'token_embd.weight', tensors: file.tensors.length },
    cure: 'Use a GGUF file of a whole language model; parts and adapters are not read.',
  })
}
