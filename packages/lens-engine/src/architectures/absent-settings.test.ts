// A setting that config.json leaves out means what it means to transformers (5.23: MistralConfig, GPTJConfig).
import { describe, expect, it } from 'vitest'
import { GraphBuilder } from '../graph/graph-builder.js'
import type { Graph } from '../graph/graph.js'
import type { Config, ForwardContext } from './architecture.js'
import { forwardPass } from './forward-pass.js'
import { findArchitecture } from './registry.js'

/** A context whose parameters are inputs, so that no weights are needed. */
function inputContext(builder: GraphBuilder): ForwardContext {
  const kept = new Map<string, unknown>()
  function keep<T>(key: string, make: () => T): T {
    if (!kept.has(key)) kept.set(key, make())
    return kept.get(key) as T
  }
  const positionIds = builder.input('position_ids', 'int64', ['positions'])
  const tokenIds = builder.input('token_ids', 'int64', ['batch', 'positions'])
  const sizes = [builder.dimension('batch'), builder.dimension('positions')]
  builder.defineDimension('rows', builder.single('Mul', sizes, 'int64', [1]))
  return {
    builder,
    tokenIds,
    positionIds,
    keyPositionIds: positionIds,
    weight: ({ name, shape }) =>
      keep(`weight ${name}`, () => builder.input(name, 'float32', shape)),
    tap: (_address, _x, y) => y,
    shared: keep,
  }
}

function graphOf(config: Config): Graph {
  const architecture = findArchitecture(config)
  const builder = new GraphBuilder('absent-settings')
  const assembly = {
    context: inputContext(builder),
    config,
    shape: architecture.readShape(config),
  }
  builder.output('hidden', forwardPass(architecture, assembly).at(-1)!)
  return builder.build()
}

const mistral: Config = {
  model_type: 'mistral',
  vocab_size: 20,
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 8192,
}
const gptj: Config = {
  model_type: 'gptj',
  vocab_size: 20,
  n_embd: 160,
  n_head: 2,
  n_layer: 1,
  n_positions: 16,
}

describe('a config.json without', () => {
  it.each([
    ['the sliding_window of Mistral', mistral, { sliding_window: 4096 }, { sliding_window: 4095 }],
    ['the rotary_dim of GPT-J', gptj, { rotary_dim: 64 }, { rotary_dim: 80 }],
  ])('%s is computed as transformers computes it', (_, config, same, other) => {
    const graph = graphOf(config)
    expect(graph).toEqual(graphOf({ ...config, ...same }))
    expect(graph).not.toEqual(graphOf({ ...config, ...other }))
  })

  it('has no window where Mistral says null', () => {
    const whole = graphOf({ ...mistral, sliding_window: null })
    expect(whole).toEqual(graphOf({ ...mistral, model_type: 'llama' }))
    expect(whole).not.toEqual(graphOf(mistral))
  })

  it('the rotary_dim of GPT-J is refused where a head is narrower than 64', () => {
    expect(() => graphOf({ ...gptj, n_head: 4 })).toThrowError(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('rotary_dim is 64') as string,
      }) as Error,
    )
  })
})
