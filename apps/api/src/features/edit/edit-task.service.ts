// Answers about edits: previews, trials, comparisons, exports. Asked again, a question is answered from what is stored.
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { EditTaskKindKey } from '../../vocabulary/edit-names.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { Asked, EditQuestions } from './edit-questions.js'
import type { EditTaskRepository } from './edit-task.repository.js'
import type { EditTask } from './edit-task.type.js'
import { toEditTask } from './edit-values.js'
import type { CreateEditInput, TryEditsInput } from './edit.input.js'
import { digestInput } from './task-input.js'
import type { TaskInputs } from './task-input.js'

export interface EditTaskServiceParts {
  readonly tasks: EditTaskRepository
  readonly questions: EditQuestions
  readonly accounts: AccountRepository
}

/** Asked often, as a reader types or toggles: only the latest matters. */
const superseding: ReadonlySet<EditTaskKindKey> = new Set(['PREVIEW', 'TRY'])

export class EditTaskService {
  readonly #parts: EditTaskServiceParts

  constructor(parts: EditTaskServiceParts) {
    this.#parts = parts
  }

  async get(viewer: Viewer, id: string): Promise<EditTask | null> {
    const row = isUuid(id) ? await this.#parts.tasks.find(viewer.projectId, id) : null
    return row === null ? null : toEditTask(row)
  }

  async byEdits(editIds: readonly string[]): Promise<Map<string, EditTask>> {
    const rows = await this.#parts.tasks.byEdits(editIds)
    return new Map(rows.map((row) => [row.editId as string, toEditTask(row)]))
  }

  async preview(viewer: Viewer, input: CreateEditInput): Promise<EditTask> {
    const asked = await this.#parts.questions.edit(viewer, input)
    // What is missing, and how long an edit takes, is known better after another one.
    const known = await this.#parts.tasks.lastComputed(asked.model.id)
    return this.#ask(viewer, 'PREVIEW', asked, known?.toISOString() ?? null)
  }

  async try(viewer: Viewer, input: TryEditsInput): Promise<EditTask> {
    return this.#ask(viewer, 'TRY', await this.#parts.questions.try(viewer, input))
  }

  async diff(viewer: Viewer, firstId: string, secondId: string): Promise<EditTask> {
    return this.#ask(viewer, 'DIFF', await this.#parts.questions.diff(viewer, firstId, secondId))
  }

  async export(
    viewer: Viewer,
    modelId: string,
    editIds: readonly string[],
    name: string,
  ): Promise<EditTask> {
    const asked = await this.#parts.questions.export(viewer, modelId, editIds, name)
    const task = await this.#ask(viewer, 'EXPORT', asked)
    await this.#parts.accounts.recordEvent(viewer, 'edit.export', task.id)
    return task
  }

  async cancel(viewer: Viewer, id: string): Promise<EditTask> {
    const row = isUuid(id) ? await this.#parts.tasks.cancel(viewer.projectId, id) : null
    const task = await this.get(viewer, id)
    if (task === null) throw notFound('task', 'id')
    if (row !== null) return task
    throw new UserFailure('TASK_ENDED', 'It has ended already, so there is nothing to cancel.', {
      field: 'id',
      cure: 'Reload it to see its state.',
    })
  }

  async #ask<Kind extends EditTaskKindKey>(
    { projectId, userId: authorId }: Viewer,
    kind: Kind,
    { model, question }: Asked<TaskInputs[Kind]>,
    known: string | null = null,
  ): Promise<EditTask> {
    const { tasks } = this.#parts
    const inputDigest = digestInput(kind, model.digest, { question, known })
    const owner = { projectId, authorId, modelId: model.id }
    const values = { ...owner, kind, inputDigest, input: question }
    const equal = await tasks.findEqual(values, kind !== 'EXPORT')
    if (equal !== null) return toEditTask(equal)
    if (kind === 'EXPORT') await this.#refuseBusyName(projectId, question as { name?: string })
    return toEditTask(await tasks.create(values, superseding.has(kind)))
  }

  async #refuseBusyName(projectId: string, { name = '' }: { name?: string }): Promise<void> {
    if (!(await this.#parts.tasks.exportUnderWay(projectId, name))) return
    throw new UserFailure('MODEL_NAME_TAKEN', `A model called ${name} is being exported already.`, {
      field: 'name',
      cure: 'Wait for it, cancel it, or give this one another name.',
    })
  }
}
