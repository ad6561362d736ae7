// A named shape and a seed -> a directory with a random GPT-2, whole or not at all.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { LensEngineError } from '../errors.js'
import { gpt2SmallShape, writeRandomGpt2, type RandomGpt2Options } from '../testing/random-gpt2.js'
import { asWriteFailure } from '../weights/atomic-file.js'

/** Shapes by name; every GPT-2 has 64 values to a head. */
export const modelShapes = {
  tiny: {},
  'gpt2-small': gpt2SmallShape,
  'gpt2-medium': { ...gpt2SmallShape, layers: 24, width: 1024, heads: 16 },
  'gpt2-large': { ...gpt2SmallShape, layers: 36, width: 1280, heads: 20 },
  'gpt2-xl': { ...gpt2SmallShape, layers: 48, width: 1600, heads: 25 },
} as const satisfies Record<string, RandomGpt2Options>

export type ModelShapeName = keyof typeof modelShapes

/**
 * Generates the model and answers its directory.
 * @throws BAD_ARGUMENT when `out` exists; DISK_FULL or FILE_UNREADABLE when it cannot be written
 */
export function generateModel(out: string, shape: ModelShapeName, seed: number): string {
  const directory = resolve(out)
  if (existsSync(directory))
    throw new LensEngineError('BAD_ARGUMENT', `${directory} exists already`, {
      details: { directory },
      cure: 'Name a directory that does not exist yet.',
    })
  const partial = `${directory}.${process.pid}.partial`
  try {
    mkdirSync(dirname(directory), { recursive: true })
    writeRandomGpt2(partial, { ...modelShapes[shape], seed })
    renameSync(partial, directory)
    return directory
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw asWriteFailure(error, directory)
  }
}
