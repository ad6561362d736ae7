// What can be done with figures over many prompts. Nothing here computes: a set is a row that workers fill.
import { createHash } from 'node:crypto'
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import { figureKinds } from '../../engine/figure-library.js'
import { engineVersion } from '../../engine/protocol-library.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { connectionOf } from '../../pagination/connection.js'
import type { Connection, PageRequest, TimePosition } from '../../pagination/connection.js'
import { encodeTimeCursor, isUuid } from '../../pagination/time-cursor.js'
import { runStates } from '../../vocabulary/names.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelService } from '../model/model.service.js'
import { checkText } from '../text-rules.js'
import type { StartFiguresInput } from './figure-set.input.js'
import type { FigureSetRepository, FigureSetRow, FigureSlice } from './figure-set.repository.js'
import type { Figure, FigureInfo, FigureSet } from './figure-set.type.js'

export interface FigureSetParts {
  readonly sets: FigureSetRepository
  readonly models: ModelService
  readonly accounts: AccountRepository
  readonly notifications: RunNotifications
}

const { DONE, FAILED, CANCELLED, QUEUED } = runStates.values
const endedStates: readonly string[] = [DONE, FAILED, CANCELLED]
const limits = { prompts: 1_000, name: 200 } as const
const usualPrompts = 100

export class FigureSetService {
  readonly #parts: FigureSetParts

  constructor(parts: FigureSetParts) {
    this.#parts = parts
  }

  async list(
    viewer: Viewer,
    page: PageRequest<TimePosition>,
    modelId: string | null,
  ): Promise<Connection<FigureSet>> {
    const foreign = modelId !== null && !isUuid(modelId)
    const { rows, totalCount } = foreign
      ? { rows: [], totalCount: 0 }
      : await this.#parts.sets.page(viewer.projectId, page, modelId)
    return connectionOf(rows, {
      ...{ ...page, totalCount, cursorOf: encodeTimeCursor, nodeOf: toFigureSet },
    })
  }

  async get(viewer: Viewer, id: string): Promise<FigureSet | null> {
    const row = isUuid(id) ? await this.#parts.sets.find(viewer.projectId, id) : null
    return row === null ? null : toFigureSet(row)
  }

  /** Checks, writes and queues; the same question again returns the same set. @throws UserFailure */
  async start(viewer: Viewer, input: StartFiguresInput): Promise<FigureSet> {
    const { sets, models, accounts } = this.#parts
    const { projectId, userId: authorId } = viewer
    const model = await models.require(viewer, input.modelId)
    const slice = await this.#readySlice(viewer, input.sliceId)
    const prompts = checkPrompts(input.prompts ?? usualPrompts, slice.places.length)
    const smallestStep = input.smallestStep ?? false
    const settings = { prompts, seed: 0, smallestStep }
    const question = JSON.stringify([model.digest, slice.digest, settings, engineVersion])
    const name = checkText(input.name?.trim(), 'name', limits.name)
    const { row, made } = await sets.create({
      ...{ projectId, authorId, modelId: model.id, sliceId: slice.id, prompts, settings },
      name: name ?? `${model.name}, ${prompts} prompts of ${slice.name}`.slice(0, limits.name),
      questionDigest: createHash('sha256').update(question).digest('hex'),
      clientMutationId: checkText(input.clientMutationId, 'clientMutationId', limits.name),
    })
    if (made) await accounts.recordEvent(viewer, 'figures.start', row.id)
    else accounts.leaveToFirst(viewer)
    return toFigureSet(row)
  }

