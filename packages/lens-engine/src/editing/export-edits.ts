// A stack of edits -> a model directory of its own; every tensor of it is read back and compared with base and edits.
import { stackDeltas } from '../edits/edit-stack.js'
import type { Edit } from '../edits/edit.js'
import { exportMerged } from '../edits/export-merged.js'
import { mergeTensors } from '../edits/merge-tensors.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { openWeights } from '../weights/open-weights.js'
import type { ParameterDtype } from '../tensor/dtype.js'
import type { ExportedModel } from './edit-answer.js'
import type { EditTaskProgress } from './edit-task.js'

/** @throws as `exportMerged`; WEIGHTS_MISMATCH naming the tensor that was not written as it should be */
export async function exportEdits(
  model: LoadedModel,
  edits: readonly Edit[],
  directory: string,
  onProgress: (progress: EditTaskProgress) => void,
): Promise<ExportedModel> {
  onProgress({ stage: 'writing the merged weights', done: null, total: null })
  const written = await exportMerged(model, edits, directory)
  const { files, bytes, digests, largestDifference, tolerance } = written
  const checkedTensors = checkTensors(model, edits, written.directory, onProgress)
  return {
    directory: written.directory,
    files,
    bytes,
    digests,
    checkedTensors,
    largestDifference,
    tolerance,
  }
}

/** Half a unit in the last place of each element type, relative to a value. */
const roundings: Readonly<Record<ParameterDtype, number>> = {
  F32: 2 ** -24,
  F16: 2 ** -11,
  BF16: 2 ** -8,
}
/** Below this the halves are denormal and round by this much. */
const SMALLEST_STEP = 2 ** -24

/** @returns tensors compared */
function checkTensors(
  model: LoadedModel,
  edits: readonly Edit[],
  directory: string,
  onProgress: (progress: EditTaskProgress) => void,
): number {
  const merged = openWeights(directory)
  const changes = mergeTensors(model, stackDeltas(model, edits))
  const tensors = model.weights.names()
  tensors.forEach((name, index) => {
    const { dtype } = model.weights.get(name)
    onProgress({ stage: 'reading the merged weights back', done: index, total: tensors.length })
    const wanted = Float64Array.from(model.weights.read(name))
    for (const change of changes.get(name) ?? []) change(wanted)
    const found = merged.read(name)
    const wrong = wanted.findIndex((value, place) => {
      const slack = changes.has(name)
        ? roundings[dtype] * Math.abs(value) * 1.01 + SMALLEST_STEP
        : 0
      return !(Math.abs((found[place] as number) - value) <= slack)
    })
    if (wrong >= 0 || found.length !== wanted.length) throw notWritten(name, wrong)
  })
  return tensors.length
}

function notWritten(tensor: string, element: number): LensEngineError {
  return new LensEngineError(
    'WEIGHTS_MISMATCH',
    `the merged weights hold another ${tensor} than base and edits make`,
    {
      details: { tensor, element },
      cure: 'Export again; if it fails the same way, check the disk.',
    },
  )
}
