import { describe, expect, it } from 'vitest'
import type { ModelShape } from '../architectures/architecture.js'
import type { WeightSource } from '../weights/weight-source.js'
import {
  checkMemory,
  estimateMemory,
  planMemory,
  predictMemory,
  weightSizes,
  type MemoryNeeds,
  type RunSize,
} from './memory-estimate.js'

const MIB = 2 ** 20
const shape: ModelShape = {
  family: 'gpt2',
  layers: 3,
  width: 8,
  heads: 2,
  headWidth: 4,
  innerWidth: 32,
  contextLength: 64,
  vocabularySize: 100,
}
const sizes = { stored: 50_000, block: 3_000, decoder: 3_200, widenedMatrix: 0, widenedDecoder: 0 }
const plain: RunSize = {
  batch: 2,
  positions: 5,
  kinds: 6,
  hiddenStates: false,
  gradientRank: false,
  gradientCheck: false,
  vectors: false,
}

describe('predictMemory', () => {
  it('adds up a run of two prompts of five positions by hand', () => {
    const { weights, widened, activations, results, check, base, total } = predictMemory(
      shape,
      sizes,
      plain,
    )
    expect([weights, widened, results, check]).toEqual([50_000, 0, 0, 0])
    // A row of a block: 17 widths, 7 inner widths, and 2 copies of 2 heads' weights on 5 positions.
    const row = 17 * 8 + 7 * 32 + 2 * 2 * 5
    // 4 groups of 10 rows in each of 3 layers, twice, and 1.25 tiles of their logits.
    const projected = 4 * 10 * 3
    expect(activations).toBe(4 * (3 * 10 * row + 2 * projected * 8 + 1.25 * projected * 100))
    expect(base).toBe(130 * MIB)
    expect(total).toBe(50_000 + activations + base)
  })

  it('holds one block, the decoder and every residual when it streams', () => {
    const { streaming } = predictMemory(shape, sizes, plain)
    expect(streaming.weights).toBe(6_200)
    const row = 17 * 8 + 7 * 32 + 2 * 2 * 5
    const block = 10 * row + 2 * 40 * 8 + 1.25 * 40 * 100
    expect(streaming.activations).toBe(4 * (block + 10 * 8 * (3 + 1)))
  })

  it('counts Gram matrices, vectors and hidden states by hand', () => {
    const needs = predictMemory(shape, sizes, { ...plain, gradientRank: true, vectors: true })
    // 10 Gram matrices of doubles, twice; X and Delta of all matrices, three times.
    expect(needs.results).toBe(4 * 3 * 10 * (2 * 2 * 10 * 5 + 3 * (11 * 8 + 3 * 32)))
    const hidden = predictMemory(shape, sizes, { ...plain, hiddenStates: true }).activations
    const added = 10 * 3 * (2 * 8 + 1.25 * 100)
    expect(hidden - predictMemory(shape, sizes, plain).activations).toBe(4 * added)
  })

  it('adds the gradient check to a kept session, and takes the larger of the two otherwise', () => {
    const needs = predictMemory(shape, sizes, { ...plain, gradientCheck: true })
    // 24 losses of 5 rows: edits of 3 layers, and the activations of one block.
    const edits = 3 * 24 * (11 * 8 + 3 * 32)
    const pass = 24 * 5 * (24 * 8 + 14 * 32 + 2 * 2 * 5)
    expect(needs.check).toBe(4 * (edits + pass))
    expect(needs.total).toBe(50_000 + needs.activations + needs.check + needs.base)
    const larger = Math.max(needs.activations, needs.check)
    expect(needs.frugal.total).toBe(50_000 + larger + needs.base)
  })

  it('counts the decoder and two matrices in float32 for half precision, twice with two sessions', () => {
    const half = { ...sizes, widenedMatrix: 1_000, widenedDecoder: 6_400 }
    expect(predictMemory(shape, half, plain).widened).toBe(8_400)
    const checked = predictMemory(shape, half, { ...plain, gradientCheck: true })
    expect([checked.widened, checked.frugal.widened]).toEqual([16_800, 8_400])
  })

  it('grows with the square of the positions, not with those of other prompts', () => {
    const bytes = (batch: number, positions: number): number =>
      predictMemory(shape, sizes, { ...plain, gradientRank: true, batch, positions }).results
    expect(bytes(1, 20) / bytes(1, 10)).toBe(4)
    expect(bytes(2, 10) / bytes(1, 10)).toBe(2)
  })
})

