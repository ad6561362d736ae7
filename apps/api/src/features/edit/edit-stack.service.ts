// The edits that are applied to a model. Applying writes no weight: a stack is an order that readings are made under.
import { badInput } from '../../errors/input-error.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelService } from '../model/model.service.js'
import type { EditMethodService } from './edit-method.service.js'
import type { EditQuestions } from './edit-questions.js'
import type { EditStackRepository } from './edit-stack.repository.js'
import { toEdit } from './edit-values.js'
import type { EditStack } from './edit.type.js'

export interface EditStackServiceParts {
  readonly stacks: EditStackRepository
  readonly questions: EditQuestions
  readonly models: ModelService
  readonly methods: EditMethodService
  readonly accounts: AccountRepository
}

export class EditStackService {
  readonly #parts: EditStackServiceParts

  constructor(parts: EditStackServiceParts) {
    this.#parts = parts
  }

  /** @throws BAD_USER_INPUT when there is no such model */
  async get(viewer: Viewer, modelId: string): Promise<EditStack> {
    if (!(await this.#parts.models.exists(viewer, modelId)))
      throw badInput('There is no model with this id.', 'modelId')
    return this.#read(viewer, modelId)
  }

  /** Takes a whole order, or nothing. @throws UserFailure; CONFLICT when another order was there than expected */
  async set(
    viewer: Viewer,
    modelId: string,
    editIds: readonly string[],
    expected: readonly string[] | null,
  ): Promise<EditStack> {
    const { stacks, questions, models, accounts } = this.#parts
    const { projectId } = viewer
    const model = await models.require(viewer, modelId)
    if (expected?.some((id) => !isUuid(id))) throw notFound('edit', 'expected')
    const rows = await questions.computed(viewer, model, editIds, 'editIds')
    const ids = rows.map(({ id }) => id)
    const seen = expected?.map((id) => id.toLowerCase()) ?? null
    const refusal = await stacks.set({ projectId, modelId: model.id }, ids, seen)
    if (refusal?.reason === 'changed') throw changed()
    if (refusal?.reason === 'unusable') throw notFound('edit', 'editIds')
    await accounts.recordEvent(viewer, 'edit-stack.set', model.id)
    return this.#read(viewer, model.id)
  }

  async #read({ projectId }: Viewer, modelId: string): Promise<EditStack> {
    const rows = await this.#parts.stacks.read(projectId, modelId)
    const titleOf = (method: string): string => this.#parts.methods.titleOf(method)
    return { modelId, edits: rows.map((row) => toEdit(row, titleOf)) }
  }
}

const changed = (): UserFailure =>
  new UserFailure('CONFLICT', 'Somebody changed the stack meanwhile.', {
    field: 'expected',
    cure: 'Reload the stack, look at it, and set it again.',
  })