  async #readySlice(viewer: Viewer, id: string): Promise<FigureSlice> {
    const slice = isUuid(id) ? await this.#parts.sets.slice(viewer.projectId, id) : null
    if (slice === null) throw notFound('slice', 'sliceId')
    if (slice.state === DONE && slice.places.length > 0) return slice
    throw new UserFailure('SLICE_NOT_READY', `The slice ${slice.name} has no cases yet.`, {
      field: 'sliceId',
      cure: 'Wait until it is done, or choose another one.',
    })
  }

  cancel(viewer: Viewer, id: string): Promise<FigureSet> {
    const message = 'They have ended already, so there is nothing to cancel.'
    return this.#change(viewer, id, 'cancel', 'FIGURES_ENDED', message)
  }

  retry(viewer: Viewer, id: string): Promise<FigureSet> {
    const message = 'Only failed or cancelled figures can be tried again.'
    return this.#change(viewer, id, 'requeue', 'FIGURES_NOT_FAILED', message)
  }

  async #change(
    viewer: Viewer,
    id: string,
    change: 'cancel' | 'requeue',
    code: string,
    message: string,
  ): Promise<FigureSet> {
    const { sets, accounts } = this.#parts
    if ((await this.get(viewer, id)) === null) throw notFound('figures', 'id')
    const row = await sets[change](viewer.projectId, id)
    if (row === null)
      throw new UserFailure(code, message, { field: 'id', cure: 'Reload them to see their state.' })
    const action = change === 'cancel' ? 'cancel' : 'retry'
    await accounts.recordEvent(viewer, `figures.${action}`, id)
    return toFigureSet(row)
  }

  async remove(viewer: Viewer, id: string): Promise<string> {
    const removed = isUuid(id) && (await this.#parts.sets.remove(viewer.projectId, id))
    if (!removed) throw notFound('figures', 'id')
    await this.#parts.accounts.recordEvent(viewer, 'figures.delete', id)
    return id
  }

  skipped(id: string): Promise<number> {
    return this.#parts.sets.skipped(id)
  }

  /** Every figure of the paper, and how far it is in a set. */
  async infos({ id, settings }: Pick<FigureSet, 'id' | 'settings'>): Promise<FigureInfo[]> {
    const heads = await this.#parts.sets.heads(id)
    const { smallestStep } = settings as { readonly smallestStep: boolean }
    return figureKinds
      .filter(({ kind }) => smallestStep || kind !== 'smallest-step')
      .map((info) => ({ ...info, done: heads.get(info.kind) ?? 0, ready: heads.has(info.kind) }))
  }

  async figure(setId: string, kind: string): Promise<Figure | null> {
    const info = figureKinds.find((one) => one.kind === kind)
    const row = info === undefined ? null : await this.#parts.sets.figure(setId, kind)
    if (info === undefined || row === null) return null
    return { ...info, done: row.done, data: row.figure }
  }

  /** Every change after `afterVersion`, in rising order; ends when the figures have ended or were deleted. */
  async *follow(
    viewer: Viewer,
    id: string,
    afterVersion: number | null | undefined,
  ): AsyncGenerator<FigureSet> {
    const wakeups = new Wakeups(this.#parts.notifications, id)
    try {
      for (let seen = afterVersion ?? -1; ;) {
        const set = await this.get(viewer, id)
        if (set === null) return
        if (set.version > seen) yield set
        seen = Math.max(seen, set.version)
        if (endedStates.includes(set.state)) return
        await wakeups.next(set.state === QUEUED)
      }
    } finally {
      wakeups.stop()
    }
  }
}

/** What the figures are, before anybody makes them. */
export const knownFigures = (): FigureInfo[] =>
  figureKinds.map((info) => ({ ...info, done: 0, ready: false }))

function checkPrompts(asked: number, available: number): number {
  const most = Math.min(limits.prompts, available)
  if (asked >= 1) return Math.min(asked, most)
  throw new UserFailure('BAD_ARGUMENT', `${asked} prompts were asked for.`, {
    field: 'prompts',
    cure: `Use a whole number from 1 to ${most}.`,
  })
}

function toFigureSet(row: FigureSetRow): FigureSet {
  const { progressVersion: version, error, ...same } = row
  return { ...same, version, error: error as FigureSet['error'], secondsLeft: secondsLeft(row) }
}

/** By the pace since it was begun. */
function secondsLeft({ state, startedAt, done, prompts }: FigureSetRow): number | null {
  if (state !== 'RUNNING' || startedAt === null || done === 0) return null
  const seconds = (Date.now() - startedAt.getTime()) / 1_000
  return Math.max(0, ((prompts - done) * seconds) / done)
}
