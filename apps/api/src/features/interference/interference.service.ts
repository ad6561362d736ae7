// What can be done with maps of interference. Nothing here computes: a map is a row that a worker fills.
import { createHash } from 'node:crypto'
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import { INTERFERENCE_LIMIT, engineVersion } from '../../engine/engine-vocabulary.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { runStates } from '../../vocabulary/names.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelService } from '../model/model.service.js'
import { toInterferenceMap } from './interference-values.js'
import type { ApprovedEdit, InterferenceRepository } from './interference.repository.js'
import type { InterferenceMap } from './interference.type.js'

export interface InterferenceServiceParts {
  readonly maps: InterferenceRepository
  readonly models: ModelService
  readonly accounts: AccountRepository
  readonly notifications: RunNotifications
}

const { DONE, FAILED, CANCELLED, QUEUED } = runStates.values
const endedStates: readonly string[] = [DONE, FAILED, CANCELLED]

export class InterferenceService {
  readonly #parts: InterferenceServiceParts

  constructor(parts: InterferenceServiceParts) {
    this.#parts = parts
  }

  /** The map that was asked for last; null when none was. */
  async newest(viewer: Viewer, modelId: string): Promise<InterferenceMap | null> {
    const row = isUuid(modelId) ? await this.#parts.maps.newest(viewer.projectId, modelId) : null
    return row === null ? null : toInterferenceMap(row)
  }

  async get(viewer: Viewer, id: string): Promise<InterferenceMap | null> {
    const row = isUuid(id) ? await this.#parts.maps.find(viewer.projectId, id) : null
    return row === null ? null : toInterferenceMap(row)
  }

  /**
   * Queues the map of the edits that are approved now; of the same edits in the same order there is one, which is tried again
   * if it failed or was cancelled.
   * @throws UserFailure MODEL_NOT_FOUND, INTERFERENCE_EDITS for fewer than two approved edits or more than fifty
   */
  async map(viewer: Viewer, modelId: string): Promise<InterferenceMap> {
    const { maps, models, accounts } = this.#parts
    const { projectId, userId: authorId } = viewer
    const model = await models.require(viewer, modelId)
    const edits = await maps.approved(projectId, model.id)
    if (edits.length < 2 || edits.length > INTERFERENCE_LIMIT) throw badCount(edits.length)
    const { row, queued } = await maps.ask({
      ...{ projectId, authorId, modelId: model.id, editIds: edits.map(({ id }) => id) },
      questionDigest: digestOf(model.digest, edits),
    })
    if (queued) await accounts.recordEvent(viewer, 'interference.map', row.id)
    return toInterferenceMap(row)
  }

  /** @throws UserFailure INTERFERENCE_NOT_FOUND, INTERFERENCE_ENDED */
  async cancel(viewer: Viewer, id: string): Promise<InterferenceMap> {
    const { maps, accounts } = this.#parts
    if ((await this.get(viewer, id)) === null) throw notFound('interference', 'id')
    const row = await maps.cancel(viewer.projectId, id)
    if (row === null)
      throw new UserFailure('INTERFERENCE_ENDED', 'It has ended already.', {
        field: 'id',
        cure: 'Reload it to see its state.',
      })
    await accounts.recordEvent(viewer, 'interference.cancel', id)
    return toInterferenceMap(row)
  }

  /** Whether it is of other edits, or another order, than are approved now. */
  async isStale(viewer: Viewer, map: InterferenceMap): Promise<boolean> {
    const { maps, models } = this.#parts
    const [model] = await models.byIds(viewer, [map.modelId])
    if (model === undefined) return true
    const edits = await maps.approved(viewer.projectId, map.modelId)
    return digestOf(model.digest, edits) !== map.questionDigest
  }

  /** Where it is: now, then with every change until its end. */
  async *follow(viewer: Viewer, id: string): AsyncGenerator<InterferenceMap> {
    const wakeups = new Wakeups(this.#parts.notifications, id.toLowerCase())
    try {
      for (let seen = -1; ;) {
        const map = await this.get(viewer, id)
        if (map === null) return
        if (map.progressVersion > seen) yield map
        seen = Math.max(seen, map.progressVersion)
        if (endedStates.includes(map.state)) return
        await wakeups.next(map.state === QUEUED)
      }
    } finally {
      wakeups.stop()
    }
  }
}

/** Equal for the same edits in the same order on the same weights. */
const digestOf = (modelDigest: string, edits: readonly ApprovedEdit[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify([modelDigest, edits.map(({ id, digest }) => [id, digest]), engineVersion]),
    )
    .digest('hex')

const badCount = (count: number): UserFailure =>
  new UserFailure('INTERFERENCE_EDITS', `${count} edits of this model are approved.`, {
    field: 'modelId',
    cure: `Approve at least 2 and at most ${INTERFERENCE_LIMIT} by review.`,
  })
