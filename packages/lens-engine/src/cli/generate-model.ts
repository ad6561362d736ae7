// A named shape, an element type and a seed -> a directory with a random model, whole or not at all.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { LensEngineError } from '../errors.js'
import type { ParameterDtype } from '../tensor/dtype.js'
import { gpt2SmallShape, layOutGpt2, type RandomGpt2Options } from '../testing/random-gpt2.js'
import { layOutLlama, llama2Shape, tinyLlamaShape } from '../testing/random-llama.js'
import {
  randomWeightsBytes,
  writeRandomWeights,
  type ModelLayout,
} from '../testing/random-weights.js'
import { asWriteFailure } from '../weights/atomic-file.js'

interface NamedShape {
  readonly layout: ModelLayout
  /** Standard deviation of the values: every term of a tiny model shall matter. */
  readonly scale: number
}

const gpt2 = (sizes: RandomGpt2Options): NamedShape => ({
  layout: layOutGpt2({ ...gpt2SmallShape, ...sizes }),
  scale: 0.02,
})

/** Shapes by name; every GPT-2 has 64 values to a head, every Llama 2 128. */
export const modelShapes = {
  tiny: { layout: layOutGpt2({}), scale: 0.2 },
  'tiny-llama': { layout: layOutLlama(tinyLlamaShape), scale: 0.2 },
  'gpt2-small': gpt2({}),
  'gpt2-medium': gpt2({ layers: 24, width: 1024, heads: 16 }),
  'gpt2-large': gpt2({ layers: 36, width: 1280, heads: 20 }),
  'gpt2-xl': gpt2({ layers: 48, width: 1600, heads: 25 }),
  'llama2-7b': { layout: layOutLlama(llama2Shape), scale: 0.02 },
} as const satisfies Record<string, NamedShape>

export type ModelShapeName = keyof typeof modelShapes

/** Element types by the names of flags. */
export const modelDtypes = { f32: 'F32', f16: 'F16', bf16: 'BF16' } as const satisfies Record<
  string,
  ParameterDtype
>

export interface GenerateOptions {
  readonly shape: ModelShapeName
  readonly dtype: keyof typeof modelDtypes
  readonly seed: number
}

/**
 * Generates the model and answers its directory. Memory stays at a few megabytes for any shape.
 * @throws BAD_ARGUMENT when `out` exists; DISK_FULL or FILE_UNREADABLE when it cannot be written
 */
export function generateModel(out: string, options: GenerateOptions): string {
  const directory = resolve(out)
  if (existsSync(directory))
    throw new LensEngineError('BAD_ARGUMENT', `${directory} exists already`, {
      details: { directory },
      cure: 'Name a directory that does not exist yet.',
    })
  const { layout, scale } = modelShapes[options.shape]
  const dtype = modelDtypes[options.dtype]
  const partial = `${directory}.${process.pid}.partial`
  try {
    mkdirSync(dirname(directory), { recursive: true })
    mkdirSync(partial)
    writeFileSync(join(partial, 'config.json'), `${JSON.stringify(layout.config, null, 2)}\n`)
    const file = join(partial, 'model.safetensors')
    writeRandomWeights(file, layout, { dtype, seed: options.seed, scale })
    renameSync(partial, directory)
    return directory
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw asWriteFailure(error, directory, randomWeightsBytes(layout.tensors, dtype))
  }
}
