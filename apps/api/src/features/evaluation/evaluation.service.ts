// What can be done with evaluations. Nothing here computes: an evaluation is rows that say what is to be done.
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { ActivityRepository } from '../activity/activity.repository.js'
import { pathOfRow } from '../anchor/anchor-words.js'
import { rowKey } from '../anchor/anchor.js'
import { checkText } from '../text-rules.js'
import { checkPriority, inRange, limits, requireName } from './check-evaluation.js'
import type { EvaluationChecks } from './check-evaluation.js'
import type { EvaluationSliceRepository } from './evaluation-slice.repository.js'
import { toArm, toEvaluation } from './evaluation-values.js'
import type { ArmInput, EvaluationFilter, StartEvaluationInput } from './evaluation.input.js'
import type { EvaluationRepository, EvaluationRow } from './evaluation.repository.js'
import type { Evaluation, EvaluationArm } from './evaluation.type.js'

export interface EvaluationServiceParts {
  readonly evaluations: EvaluationRepository
  readonly slices: EvaluationSliceRepository
  readonly checks: EvaluationChecks
  readonly accounts: AccountRepository
  readonly activities: Pick<ActivityRepository, 'recordOnce'>
  /** What a page calls a method. */
  readonly titleOf: (method: string) => string
}

export class EvaluationService {
  readonly #parts: EvaluationServiceParts

  constructor(parts: EvaluationServiceParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    filter: EvaluationFilter,
  ): Promise<Connection<Evaluation>> {
    const foreign = typeof filter.modelId === 'string' && !isUuid(filter.modelId)
    const search = checkText(filter.search?.trim(), 'search', limits.name)
    const { rows, totalCount } = foreign
      ? { rows: [], totalCount: 0 }
      : await this.#parts.evaluations.page(viewer.projectId, page, { ...filter, search })
    const nodeOf = toEvaluation
    return connectionOf(rows, { ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf })
  }

  async get(viewer: Viewer, id: string): Promise<Evaluation | null> {
    const row = isUuid(id) ? await this.#parts.evaluations.find(viewer.projectId, id) : null
    return row === null ? null : toEvaluation(row)
  }

  async byIds(viewer: Viewer, ids: readonly string[]): Promise<Evaluation[]> {
    const rows = await this.#parts.evaluations.byIds(viewer.projectId, ids.filter(isUuid))
    return rows.map(toEvaluation)
  }

  /** Arms of each evaluation, in their order. */
  async armsOf(evaluationIds: readonly string[]): Promise<Map<string, EvaluationArm[]>> {
    const { evaluations, titleOf } = this.#parts
    const found = await evaluations.armsOf(evaluationIds)
    return new Map(
      [...found].map(([id, rows]) => [id, rows.map((row) => toArm(row, titleOf(row.method)))]),
    )
  }

  async armCount(evaluationId: string): Promise<number> {
    return this.#parts.evaluations.armCount(evaluationId)
  }

  sliceCases(sliceIds: readonly string[]): Promise<Map<string, number>> {
    return this.#parts.slices.counts(sliceIds)
  }

