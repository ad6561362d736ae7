// Recorded PyTorch edits (packages/lens-engine/goldens-edits) -> their cases, and requests made of token ids.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EditMethodName } from '../edits/edit-method.js'
import type { PreparedEditRequest } from '../edits/edit-request.js'
import type { HyperparameterValues } from '../edits/hyperparameters.js'
import { openTensors, type GoldenTensor } from './read-golden.js'

export interface GoldenRequest {
  readonly promptIds: readonly number[]
  readonly targetIds: readonly number[]
  /** Position of the subject's last token; 0 where the method does not look. */
  readonly lookup?: number
}

export interface GoldenEdit {
  readonly name: string
  readonly method: EditMethodName
  readonly requests: readonly GoldenRequest[]
  readonly hyperparameters: HyperparameterValues
}

export interface EditGolden {
  readonly name: string
  /** Where config.json and model.safetensors lie. */
  readonly directory: string
  readonly cases: readonly GoldenEdit[]
  tensor(name: string): GoldenTensor
}

const packageDirectory = fileURLToPath(new URL('../../', import.meta.url))

/** @param set folder of the package, such as "goldens-edits" */
export function readEditGoldens(set: string): readonly EditGolden[] {
  return readdirSync(join(packageDirectory, set), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const place = join(packageDirectory, set, name)
      const reference = JSON.parse(readFileSync(join(place, 'reference.json'), 'utf8')) as {
        readonly model: string
        readonly cases: readonly GoldenEdit[]
      }
      return {
        name,
        directory: join(packageDirectory, reference.model),
        cases: reference.cases,
        tensor: openTensors(join(place, 'reference.safetensors')),
      }
    })
}

/** A request as `prepareEditRequest` would make it, for models without a tokenizer. */
export function requestFromIds(request: GoldenRequest): PreparedEditRequest {
  const { promptIds, targetIds, lookup = 0 } = request
  const [prompt, target] = [promptIds.join(' '), ` ${targetIds.join(' ')}`]
  const subject = String(promptIds[lookup])
  return {
    request: { prompt, subject, target },
    template: prompt,
    prompt,
    subject,
    target,
    promptIds,
    targetIds,
    subjectSpan: { first: lookup, end: lookup + 1 },
    lookup,
    last: promptIds.length - 1,
  }
}

/** ||a - b|| / ||b|| */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity
  let [difference, norm] = [0, 0]
  for (let index = 0; index < actual.length; index++) {
    const wanted = expected[index] as number
    difference += ((actual[index] as number) - wanted) ** 2
    norm += wanted ** 2
  }
  return Math.sqrt(difference / norm)
}