describe('weightSizes', () => {
  const tensor = (
    name: string,
    dtype: 'F16' | 'F32',
    sizes: readonly number[],
    length: number,
  ) => ({
    name,
    dtype,
    shape: sizes,
    file: 'model.safetensors',
    length,
  })
  it('finds the largest block and the decoder, and leaves buffers out', () => {
    const tensors = [
      tensor('model.embed_tokens.weight', 'F16', [10, 4], 80),
      tensor('model.layers.0.mlp.up_proj.weight', 'F16', [6, 4], 48),
      tensor('model.layers.1.mlp.up_proj.weight', 'F16', [6, 4], 48),
      tensor('model.layers.1.mlp.down_proj.weight', 'F16', [4, 6], 48),
      tensor('model.norm.weight', 'F32', [4], 16),
      tensor('model.layers.0.rotary_emb.inv_freq', 'F32', [999], 3996),
    ]
    const source = { tensors: () => tensors, bytes: 4236 } as unknown as WeightSource
    expect(weightSizes(source, /inv_freq$/)).toEqual({
      stored: 4236,
      block: 96,
      decoder: 80,
      widenedMatrix: 96,
      widenedDecoder: 160,
    })
  })
})

describe('planMemory', () => {
  const one = (total: number) => ({
    weights: 40,
    widened: 0,
    activations: 10,
    results: 0,
    check: 5,
    base: 5,
    total,
  })
  const needs: MemoryNeeds = { ...one(100), frugal: one(80), streaming: one(30) }

  it.each([
    // Two sessions map 40 bytes of weights twice.
    [140, 'auto', false, true],
    [139, 'auto', false, false],
    [80, 'auto', false, false],
    [79, 'auto', true, false],
    [30, 'auto', true, false],
    [1000, true, true, false],
    [80, false, false, false],
  ] as const)('with %d bytes, %s: streaming %s, sessions kept %s', (available, choice, ...way) => {
    const { streaming, keepSessions } = planMemory(needs, choice, available)
    expect([streaming, keepSessions]).toEqual(way)
  })

  it('says why it streams by itself', () => {
    expect(planMemory(needs, 'auto', 50).reason).toMatch(
      /^auto: the whole graph needs .* available$/,
    )
    expect(planMemory(needs, true, 50).reason).toBe('asked for: block by block')
  })

  it.each([
    ['auto', 29, 30],
    [true, 29, 30],
    [false, 79, 80],
  ] as const)('refuses %s with %d bytes, and says what is needed', (choice, available, needed) => {
    expect(() => planMemory(needs, choice, available)).toThrowError(
      expect.objectContaining({
        code: 'MODEL_TOO_LARGE',
        details: { needed, neededWhole: 80, neededStreaming: 30, available, weights: 40 },
      }),
    )
  })

  it('advises streaming only where it would help', () => {
    const cure = (available: number): string => {
      try {
        planMemory(needs, false, available)
      } catch (error) {
        return (error as { cure: string }).cure
      }
      return 'it fits'
    }
    expect(cure(79)).toContain('block by block')
    expect(cure(29)).not.toContain('block by block')
    expect(cure(29)).toContain('fewer outputs')
  })
})

describe('a model larger than the machine', () => {
  // Llama 2 70B in float32 from its configuration alone.
  const large: ModelShape = {
    ...shape,
    layers: 80,
    width: 8192,
    innerWidth: 28672,
    heads: 64,
    vocabularySize: 32000,
  }
  it('is accepted where blocks fit, and refused where they do not', () => {
    const needs = estimateMemory(large, 276e9, 1)
    expect(needs.total).toBeGreaterThan(276e9)
    expect(needs.streaming.total).toBeLessThan(8 * 2 ** 30)
    expect(() => checkMemory(needs, 8 * 2 ** 30)).not.toThrow()
    expect(() => checkMemory(needs, 3 * 2 ** 30)).toThrowError(
      expect.objectContaining({ code: 'MODEL_TOO_LARGE' }),
    )
  })
})
