// What can be done with surveys of neurons. Nothing here computes: a survey is a row that workers fill.
import { createHash } from 'node:crypto'
import { Wakeups } from '../../database/index.js'
import type { RunNotifications } from '../../database/index.js'
import type { ModelLibrary } from '../../engine/model-library.js'
import { engineVersion } from '../../engine/protocol-library.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { runStates } from '../../vocabulary/names.js'
import type { AccountRepository } from '../account/account.repository.js'
import type { Viewer } from '../account/viewer.js'
import type { ModelRow } from '../model/model.repository.js'
import type { ModelService } from '../model/model.service.js'
import type { NeuronSurveyRepository, SurveyHead } from './neuron-survey.repository.js'
import type { NeuronSurvey } from './neuron-survey.type.js'
import type { SurveyNeuronsInput } from './neuron.input.js'

export interface NeuronSurveyParts {
  readonly surveys: NeuronSurveyRepository
  readonly models: ModelService
  readonly library: ModelLibrary
  readonly accounts: AccountRepository
  readonly notifications: RunNotifications
}

const { DONE, FAILED, CANCELLED, QUEUED } = runStates.values
const endedStates: readonly string[] = [DONE, FAILED, CANCELLED]

export class NeuronSurveyService {
  readonly #parts: NeuronSurveyParts

  constructor(parts: NeuronSurveyParts) {
    this.#parts = parts
  }

  /** The survey of a layer; null when nobody asked for one, or there is no such layer. */
  async find(viewer: Viewer, modelId: string, layer: number): Promise<NeuronSurvey | null> {
    const row = isUuid(modelId)
      ? await this.#parts.surveys.find(viewer.projectId, modelId, layer)
      : null
    return row === null ? null : toSurvey(row)
  }

  async get(viewer: Viewer, id: string): Promise<NeuronSurvey | null> {
    const row = isUuid(id) ? await this.#parts.surveys.byId(viewer.projectId, id) : null
    return row === null ? null : toSurvey(row)
  }

  /** Checks, writes and queues; nothing is computed again that is known. @throws UserFailure */
  async start(viewer: Viewer, { modelId, layer }: SurveyNeuronsInput): Promise<NeuronSurvey> {
    const { surveys, models, accounts } = this.#parts
    const model = await models.require(viewer, modelId)
    const neurons = this.checkPlace(model, { layer })
    const { projectId, userId: authorId } = viewer
    const runIds = await surveys.newestRuns(projectId, model.id)
    const questionDigest = digestOf(model.digest, runIds)
    const { row, queued } = await surveys.ask({
      ...{ projectId, authorId, modelId: model.id, layer, neurons, runIds, questionDigest },
      weightsDigest: model.digest,
    })
    if (queued) await accounts.recordEvent(viewer, 'neurons.survey', row.id)
    return toSurvey(row)
  }

  async cancel(viewer: Viewer, id: string): Promise<NeuronSurvey> {
    const { surveys, accounts } = this.#parts
    if ((await this.get(viewer, id)) === null) throw notFound('survey', 'id')
    const row = await surveys.cancel(viewer.projectId, id)
    if (row === null)
      throw new UserFailure(
        'SURVEY_ENDED',
        'It has ended already, so there is nothing to cancel.',
        {
          field: 'id',
          cure: 'Reload it to see its state.',
        },
      )
    await accounts.recordEvent(viewer, 'neurons.cancel', id)
    return toSurvey(row)
  }

  /** Whether newer runs are finished than those whose activations are shown, or none are shown yet. */
  async stale(
    { projectId, modelId, resultDigest }: NeuronSurvey,
    digest: string,
  ): Promise<boolean> {
    if (resultDigest === null) return true
    return (
      digestOf(digest, await this.#parts.surveys.newestRuns(projectId, modelId)) !== resultDigest
    )
  }

  /**
   * Neurons of a layer, once layer and index are known to be right.
   * @throws UserFailure MODEL_UNAVAILABLE, BAD_ARGUMENT naming the number that is out of range
   */
  checkPlace(model: ModelRow, { layer, index }: { layer: number; index?: number }): number {
    const { library } = this.#parts
    const reason = library.unavailableReason(model.directory)
    const neurons = reason === null ? library.innerWidth(model.directory) : null
    if (neurons === null)
      throw new UserFailure('MODEL_UNAVAILABLE', reason ?? 'Its files cannot be read.', {
        field: 'modelId',
        cure: 'Choose another model, or add it again.',
      })
    checkRange('layer', layer, model.layers)
    if (index !== undefined) checkRange('index', index, neurons)
    return neurons
  }

  /** Every change after `afterVersion`, in rising order; ends when the survey has ended. */
  async *follow(
    viewer: Viewer,
    id: string,
    afterVersion: number | null | undefined,
  ): AsyncGenerator<NeuronSurvey> {
    const wakeups = new Wakeups(this.#parts.notifications, id)
    try {
      for (let seen = afterVersion ?? -1; ;) {
        const survey = await this.get(viewer, id)
        if (survey === null) return
        if (survey.progressVersion > seen) yield survey
        seen = Math.max(seen, survey.progressVersion)
        if (endedStates.includes(survey.state)) return
        await wakeups.next(survey.state === QUEUED)
      }
    } finally {
      wakeups.stop()
    }
  }
}

function checkRange(field: string, value: number, count: number): void {
  if (value >= 0 && value < count) return
  throw new UserFailure('BAD_ARGUMENT', `There is no ${field} ${value}.`, {
    field,
    cure: `Use a whole number from 0 to ${count - 1}.`,
  })
}

const digestOf = (modelDigest: string, runIds: readonly string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([modelDigest, runIds, engineVersion]))
    .digest('hex')

function toSurvey(row: SurveyHead): NeuronSurvey {
  const { id, projectId, modelId, layer, neurons, state, stage, wordsDone, runsDone, receipt } = row
  const { progressVersion, finishedAt, resultDigest } = row
  const done = wordsDone + runsDone
  const total = neurons + row.runIds.length
  return {
    ...{ id, projectId, modelId, layer, neurons, state, stage, receipt, progressVersion },
    ...{ finishedAt, resultDigest, done, total },
    runs: row.resultRunIds.length,
    tokens: row.resultTokens,
    wordsReady: wordsDone >= neurons,
    secondsLeft: secondsLeft(row),
    error: row.error as NeuronSurvey['error'],
  }
}

/** By the pace of the part that is under way; unknown before it has a pace. */
function secondsLeft({ state, startedAt, neurons, wordsDone, runsDone, runIds }: SurveyHead) {
  const [done, left] =
    wordsDone < neurons ? [wordsDone, neurons - wordsDone] : [runsDone, runIds.length - runsDone]
  if (state !== 'RUNNING' || startedAt === null || done === 0) return null
  return Math.max(0, (left * (Date.now() - startedAt.getTime())) / 1_000 / done)
}
