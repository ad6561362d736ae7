// How far evaluations are: numbers counted from rows for everybody at once, and a stream that begins with where it is and ends
// with a final state.
import type { RunNotifications } from '../../database/index.js'
import { evaluationStates } from '../../vocabulary/evaluation-names.js'
import type { Viewer } from '../account/viewer.js'
import { protocolInfo } from '../protocol/protocol-values.js'
import type {
  ArmCounts,
  EvaluationProgressRepository,
  Pace,
} from './evaluation-progress.repository.js'
import type { EvaluationProgress, PartialMetric } from './evaluation-progress.type.js'
import { EvaluationWatch } from './evaluation-watch.js'
import { toProgress } from './evaluation-values.js'
import type { EvaluationService } from './evaluation.service.js'
import type { Evaluation } from './evaluation.type.js'
import { toPartialMetrics } from './partial-metrics.js'
import { SharedCounts } from './shared-counts.js'
import type { EvaluationHead } from './shared-counts.js'

const { DONE, FAILED, CANCELLED } = evaluationStates.values
const endedStates: readonly string[] = [DONE, FAILED, CANCELLED]

export class EvaluationProgressService {
  readonly #rows: EvaluationProgressRepository
  readonly #evaluations: EvaluationService
  readonly #notifications: RunNotifications
  readonly #counts = new SharedCounts<readonly ArmCounts[]>()
  readonly #paces = new SharedCounts<Pace>()
  readonly #partials = new SharedCounts<PartialMetric[]>()
  readonly #watches = new Map<string, EvaluationWatch<EvaluationProgress>>()

  constructor(
    rows: EvaluationProgressRepository,
    evaluations: EvaluationService,
    notifications: RunNotifications,
  ) {
    this.#rows = rows
    this.#evaluations = evaluations
    this.#notifications = notifications
  }

  /** Without the numbers, which are counted when they are asked for. */
  async of(evaluation: Evaluation): Promise<EvaluationProgress> {
    const arms = await this.#evaluations.armCount(evaluation.id)
    return toProgress(evaluation, arms)
  }

  /** Of every arm that has a row. */
  counts(head: EvaluationHead): Promise<readonly ArmCounts[]> {
    return this.#counts.get(head, () => this.#rows.counts([head.evaluationId]))
  }

  pace(head: EvaluationHead): Promise<Pace> {
    return this.#paces.get(head, () => this.#rows.pace(head.evaluationId))
  }

  /** Means so far with their intervals. */
  partials(head: EvaluationHead, protocol: string): Promise<PartialMetric[]> {
    const info = protocolInfo(protocol)
    return this.#partials.get(head, async () => {
      const sums = await this.#rows.means(head.evaluationId, info.metrics.length)
      return toPartialMetrics(info, sums)
    })
  }

  /** Changes after `afterVersion`, in rising order, one a second at most; ends after a final state or when it was deleted. */
  async *follow(
    viewer: Viewer,
    id: string,
    afterVersion: number | null | undefined,
  ): AsyncGenerator<EvaluationProgress> {
    if ((await this.#read(viewer, id)) === null) return
    const watch = this.#watch(viewer, id)
    let seen = afterVersion ?? -1
    for await (const progress of watch.follow()) {
      if (progress.version > seen) yield progress
      seen = Math.max(seen, progress.version)
    }
  }

  /** One watch an evaluation, however many follow it. */
  #watch(viewer: Viewer, id: string): EvaluationWatch<EvaluationProgress> {
    const known = this.#watches.get(id)
    if (known !== undefined) return known
    const watch = new EvaluationWatch<EvaluationProgress>({
      ...{ id, notifications: this.#notifications },
      read: () => this.#read(viewer, id),
      isFinal: ({ state }) => endedStates.includes(state),
      onEnd: () => {
        if (this.#watches.get(id) === watch) this.#watches.delete(id)
      },
    })
    this.#watches.set(id, watch)
    return watch
  }

  async #read(viewer: Viewer, id: string): Promise<EvaluationProgress | null> {
    const evaluation = await this.#evaluations.get(viewer, id)
    return evaluation === null ? null : this.of(evaluation)
  }
}

export const headOf = ({ evaluationId, version, state }: EvaluationProgress): EvaluationHead => ({
  ...{ evaluationId, version, ended: endedStates.includes(state) },
})

export const headOfEvaluation = ({ id, version, state }: Evaluation): EvaluationHead => ({
  ...{ evaluationId: id, version, ended: endedStates.includes(state) },
})
