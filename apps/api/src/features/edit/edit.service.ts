// What can be done with saved edits. Nothing here computes: an edit is a row and a task.
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { badInput } from '../../errors/input-error.js'
import { editMethodNames } from '../../engine/engine-vocabulary.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { ActivityRepository } from '../activity/activity.repository.js'
import { pathOfRow } from '../anchor/anchor-words.js'
import { rowKey } from '../anchor/anchor.js'
import { checkText } from '../text-rules.js'
import type { EditMethodService } from './edit-method.service.js'
import type { Asked, EditQuestions } from './edit-questions.js'
import type { EditTaskRepository, EditTaskRow } from './edit-task.repository.js'
import { toEdit } from './edit-values.js'
import type { CreateEditInput, EditFilter } from './edit.input.js'
import type { EditRepository, EditRow, EditUse } from './edit.repository.js'
import type { Edit } from './edit.type.js'
import { digestInput } from './task-input.js'
import type { EditQuestion } from './task-input.js'

export interface EditServiceParts {
  readonly edits: EditRepository
  readonly tasks: EditTaskRepository
  readonly questions: EditQuestions
  readonly methods: EditMethodService
  readonly accounts: AccountRepository
  readonly activities: Pick<ActivityRepository, 'recordOnce'>
}

const longestName = 200

export class EditService {
  readonly #parts: EditServiceParts

  constructor(parts: EditServiceParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    filter: EditFilter,
  ): Promise<Connection<Edit>> {
    checkFilterMethod(filter.method)
    const foreign = typeof filter.modelId === 'string' && !isUuid(filter.modelId)
    const search = checkText(filter.search?.trim(), 'search', longestName)
    const { rows, totalCount } = foreign
      ? { rows: [], totalCount: 0 }
      : await this.#parts.edits.page(viewer.projectId, page, { ...filter, search })
    const nodeOf = this.#toEdit
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf })
  }

  async get(viewer: Viewer, id: string): Promise<Edit | null> {
    const row = isUuid(id) ? await this.#parts.edits.find(viewer.projectId, id) : null
    return row === null ? null : this.#toEdit(row)
  }

  async byIds(viewer: Viewer, ids: readonly string[]): Promise<Edit[]> {
    return (await this.#parts.edits.byIds(viewer.projectId, ids.filter(isUuid))).map(this.#toEdit)
  }

  /** Checks, writes and queues. @throws UserFailure; then nothing was written */
  create(viewer: Viewer, input: CreateEditInput): Promise<Edit> {
    return this.createAsked(viewer, input, () => this.#parts.questions.edit(viewer, input))
  }

  /** The same for a question that is checked elsewhere, once it is known not to be a repeated request. @throws UserFailure */
  async createAsked(
    viewer: Viewer,
    input: Pick<CreateEditInput, 'name' | 'clientMutationId'>,
    ask: () => Promise<Asked<EditQuestion>>,
  ): Promise<Edit> {
    const { edits, accounts } = this.#parts
    const { projectId, userId: authorId } = viewer
    const clientMutationId = checkText(input.clientMutationId, 'clientMutationId', longestName)
    const same =
      clientMutationId && (await edits.sameRequest(projectId, authorId, clientMutationId))
    if (same) {
      accounts.leaveToFirst(viewer)
      return this.#toEdit(same)
    }
    const name = checkText(input.name?.trim(), 'name', longestName)
    const { model, question } = await ask()
    const row = await edits.create(
      { ...{ projectId, authorId, name, clientMutationId }, ...valuesOf(model.id, question) },
      { input: question, inputDigest: digestInput('COMPUTE', model.digest, question) },
    )
    if (row === null) throw notFound('edit', 'onTopOf')
    await accounts.recordEvent(viewer, 'edit.create', row.id)
    const edit = this.#toEdit(row)
    await this.#tell(viewer, edit)
    return edit
  }

  #tell(viewer: Viewer, { id, name, methodTitle }: Edit): Promise<void> {
    return this.#parts.activities.recordOnce(viewer, {
      ...{ verb: 'created', subjectKind: 'edit', subjectId: id, path: pathOfRow('EDIT', id) },
      ...{ title: `Edit ${name ?? methodTitle}`, anchorKeys: [rowKey('EDIT', id)] },
    })
  }

  async rename(viewer: Viewer, id: string, name: string | null): Promise<Edit> {
    const checked = checkText(name?.trim(), 'name', longestName)
    const row = isUuid(id) ? await this.#parts.edits.rename(viewer.projectId, id, checked) : null
    if (row === null) throw notFound('edit', 'id')
    await this.#parts.accounts.recordEvent(viewer, 'edit.rename', id)
    return this.#toEdit(row)
  }

  async cancel(viewer: Viewer, id: string): Promise<Edit> {
    const message = 'It has ended already, so there is nothing to cancel.'
    return this.#changeTask(viewer, id, 'cancel', 'EDIT_ENDED', message)
  }

  async retry(viewer: Viewer, id: string): Promise<Edit> {
    const message = 'Only a failed or cancelled edit can be tried again.'
    return this.#changeTask(viewer, id, 'requeue', 'EDIT_NOT_FAILED', message)
  }

  async remove(viewer: Viewer, id: string): Promise<string> {
    const removed = isUuid(id) && (await this.#parts.edits.remove(viewer.projectId, id))
    if (removed === false) throw notFound('edit', 'id')
    if (removed !== true) throw stillUsed(removed)
    await this.#parts.accounts.recordEvent(viewer, 'edit.delete', id)
    return id
  }

  async #changeTask(
    viewer: Viewer,
    id: string,
    change: 'cancel' | 'requeue',
    code: string,
    message: string,
  ): Promise<Edit> {
    const edit = await this.get(viewer, id)
    if (edit === null) throw notFound('edit', 'id')
    const { tasks, accounts } = this.#parts
    const [task] = await tasks.byEdits([id])
    const changed: EditTaskRow | null =
      task === undefined ? null : await tasks[change](viewer.projectId, task.id)
    if (changed === null)
      throw new UserFailure(code, message, {
        field: 'id',
        cure: 'Reload the edit to see its state.',
      })
    await accounts.recordEvent(viewer, `edit.${change === 'cancel' ? 'cancel' : 'retry'}`, id)
    return edit
  }

  readonly #toEdit = (row: EditRow): Edit =>
    toEdit(row, (method) => this.#parts.methods.titleOf(method))
}

