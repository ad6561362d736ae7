// Edits -> the deltas a model runs under. Applying, reverting and reordering are a matter of what is fed; a stack is a list.
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { Edit, EditedModel } from './edit.js'
import type { MatrixDelta } from './matrix-delta.js'

/** What an edit remembers of the model it is computed on. */
export function describeEditedModel({ files, architecture, tokenizer }: LoadedModel): EditedModel {
  return {
    name: files.name,
    family: architecture.family,
    weightsDigest: files.weightsDigest,
    configDigest: files.configDigest,
    tokenizerDigest: tokenizer?.digest ?? null,
  }
}

/**
 * The deltas of a stack of edits, in order. Give them to an `EditLab` as its base, or to one sequence of a request.
 * @throws EDIT_WRONG_MODEL when an edit was made for other weights
 */
export function stackDeltas(model: LoadedModel, edits: readonly Edit[]): readonly MatrixDelta[] {
  for (const edit of edits) checkEditModel(model, edit)
  return edits.flatMap(({ deltas }) => deltas)
}

/** @throws EDIT_WRONG_MODEL */
export function checkEditModel(model: LoadedModel, edit: Pick<Edit, 'id' | 'model'>): void {
  const { weightsDigest, name } = model.files
  if (edit.model.weightsDigest === weightsDigest) return
  throw new LensEngineError(
    'EDIT_WRONG_MODEL',
    `the edit was made for ${edit.model.name} (${edit.model.weightsDigest.slice(0, 12)}), not for ${name} (${weightsDigest.slice(0, 12)})`,
    {
      details: {
        edit: edit.id,
        madeFor: edit.model.weightsDigest,
        model: weightsDigest,
      },
      cure: 'Apply it to the model it was made for, or compute it again for this one.',
    },
  )
}
