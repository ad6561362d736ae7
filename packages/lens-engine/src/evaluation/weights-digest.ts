// A loaded model -> the sha256 of its weight files, read once, and a quick look whether they are still the same.
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { join } from 'node:path'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'

/** sha256 of the bytes of the model's weight files, in order; of one file it is the file's own. */
export async function digestWeights({ weights }: LoadedModel): Promise<string> {
  const hash = createHash('sha256')
  for (const name of weights.files) {
    for await (const chunk of createReadStream(join(weights.directory, name))) {
      hash.update(chunk as Buffer)
    }
  }
  return hash.digest('hex')
}

interface KnownWeights {
  readonly stamps: string
  readonly digest: string
}

const known = new WeakMap<LoadedModel, KnownWeights>()

/**
 * As `digestWeights`, read once for a model that stays loaded: afterwards sizes and times of the files are compared, and
 * the bytes only where these differ.
 * @throws WEIGHTS_MISMATCH when the files have changed since they were first read
 */
export async function knownWeightsDigest(model: LoadedModel): Promise<string> {
  const before = known.get(model)
  const stamps = stampsOf(model)
  if (before?.stamps === stamps) return before.digest
  const digest = await digestWeights(model)
  if (before !== undefined && before.digest !== digest) throw changedWeights(before.digest, digest)
  known.set(model, { stamps, digest })
  return digest
}

const stampsOf = ({ weights }: LoadedModel): string =>
  weights.files
    .map((name) => statSync(join(weights.directory, name), { throwIfNoEntry: false }))
    .map((stat) => `${stat?.ino} ${stat?.size} ${stat?.mtimeMs}`)
    .join('\n')

export const changedWeights = (before: string, after: string): LensEngineError =>
  new LensEngineError('WEIGHTS_MISMATCH', 'the weight files changed meanwhile', {
    details: { before, after },
    cure: 'Find out what wrote to them, import the model again and repeat the evaluation.',
  })
