// What can be done with lens runs. Nothing here computes: a run is a row and a job.
import type { ModelLibrary } from '../../engine/model-library.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { DeviceService } from '../device/device.service.js'
import type { EditQuestions } from '../edit/edit-questions.js'
import type { ModelService } from '../model/model.service.js'
import type { PromptService } from '../prompt/prompt.service.js'
import { checkText } from '../text-rules.js'
import { checkQuestion } from './check-question.js'
import type { CreateLensRunInput, LensRunFilter } from './lens-run.input.js'
import type { LensRunRepository, LensRunRow } from './lens-run.repository.js'
import type { LensRun, RunBlock, RunError } from './lens-run.type.js'
import { digestQuestion } from './run-request.js'

export interface LensRunServiceParts {
  readonly runs: LensRunRepository
  readonly models: ModelService
  readonly prompts: PromptService
  readonly accounts: AccountRepository
  readonly library: ModelLibrary
  readonly devices: DeviceService
  readonly questions: EditQuestions
}

export class LensRunService {
  readonly #parts: LensRunServiceParts

  constructor(parts: LensRunServiceParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    filter: LensRunFilter,
  ): Promise<Connection<LensRun>> {
    const foreign = [filter.modelId, filter.promptId].some(
      (id) => typeof id === 'string' && !isUuid(id),
    )
    const { rows, totalCount } = foreign
      ? { rows: [], totalCount: 0 }
      : await this.#parts.runs.page(viewer.projectId, page, {
          ...filter,
          search: filter.search?.trim(),
        })
    return connectionOf(rows, {
      ...page,
      totalCount,
      cursorOf: encodeTimeCursor,
      nodeOf: toLensRun,
    })
  }

  async get(viewer: Viewer, id: string): Promise<LensRun | null> {
    const row = isUuid(id) ? await this.#parts.runs.find(viewer.projectId, id) : null
    return row === null ? null : toLensRun(row)
  }

  async byIds(viewer: Viewer, ids: readonly string[]): Promise<LensRun[]> {
    return (await this.#parts.runs.byIds(viewer.projectId, ids.filter(isUuid))).map(toLensRun)
  }

  async newestByPrompt(promptIds: readonly string[]): Promise<LensRun[]> {
    return (await this.#parts.runs.newestByPrompt(promptIds)).map(toLensRun)
  }

  /** Checks, writes and queues. @throws UserFailure; then nothing was written */
  async create(viewer: Viewer, input: CreateLensRunInput): Promise<LensRun> {
    const { runs, models, library, accounts, devices, questions } = this.#parts
    const model = await models.require(viewer, input.modelId)
    const reason = library.unavailableReason(model.directory)
    if (reason !== null)
      throw new UserFailure('MODEL_UNAVAILABLE', reason, {
        field: 'modelId',
        cure: 'Choose another model, or add it again.',
      })
    const question = checkQuestion(library, model, input)
    await devices.require(question.provider)
    const edits = await questions.computed(viewer, model, input.editIds ?? [], 'editIds')
    const row = await runs.create({
      ...question,
      promptIds: [...question.promptIds],
      targetIds: [...question.targetIds],
      matrices: [...question.matrices],
      projectId: viewer.projectId,
      authorId: viewer.userId,
      modelId: model.id,
      promptId: await this.#promptIdOf(viewer, input.promptId),
      name: checkText(input.name, 'name', 200),
      clientMutationId: checkText(input.clientMutationId, 'clientMutationId', 200),
      editIds: edits.map(({ id }) => id),
      configDigest: digestQuestion(
        model.digest,
        question,
        edits.map(({ digest }) => digest),
      ),
    })
    await accounts.recordEvent(viewer, 'lens-run.create', row.id)
    return toLensRun(row)
  }

  async cancel(viewer: Viewer, id: string): Promise<LensRun> {
    const row = isUuid(id) ? await this.#parts.runs.cancel(viewer.projectId, id) : null
    return row === null
      ? this.#refuse(
          viewer,
          id,
          'RUN_ENDED',
          'It has ended already, so there is nothing to cancel.',
        )
      : toLensRun(row)
  }

  async retry(viewer: Viewer, id: string): Promise<LensRun> {
    const row = isUuid(id) ? await this.#parts.runs.requeue(viewer.projectId, id) : null
    return row === null
      ? this.#refuse(
          viewer,
          id,
          'RUN_NOT_FAILED',
          'Only a failed or cancelled run can be tried again.',
        )
      : toLensRun(row)
  }

  async remove(viewer: Viewer, id: string): Promise<string> {
    if (!isUuid(id) || !(await this.#parts.runs.remove(viewer.projectId, id)))
      throw notFound('run', 'id')
    await this.#parts.accounts.recordEvent(viewer, 'lens-run.delete', id)
    return id
  }

  async #refuse(viewer: Viewer, id: string, code: string, message: string): Promise<never> {
    if ((await this.get(viewer, id)) === null) throw notFound('run', 'id')
    throw new UserFailure(code, message, { field: 'id', cure: 'Reload the run to see its state.' })
  }

  async #promptIdOf(viewer: Viewer, promptId: string | null | undefined): Promise<string | null> {
    if (!promptId) return null
    const [prompt] = await this.#parts.prompts.byIds(viewer, [promptId])
    if (prompt === undefined) throw notFound('prompt', 'promptId')
    return prompt.id
  }
}

export function toLensRun(row: LensRunRow): LensRun {
  const { startedAt, finishedAt } = row
  const ended = startedAt !== null && finishedAt !== null
  return {
    ...row,
    error: row.error as unknown as RunError | null,
    block: row.block as unknown as RunBlock | null,
    durationSeconds: ended ? (finishedAt.getTime() - startedAt.getTime()) / 1_000 : null,
  }
}
