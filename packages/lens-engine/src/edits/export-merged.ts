// A model and a stack of edits -> a model directory of its own, with the edits merged into the weights: same files, same
// names, layout and element types, so that whatever reads the base reads this. Read back and compared before it gets its name.
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { LensEngineError } from '../errors.js'
import { loadModel, type LoadedModel } from '../runtime/load-model.js'
import { asWriteFailure } from '../weights/atomic-file.js'
import type { Edit } from './edit.js'
import { stackDeltas } from './edit-stack.js'
import { compareMerged, type MergedComparison } from './compare-merged.js'
import { mergeTensors } from './merge-tensors.js'
import { writeMergedFile } from './merged-file.js'

export interface MergedExport extends MergedComparison {
  readonly directory: string
  readonly files: readonly string[]
  readonly bytes: number
  /** sha256 of each weights file, combined as the model store does for a single file; one per file. */
  readonly digests: Readonly<Record<string, string>>
}

export interface ExportMergedOptions {
  /** Prompts as token ids at whose last positions the logits are compared; a few fixed ones when absent. */
  readonly probes?: readonly (readonly number[])[]
}

/** Files of a stored model that are not the model: graphs, Imprint's own record, unfinished files. */
const notCopied = /(^graph-.*\.onnx|\.tmp|\.partial|^imprint\.json)$/

/**
 * Writes the merged model into `directory`, which must not exist or be empty.
 * @throws BAD_ARGUMENT when the directory holds something or a bias is written where the family has none;
 * EDIT_WRONG_MODEL; WEIGHTS_MISMATCH when what was written does not compute what the edits compute; DISK_FULL
 */
export async function exportMerged(
  model: LoadedModel,
  edits: readonly Edit[],
  directory: string,
  options: ExportMergedOptions = {},
): Promise<MergedExport> {
  const target = resolve(directory)
  refuseOccupied(target)
  const deltas = stackDeltas(model, edits)
  const merged = mergeTensors(model, deltas)
  const partial = join(dirname(target), `.${basename(target)}.${process.pid}.partial`)
  try {
    mkdirSync(partial, { recursive: true })
    copyOthers(model, partial)
    for (const file of model.weights.files) writeMergedFile(model, file, partial, merged)
    writeFileSync(join(partial, 'imprint-edits.json'), describeEdits(model, edits))
    const comparison = await compareMerged(model, deltas, readBack(model, partial), options.probes)
    for (const name of readdirSync(partial).filter((one) => notCopied.test(one))) {
      rmSync(join(partial, name))
    }
    rmSync(target, { recursive: true, force: true })
    renameSync(partial, target)
    return { directory: target, ...listFiles(target, model), ...comparison }
  } catch (error) {
    throw asWriteFailure(error, target)
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

function refuseOccupied(directory: string): void {
  if (!existsSync(directory)) return
  if (statSync(directory).isDirectory() && readdirSync(directory).length === 0) return
  throw new LensEngineError('BAD_ARGUMENT', `${directory} is there already and not empty`, {
    details: { directory },
    cure: 'Name a directory that does not exist; nothing is overwritten.',
  })
}

/** Configuration, tokenizer, index of shards: everything but weights and what Imprint put there. */
function copyOthers(model: LoadedModel, partial: string): void {
  const from = model.files.directory
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const { name } = entry
    if (entry.isDirectory() || notCopied.test(name) || model.weights.files.includes(name)) continue
    cpSync(join(from, name), join(partial, name), { dereference: true })
  }
}

function describeEdits(model: LoadedModel, edits: readonly Edit[]): string {
  const record = {
    base: { name: model.files.name, weightsDigest: model.files.weightsDigest },
    edits: edits.map(({ id, method, requests }) => ({ id, method, requests })),
  }
  return `${JSON.stringify(record, null, 2)}\n`
}

function readBack(model: LoadedModel, partial: string): LoadedModel {
  const { threads, provider } = model
  const files = { ...model.files, directory: partial, weightsDigest: 'merged' }
  return loadModel(files, { threads, provider: provider.provider })
}

function listFiles(directory: string, { weights }: LoadedModel) {
  const files = readdirSync(directory).sort()
  const bytes = files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
  const digest = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex')
  return {
    files,
    bytes,
    digests: Object.fromEntries(weights.files.map((name) => [name, digest(name)])),
  }
}
