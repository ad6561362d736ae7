// What a user asks about edits -> a checked question about a model, with edits that are there and computed.
import { checkModelName } from '../../engine/engine-vocabulary.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelRow } from '../model/model.repository.js'
import type { ModelService } from '../model/model.service.js'
import { checkEdit, checkEditCount, checkPrompt, checkTarget, withField } from './check-edit.js'
import type { EditTools } from './check-edit.js'
import type { CreateEditInput, TryEditsInput } from './edit.input.js'
import type { EditRepository, EditRow } from './edit.repository.js'
import type { DiffQuestion, EditQuestion, ExportQuestion, TryQuestion } from './task-input.js'

export interface EditQuestionsParts extends EditTools {
  readonly models: ModelService
  readonly edits: EditRepository
}

/** An edit whose content is known. */
export type ComputedEditRow = EditRow & { readonly digest: string }

export interface Asked<Question> {
  readonly model: ModelRow
  readonly question: Question
}

export class EditQuestions {
  readonly #parts: EditQuestionsParts

  constructor(parts: EditQuestionsParts) {
    this.#parts = parts
  }

  /** @throws UserFailure with the field that is wrong */
  async edit(viewer: Viewer, input: CreateEditInput): Promise<Asked<EditQuestion>> {
    const model = await this.usableModel(viewer, input.modelId)
    const checked = checkEdit(this.#parts, model, input)
    const onTopOf = await this.#computedIds(viewer, model, input.onTopOf ?? [], 'onTopOf')
    return { model, question: { ...checked, onTopOf } }
  }

  /** @throws UserFailure */
  async try(viewer: Viewer, input: TryEditsInput): Promise<Asked<TryQuestion>> {
    const model = await this.usableModel(viewer, input.modelId)
    const { directory } = model
    const question = {
      editIds: await this.#computedIds(viewer, model, input.editIds, 'editIds'),
      prompt: checkPrompt(this.#parts.library, directory, input.prompt, 'prompt'),
      target: checkTarget(input.target ?? null, 'target'),
      generate: input.generate ?? false,
    }
    return { model, question }
  }

  /** @throws UserFailure */
  async diff(viewer: Viewer, firstId: string, secondId: string): Promise<Asked<DiffQuestion>> {
    const first = await this.#requireEdit(viewer, firstId, 'firstId')
    await this.#requireEdit(viewer, secondId, 'secondId')
    const model = await this.usableModel(viewer, first.modelId)
    await this.computed(viewer, model, [firstId], 'firstId')
    await this.computed(viewer, model, [secondId], 'secondId')
    return { model, question: { firstId, secondId } }
  }

  /** @throws UserFailure, also for a name that a model has or another export will take */
  async export(
    viewer: Viewer,
    modelId: string,
    editIds: readonly string[],
    name: string,
  ): Promise<Asked<ExportQuestion>> {
    const model = await this.usableModel(viewer, modelId)
    if (editIds.length === 0)
      throw new UserFailure('BAD_ARGUMENT', 'No edits were named.', {
        field: 'editIds',
        cure: 'Name at least one: a model without edits is the model itself.',
      })
    const question = {
      editIds: await this.#computedIds(viewer, model, editIds, 'editIds'),
      name: name.trim(),
    }
    withField('name', () => checkModelName(question.name))
    if (await this.#parts.models.hasAvailable(viewer, question.name))
      throw new UserFailure(
        'MODEL_NAME_TAKEN',
        `There is a model called ${question.name} already.`,
        {
          field: 'name',
          cure: 'Give this one another name.',
        },
      )
    return { model, question }
  }

  /**
   * Edits that the model can run under, in order. @throws EDIT_NOT_FOUND, EDIT_WRONG_MODEL, EDIT_NOT_COMPUTED, BAD_ARGUMENT for
   * one that is named twice
   */
  async computed(
    viewer: Viewer,
    model: ModelRow,
    ids: readonly string[],
    field: string,
  ): Promise<ComputedEditRow[]> {
    checkEditCount(field, ids)
    const rows = await this.#parts.edits.byIds(viewer.projectId, ids.filter(isUuid))
    const rowOf = new Map(rows.map((row) => [row.id, row]))
    return ids.map((id, index) => {
      const row = rowOf.get(id.toLowerCase())
      if (row === undefined) throw notFound('edit', field)
      if (ids.indexOf(id) !== index) throw namedTwice(field)
      return checkUsable(row, model, field)
    })
  }

  async #computedIds(
    viewer: Viewer,
    model: ModelRow,
    ids: readonly string[],
    field: string,
  ): Promise<string[]> {
    return (await this.computed(viewer, model, ids, field)).map(({ id }) => id)
  }

  async #requireEdit(viewer: Viewer, id: string, field: string): Promise<EditRow> {
    const row = isUuid(id) ? await this.#parts.edits.find(viewer.projectId, id) : null
    if (row === null) throw notFound('edit', field)
    return row
  }

  /** A model that edits can be made of. @throws UserFailure */
  async usableModel(viewer: Viewer, modelId: string): Promise<ModelRow> {
    const { models, library } = this.#parts
    const model = await models.require(viewer, modelId)
    const reason = library.unavailableReason(model.directory)
    if (reason !== null)
      throw new UserFailure('MODEL_UNAVAILABLE', reason, {
        field: 'modelId',
        cure: 'Choose another model, or add it again.',
      })
    if (model.hasTokenizer) return model
    throw new UserFailure('TOKENIZER_MISSING', `${model.name} has no tokenizer.`, {
      field: 'modelId',
      cure: 'Edits are written in words: choose a model with a tokenizer.json.',
    })
  }
}

function checkUsable(row: EditRow, model: ModelRow, field: string): ComputedEditRow {
  if (row.modelId !== model.id)
    throw new UserFailure(
      'EDIT_WRONG_MODEL',
      `The edit was made for another model than ${model.name}.`,
      {
        field,
        cure: 'Choose edits of this model, or compute it again for this one.',
      },
    )
  const { digest } = row
  if (digest !== null) return { ...row, digest }
  throw new UserFailure('EDIT_NOT_COMPUTED', 'The edit has not been computed.', {
    field,
    cure: 'Wait until it is done, or try it again if it failed.',
  })
}

const namedTwice = (field: string): UserFailure =>
  new UserFailure('BAD_ARGUMENT', 'An edit is named twice.', { field, cure: 'Name each once.' })
