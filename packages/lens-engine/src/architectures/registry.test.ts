import { describe, expect, it } from 'vitest'
import type { Config } from './architecture.js'
import { architectures, findArchitecture } from './registry.js'
import { unimplementedFeatures } from './unimplemented-features.js'

const llama: Config = {
  model_type: 'llama',
  vocab_size: 100,
  hidden_size: 32,
  intermediate_size: 40,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  max_position_embeddings: 64,
}
const gpt2: Config = {
  model_type: 'gpt2',
  vocab_size: 100,
  n_embd: 12,
  n_head: 3,
  n_layer: 2,
  n_positions: 8,
}
const neox: Config = { ...llama, model_type: 'gpt_neox' }
const gptj: Config = { ...gpt2, model_type: 'gptj', rotary_dim: 2 }

const read = (config: Config) => findArchitecture(config).readShape(config)

describe('the registry', () => {
  it('names every model type once', () => {
    const types = architectures.flatMap(({ modelTypes }) => modelTypes)
    expect(new Set(types).size).toBe(types.length)
  })

  it.each([llama, gpt2, neox, gptj])('reads a plain $model_type', (config) => {
    expect(read(config)).toMatchObject({ layers: 2, vocabularySize: 100 })
  })
})

describe('a feature that is not implemented is refused by name', () => {
  it.each([
    ['model_type', { ...llama, model_type: 'mamba' }],
    ['hidden_act', { ...llama, hidden_act: 'mish' }],
    ['rope_scaling', { ...llama, rope_scaling: { rope_type: 'axial', factor: 2 } }],
    ['quantization_config', { ...llama, quantization_config: { bits: 4 } }],
    ['partial_rotary_factor', { ...llama, partial_rotary_factor: 0.5 }],
    ['activation_function', { ...gpt2, activation_function: 'swiglu' }],
    ['add_cross_attention', { ...gpt2, add_cross_attention: true }],
    ['hidden_act', { ...neox, hidden_act: 'mish' }],
    ['activation_function', { ...gptj, activation_function: 'mish' }],
  ])('%s', (name, config) => {
    expect(() => read(config)).toThrowError(
      expect.objectContaining({
        code: 'MODEL_UNSUPPORTED',
        message: expect.stringContaining(name === 'model_type' ? 'mamba' : name) as string,
      }) as Error,
    )
  })
})

/** A plain configuration of every model type, with what each family needs. */
const plainConfigs: readonly Config[] = architectures.flatMap(({ modelTypes }) =>
  modelTypes.map((type) => {
    const base = { gpt2, gptj }[type] ?? llama
    return { ...base, model_type: type }
  }),
)
const activationOf: Readonly<Record<string, string>> = {
  gpt2: 'activation_function',
  gptj: 'activation_function',
}

describe.each(plainConfigs)('a config.json of $model_type', (config) => {
  const type = String(config['model_type'])
  const refuses = (change: Config, name: string) =>
    expect(() => read({ ...config, ...change }), name).toThrowError(
      expect.objectContaining({
        code: 'MODEL_UNSUPPORTED',
        message: expect.stringContaining(name) as string,
      }) as Error,
    )

  it('is read, and read alike when a feature is there but inactive', () => {
    expect(read({ ...config, quantization_config: null, num_experts: 1, alibi: false })).toEqual(
      read(config),
    )
  })

  it('is refused by name for every feature that no family implements', () => {
    for (const name of Object.keys(unimplementedFeatures)) refuses({ [name]: 7 }, name)
  })

  it('is refused by name for an unknown activation', () => {
    const name = activationOf[type] ?? 'hidden_act'
    refuses({ [name]: 'mish' }, name)
  })

  if (!type.startsWith('gpt2') && type !== 'gptj')
    it('is refused for an unknown rotary scaling', () => {
      refuses({ rope_scaling: { rope_type: 'axial' } }, 'rope_scaling')
      refuses({ rope_scaling: { rope_type: 'default', mrope_section: [1] } }, 'mrope_section')
      refuses({ rope_parameters: { full_attention: { rope_type: 'default' } } }, 'full_attention')
    })

  if (['llama', 'mistral', 'qwen2', 'qwen3'].includes(type))
    it('is refused for a part of a head', () => {
      refuses({ partial_rotary_factor: 0.5 }, 'partial_rotary_factor')
      refuses({ rope_parameters: { partial_rotary_factor: 0.5 } }, 'partial_rotary_factor')
    })
})

describe('a malformed configuration is refused by name', () => {
  it.each([
    ['n_head', { ...gpt2, n_head: 5 }],
    ['n_embd', { ...gpt2, n_embd: '12' }],
    ['layer_norm_epsilon', { ...gpt2, layer_norm_epsilon: -1 }],
    ['num_key_value_heads', { ...llama, num_key_value_heads: 3 }],
    ['head_dim', { ...llama, head_dim: 7 }],
    ['rope_scaling.factor', { ...llama, rope_scaling: { rope_type: 'linear' } }],
    ['sliding_window', { ...llama, model_type: 'mistral', sliding_window: 0 }],
    ['layer_types', { ...llama, model_type: 'mistral', sliding_window: 4, layer_types: ['x'] }],
    ['rotary_pct', { ...neox, rotary_pct: 2 }],
    ['rotary_dim', { ...gptj, rotary_dim: 9 }],
    ['model_type', {}],
  ])('%s', (name, config) => {
    expect(() => read(config as Config)).toThrowError(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining(name) as string,
      }) as Error,
    )
  })
})
