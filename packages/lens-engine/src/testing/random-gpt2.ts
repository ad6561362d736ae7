// A seeded random GPT-2 of any size -> config.json and model.safetensors in a directory, without Python.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ParameterDtype } from '../tensor/dtype.js'
import { createRandom, type SeededRandom } from '../tensor/seeded-random.js'
import type { ModelLayout } from './random-weights.js'
import { elementCount, writeSafetensors, type TensorRecipe } from './write-safetensors.js'

export interface RandomGpt2Options {
  readonly layers?: number
  readonly width?: number
  readonly heads?: number
  readonly vocabularySize?: number
  readonly contextLength?: number
  readonly innerWidth?: number
  readonly activation?: string
  readonly layerNormEpsilon?: number
  readonly tied?: boolean
  readonly dtype?: ParameterDtype
  readonly seed?: number
  /** Standard deviation of matrices and biases; 0.2 makes every term of a tiny model matter, 0.02 is GPT-2's own. */
  readonly scale?: number
}

type ResolvedOptions = Required<RandomGpt2Options>

/** The shape of GPT-2 small: 12 layers, width 768, 50,257 tokens, 124 million parameters. */
export const gpt2SmallShape = {
  layers: 12,
  width: 768,
  heads: 12,
  vocabularySize: 50257,
  contextLength: 1024,
  scale: 0.02,
} as const satisfies RandomGpt2Options

function resolveOptions(options: RandomGpt2Options): ResolvedOptions {
  const width = options.width ?? 16
  return {
    layers: 2,
    width,
    heads: 2,
    vocabularySize: 61,
    contextLength: 32,
    innerWidth: 4 * width,
    activation: 'gelu_new',
    layerNormEpsilon: 1e-5,
    tied: true,
    dtype: 'F32',
    seed: 1,
    scale: 0.2,
    ...options,
  }
}

/** What a GPT-2 of these sizes has in its config.json and in its weights. */
export function layOutGpt2(options: RandomGpt2Options): ModelLayout {
  const resolved = resolveOptions(options)
  return { config: configOf(resolved), tensors: tensorsOf(resolved), gains: GAINS }
}

/** Writes the model into `directory` (made when missing) and returns the directory. */
export function writeRandomGpt2(directory: string, options: RandomGpt2Options = {}): string {
  const resolved = resolveOptions(options)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'config.json'), `${JSON.stringify(configOf(resolved), null, 2)}\n`)
  writeSafetensors(join(directory, 'model.safetensors'), tensorsOf(resolved), resolved.dtype)
  return directory
}

/** The same in a new temporary directory. */
export function makeTinyGpt2(options: RandomGpt2Options = {}): string {
  return writeRandomGpt2(mkdtempSync(join(tmpdir(), 'imprint-tiny-gpt2-')), options)
}

function configOf(options: ResolvedOptions): Readonly<Record<string, unknown>> {
  return {
    model_type: 'gpt2',
    architectures: ['GPT2LMHeadModel'],
    vocab_size: options.vocabularySize,
    n_positions: options.contextLength,
    n_ctx: options.contextLength,
    n_embd: options.width,
    n_layer: options.layers,
    n_head: options.heads,
    n_inner: options.innerWidth === 4 * options.width ? null : options.innerWidth,
    activation_function: options.activation,
    layer_norm_epsilon: options.layerNormEpsilon,
    ...(options.tied ? {} : { tie_word_embeddings: false }),
  }
}

/** Gains of layer norms. */
const GAINS = /ln_\w+\.weight$/

type Row = readonly [name: string, shape: readonly number[]]

function blockRows(layer: number, width: number, inner: number): readonly Row[] {
  const rows: readonly Row[] = [
    ['ln_1.weight', [width]],
    ['ln_1.bias', [width]],
    ['attn.c_attn.weight', [width, 3 * width]],
    ['attn.c_attn.bias', [3 * width]],
    ['attn.c_proj.weight', [width, width]],
    ['attn.c_proj.bias', [width]],
    ['ln_2.weight', [width]],
    ['ln_2.bias', [width]],
    ['mlp.c_fc.weight', [width, inner]],
    ['mlp.c_fc.bias', [inner]],
    ['mlp.c_proj.weight', [inner, width]],
    ['mlp.c_proj.bias', [width]],
  ]
  return rows.map(([name, shape]) => [`h.${layer}.${name}`, shape])
}

function tensorsOf(options: ResolvedOptions): readonly TensorRecipe[] {
  const { width, innerWidth, layers, vocabularySize, contextLength } = options
  const rows: readonly Row[] = [
    ['wte.weight', [vocabularySize, width]],
    ['wpe.weight', [contextLength, width]],
    ...Array.from({ length: layers }, (_, layer) => blockRows(layer, width, innerWidth)).flat(),
    ['ln_f.weight', [width]],
    ['ln_f.bias', [width]],
    ...(options.tied ? [] : [['lm_head.weight', [vocabularySize, width]] as const]),
  ]
  const random = createRandom(options.seed)
  return rows.map(([name, shape]) => ({
    name,
    shape,
    values: () => drawValues(random, name, elementCount(shape), options.scale),
  }))
}

/** Normal variates; gains of layer norms are centred on 1. */
function drawValues(
  random: SeededRandom,
  name: string,
  count: number,
  scale: number,
): Float32Array {
  const values = random.split(name).normals(count, scale)
  const isGain = GAINS.test(name)
  return isGain ? values.map((value) => 1 + value) : values
}