function valuesOf(modelId: string, question: EditQuestion) {
  const { method, seed, requests, probes, hyperparameters, onTopOf } = question
  return {
    ...{ modelId, method, seed },
    requests: requests.map((one) => ({ ...one })),
    probes: {
      ...probes,
      neighbors: probes.neighbors.map((one) => ({ ...one })),
      asked: (probes.asked ?? []).map((one) => ({ ...one })),
    },
    hyperparameters: { ...hyperparameters } as EditRow['hyperparameters'] & object,
    onTopOf: [...onTopOf],
  }
}

/** A list has no place for user errors, so an unknown name ends the query. */
function checkFilterMethod(method: string | null | undefined): void {
  if (!method || (editMethodNames as readonly string[]).includes(method)) return
  throw badInput(
    `There is no such method. Use one of: ${editMethodNames.join(', ')}.`,
    'filter.method',
  )
}

const uses: Readonly<Record<EditUse, { readonly message: string; readonly cure: string }>> = {
  stack: {
    message: 'It is in the stack of its model.',
    cure: 'Take it out of the stack first.',
  },
  base: {
    message: 'Another edit was computed on top of it.',
    cure: 'Delete that one first, or keep this one.',
  },
}

function stillUsed(use: EditUse): UserFailure {
  const { message, cure } = uses[use]
  return new UserFailure('EDIT_IN_USE', message, { field: 'id', cure })
}