  /** Checks, writes and queues. @throws UserFailure; then nothing was written */
  async start(viewer: Viewer, input: StartEvaluationInput): Promise<Evaluation> {
    const { evaluations, checks, accounts } = this.#parts
    const { projectId, userId: authorId } = viewer
    const clientMutationId = checkText(input.clientMutationId, 'clientMutationId', limits.name)
    const same =
      clientMutationId && (await evaluations.sameRequest(projectId, authorId, clientMutationId))
    if (same) {
      accounts.leaveToFirst(viewer)
      return toEvaluation(same)
    }
    const clonedFromId = await this.#clonedFrom(viewer, input.clonedFromId ?? null)
    const { slice, arms, settings, ...checked } = await checks.check(viewer, input)
    const row = await evaluations.create(
      {
        ...{ projectId, authorId, clonedFromId, clientMutationId, sliceId: slice.id },
        ...{ ...checked, settings: { ...settings } },
      },
      arms,
    )
    await accounts.recordEvent(viewer, 'evaluation.start', row.id)
    await this.#parts.activities.recordOnce(viewer, {
      ...{ verb: 'started', subjectKind: 'evaluation', subjectId: row.id },
      ...{ title: `Evaluation ${row.name}`, path: pathOfRow('EVALUATION', row.id) },
      anchorKeys: [rowKey('EVALUATION', row.id)],
    })
    return toEvaluation(row)
  }

  pause(viewer: Viewer, id: string): Promise<Evaluation> {
    return this.#change(viewer, id, 'pause', notRunning)
  }

  resume(viewer: Viewer, id: string): Promise<Evaluation> {
    return this.#change(viewer, id, 'resume', notStopped)
  }

  cancel(viewer: Viewer, id: string): Promise<Evaluation> {
    return this.#change(viewer, id, 'cancel', ended)
  }

  async retryFailures(viewer: Viewer, id: string): Promise<Evaluation> {
    const row = isUuid(id)
      ? await this.#parts.evaluations.retryFailures(viewer.projectId, id)
      : null
    if (row === null) throw notFound('evaluation', 'id')
    if (row === 0)
      throw new UserFailure('NOTHING_FAILED', 'No case of this evaluation has failed.', {
        field: 'id',
        cure: 'Nothing: there is nothing to try again.',
      })
    return this.#changed(viewer, 'retry', row)
  }

  /** More cases of the slice, or more arms; what is there is not computed again. */
  async extend(
    viewer: Viewer,
    id: string,
    input: { readonly cases: number | null; readonly arms: readonly ArmInput[] },
  ): Promise<Evaluation> {
    const { evaluations, checks, slices } = this.#parts
    const row = await this.#require(viewer, id)
    const most = (await slices.counts([row.sliceId])).get(row.sliceId) ?? row.cases
    const cases = input.cases === null ? row.cases : inRange('cases', input.cases, row.cases, most)
    const known = (await evaluations.armsOf([id])).get(id) ?? []
    const names = known.map(({ name }) => name)
    const arms = input.arms.length === 0 ? [] : await checks.arms(viewer, input.arms, names)
    if (cases === row.cases && arms.length === 0) throw nothingToAdd
    await checks.checkFit(row.sliceId, row.protocol, row.cases, cases)
    const changed = await evaluations.extend(viewer.projectId, id, { cases, arms })
    if (changed === null) throw cannotExtend
    return this.#changed(viewer, 'extend', changed)
  }

  async setPriority(viewer: Viewer, id: string, priority: number): Promise<Evaluation> {
    const checked = checkPriority(priority)
    const row = isUuid(id)
      ? await this.#parts.evaluations.setPriority(viewer.projectId, id, checked)
      : null
    if (row === null) throw notFound('evaluation', 'id')
    return this.#changed(viewer, 'priority', row)
  }

  /** @param note kept as it is when undefined */
  async rename(
    viewer: Viewer,
    id: string,
    name: string,
    note?: string | null,
  ): Promise<Evaluation> {
    const values = {
      name: requireName(name),
      ...(note === undefined ? {} : { note: checkText(note?.trim(), 'note', limits.note) }),
    }
    const row = isUuid(id)
      ? await this.#parts.evaluations.rename(viewer.projectId, id, values)
      : null
    if (row === null) throw notFound('evaluation', 'id')
    return this.#changed(viewer, 'rename', row)
  }

  async remove(viewer: Viewer, id: string): Promise<string> {
    const removed = isUuid(id) && (await this.#parts.evaluations.remove(viewer.projectId, id))
    if (!removed) throw notFound('evaluation', 'id')
    await this.#parts.accounts.recordEvent(viewer, 'evaluation.delete', id)
    return id
  }

  async #change(
    viewer: Viewer,
    id: string,
    change: 'pause' | 'resume' | 'cancel',
    refusal: UserFailure,
  ): Promise<Evaluation> {
    await this.#require(viewer, id)
    const row = await this.#parts.evaluations[change](viewer.projectId, id)
    if (row === null) throw refusal
    return this.#changed(viewer, change, row)
  }

  async #changed(viewer: Viewer, change: string, row: EvaluationRow): Promise<Evaluation> {
    await this.#parts.accounts.recordEvent(viewer, `evaluation.${change}`, row.id)
    return toEvaluation(row)
  }

  async #require(viewer: Viewer, id: string): Promise<EvaluationRow> {
    const row = isUuid(id) ? await this.#parts.evaluations.find(viewer.projectId, id) : null
    if (row === null) throw notFound('evaluation', 'id')
    return row
  }

  async #clonedFrom(viewer: Viewer, id: string | null): Promise<string | null> {
    if (id === null) return null
    const row = isUuid(id) ? await this.#parts.evaluations.find(viewer.projectId, id) : null
    if (row === null) throw notFound('evaluation', 'clonedFromId')
    return row.id
  }
}

const refuse = (code: string, message: string, cure: string): UserFailure =>
  new UserFailure(code, message, { field: 'id', cure })

const notRunning = refuse(
  'EVALUATION_NOT_RUNNING',
  'It is neither waiting nor running, so there is nothing to pause.',
  'Reload it to see its state.',
)
const notStopped = refuse(
  'EVALUATION_NOT_STOPPED',
  'Only a paused, cancelled or failed evaluation can be resumed.',
  'Reload it to see its state; more cases or arms are added with extendEvaluation.',
)
const ended = refuse(
  'EVALUATION_ENDED',
  'It has ended already, so there is nothing to cancel.',
  'Reload it to see its state.',
)
const cannotExtend = refuse(
  'EVALUATION_STOPPED',
  'It was cancelled or has failed.',
  'Resume it first.',
)
const nothingToAdd = new UserFailure('BAD_ARGUMENT', 'No more cases and no arms were named.', {
  field: 'cases',
  cure: 'Give more cases than there are, or at least one arm.',
})
