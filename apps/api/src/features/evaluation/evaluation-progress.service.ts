// How far evaluations are: numbers counted from rows for everybody at once, and a stream that begins with where it is and ends
// with a final state.
import type { RunNotifications } from '../../database/index.js'
import { evaluationStates } from '../../vocabulary/evaluation-names.js'
import type { EvaluationStateKey } from '../../vocabulary/evaluation-names.js'
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
import type { Trouble } from '../worker/worker.type.js'
import { SharedCounts } from './shared-counts.js'
import type { EvaluationHead } from './shared-counts.js'
import { whyNobody } from './why-nobody.js'

const { QUEUED, RUNNING, DONE, FAILED, CANCELLED } = evaluationStates.values
const movingStates: readonly string[] = [QUEUED, RUNNING]
const endedStates: readonly string[] = [DONE, FAILED, CANCELLED]

export class EvaluationProgressService {
  readonly #rows: EvaluationProgressRepository
  readonly #evaluations: EvaluationService
  readonly #notifications: RunNotifications
  readonly #counts = new SharedCounts<readonly ArmCounts[]>()
  readonly #paces = new SharedCounts<Pace>()
  /** What workers say of themselves changes while the evaluation stays as it is. */
  readonly #waits = new SharedCounts<Trouble | null>({ lasting: false })
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

  /** Of every arm that has a row. */
  counts(head: EvaluationHead): Promise<readonly ArmCounts[]> {
    return this.#counts.get(head, () => this.#rows.counts([head.evaluationId]))
  }

  pace(head: EvaluationHead): Promise<Pace> {
    return this.#paces.get(head, () => this.#rows.pace(head.evaluationId))
  }

  /** Why no worker that is alive can compute what is left; null when one can, or nothing waits. */
  async waiting(head: EvaluationHead, state: EvaluationStateKey): Promise<Trouble | null> {
    if (!movingStates.includes(state)) return null
    return this.#waits.get(head, async () => whyNobody(await this.#rows.waiting(head.evaluationId)))
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
  follow(
    viewer: Viewer,
    id: string,
    afterVersion: number | null | undefined,
  ): AsyncIterableIterator<EvaluationProgress> {
    return this.#watch(viewer, id).follow(afterVersion ?? -1)
  }

  /** One watch an evaluation and project, however many follow it. */
  #watch(viewer: Viewer, id: string): EvaluationWatch<EvaluationProgress> {
    const key = `${viewer.projectId} ${id}`
    const known = this.#watches.get(key)
    if (known !== undefined) return known
    const watch = new EvaluationWatch<EvaluationProgress>({
      ...{ id, notifications: this.#notifications },
      read: () => this.#read(viewer, id),
      isFinal: ({ state }) => endedStates.includes(state),
      onEnd: () => {
        if (this.#watches.get(key) === watch) this.#watches.delete(key)
      },
    })
    this.#watches.set(key, watch)
    return watch
  }

  async #read(viewer: Viewer, id: string): Promise<EvaluationProgress | null> {
    const evaluation = await this.#evaluations.get(viewer, id)
    if (evaluation === null) return null
    return toProgress(evaluation, await this.#evaluations.armCount(id))
  }
}

export const headOf = ({ evaluationId, version, state }: EvaluationProgress): EvaluationHead => ({
  ...{ evaluationId, version, ended: endedStates.includes(state) },
})

export const headOfEvaluation = ({ id, version, state }: Evaluation): EvaluationHead => ({
  ...{ evaluationId: id, version, ended: endedStates.includes(state) },
})
