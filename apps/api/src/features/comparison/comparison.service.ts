// Comparisons: from memory, from the table of kept answers, or counted in a thread of their own.
import type { StatisticsPool, Urgency } from '../../statistics/statistics-pool.js'
import type { ComparisonStatistics, Difference } from '../../statistics/comparison-statistics.js'
import { RecentlyUsed } from '../../statistics/recently-used.js'
import type { ArmCounts, ColumnsAnswer, TableAnswers } from '../../statistics/table-calls.js'
import { badInput } from '../../errors/input-error.js'
import type { Logger } from '../../logger.js'
import type { Viewer } from '../account/viewer.js'
import { protocolInfo, publishedTablesOf } from '../protocol/protocol-values.js'
import { noteOnFailures, notesOn, refuseEvaluations } from './check-evaluations.js'
import type { Refusal } from './check-evaluations.js'
import type { LabelledArm } from './compared-arms.js'
import { keyOf, readQuestion, tableQuestion } from './comparison-question.js'
import type { ComparisonQuestion } from './comparison-question.js'
import type { ComparisonInput } from './comparison.input.js'
import type { ComparisonRepository } from './comparison.repository.js'
import type { ComparedArm, Comparison, PairedDifference } from './comparison.type.js'

export interface ComparisonParts {
  readonly repository: ComparisonRepository
  readonly tables: TableAnswers
  readonly statistics: StatisticsPool
  readonly titleOf: (method: string) => string
}

export const resampleCounts = { whole: 10_000, part: 2_000, quick: 200 } as const
const seed = 0

/** Multiplications of the resampling beyond which a whole table is counted with fewer resamples: most of a minute of one core. */
const largestWork = 1e11

/** What is kept of an answer: names of arms and evaluations may change, so they are read anew. */
interface KeptAnswer extends ComparisonStatistics {
  readonly counts: readonly ArmCounts[]
  readonly shared: boolean
  readonly sharedCases: number
}

export class ComparisonService {
  readonly #parts: ComparisonParts
  /** Answers by key; those under way, too, so that nothing is counted twice. */
  readonly #answers = new RecentlyUsed<Promise<KeptAnswer>>(40)
  readonly #under = new Set<string>()
  #logger: Logger | null = null

  constructor(parts: ComparisonParts) {
    this.#parts = parts
  }

  /** Where failures are told that nobody waits for. */
  logTo(logger: Logger): void {
    this.#logger = logger
  }

  /**
   * The comparison, counted whole; with `quick`, what can be said at once when it has not been counted yet.
   * @throws BAD_USER_INPUT
   */
  async compare(viewer: Viewer, input: ComparisonInput, quick = false): Promise<Comparison> {
    const started = performance.now()
    const question = await readQuestion(this.#parts.repository, viewer, input)
    const refusal = await this.#refuse(question)
    if (refusal !== null) return refused(question, refusal, started)
    const answer = await this.#answer(question, quick)
    return toComparison(question, answer, this.#parts.titleOf, started)
  }

  /**
   * Text that is equal as long as the whole answer is; null while something of it may still change.
   * @returns with it whether the whole answer is in memory
   * @throws BAD_USER_INPUT
   */
  async stateOf(
    viewer: Viewer,
    input: ComparisonInput,
  ): Promise<{ readonly text: string; readonly counted: boolean } | null> {
    const question = await readQuestion(this.#parts.repository, viewer, input)
    if (!question.ended) return null
    const key = keyOf(question, wantedResamples(question))
    const counted = !this.#under.has(key) && this.#answers.get(key) !== undefined
    return { text: JSON.stringify([key, question]), counted }
  }

  /** Two arms of one evaluation by name. @throws BAD_USER_INPUT */
  async comparePair(
    viewer: Viewer,
    evaluationId: string,
    names: readonly [string, string],
  ): Promise<PairedDifference[]> {
    const input = { evaluationIds: [evaluationId] }
    const { arms } = await readQuestion(this.#parts.repository, viewer, input)
    const armIds = names.map((name, index) => {
      const found = arms.find((arm) => arm.name === name)
      if (found !== undefined) return found.id
      const known = arms.map((arm) => arm.name).join(', ')
      throw badInput(`There is no arm ${name}. Use: ${known}.`, ['firstArm', 'secondArm'][index]!)
    })
    return (await this.compare(viewer, { ...input, armIds })).differences
  }

  /** Counts the whole table of an evaluation before somebody looks at it. */
  async countAhead(projectId: string, evaluationId: string): Promise<void> {
    const viewer = { projectId } as Viewer
    const input = { evaluationIds: [evaluationId] }
    const question = await readQuestion(this.#parts.repository, viewer, input)
    if (question.ended && question.arms.length > 0)
      await this.#counted(question, wantedResamples(question), 'ahead')
  }

  async #refuse({ evaluations }: ComparisonQuestion): Promise<Refusal | null> {
    const ids = evaluations.map(({ id }) => id)
    const shared = ids.length < 2 ? 0 : await this.#parts.repository.sharedCases(ids)
    return refuseEvaluations(evaluations, shared)
  }

  /** The whole answer; or, asked for quickly, a first one while the whole one is counted. */
  async #answer(question: ComparisonQuestion, quick: boolean): Promise<KeptAnswer> {
    const resamples = wantedResamples(question)
    const key = keyOf(question, resamples)
    if (!quick) return this.#counted(question, resamples, 'asked')
    const known = this.#under.has(key) ? undefined : this.#answers.get(key)
    if (known !== undefined) return known
    const kept = await this.#kept(question, key)
    if (kept !== null) return kept
    const first = await this.#counted(question, resampleCounts.quick, 'asked')
    // Nobody waits for it: whoever asks next has it counted again.
    const evaluationIds = question.evaluations.map(({ id }) => id)
    void this.#counted(question, resamples, 'ahead').catch((error: unknown) =>
      this.#logger?.warn({ err: error, evaluationIds }, 'a comparison was not counted ahead'),
    )
    return first
  }

  #counted(question: ComparisonQuestion, resamples: number, urgency: Urgency): Promise<KeptAnswer> {
    const key = keyOf(question, resamples)
    return this.#answers.remember(key, async () => {
      this.#under.add(key)
      try {
        return (
          (await this.#kept(question, key)) ?? (await this.#count(question, resamples, urgency))
        )
      } finally {
        this.#under.delete(key)
      }
    })
  }

  async #kept(question: ComparisonQuestion, key: string): Promise<KeptAnswer | null> {
    if (!question.ended) return null
    const text = await this.#parts.repository.answer(key)
    return text === null ? null : (JSON.parse(text) as KeptAnswer)
  }

  async #count(
    question: ComparisonQuestion,
    resamples: number,
    urgency: Urgency,
  ): Promise<KeptAnswer> {
    const { tables, statistics, repository } = this.#parts
    const { columns, arms, shared, sharedCases } = await tables.columns(tableQuestion(question))
    const used = affordable(columns, question, resamples)
    const { metrics, protocol } = question
    const asked = { ...columns, protocol: protocol.name, metrics, seed, resamples: used }
    const counted = JSON.parse(await statistics.summarize(asked, urgency)) as ComparisonStatistics
    const answer: KeptAnswer = { ...counted, counts: arms, shared, sharedCases }
    if (question.ended && resamples !== resampleCounts.quick)
      await repository.keep(keyOf(question, resamples), JSON.stringify(answer))
    return answer
  }
}

const wantedResamples = ({ whole, ended }: ComparisonQuestion): number =>
  whole && ended ? resampleCounts.whole : resampleCounts.part

/**
 * Arms that miss different cases have resamples of their own for each pair, which multiplies the work.
 * @returns the resamples, fewer where they would take minutes
 */
function affordable(
  { arms }: ColumnsAnswer['columns'],
  { metrics, protocol }: ComparisonQuestion,
  resamples: number,
): number {
  const cases = (arms[0]?.values.length ?? 0) / protocol.metrics.length
  const patterns = new Set(arms.map(({ values }) => missingPattern(values))).size
  const columns = arms.length * (metrics.length || protocol.metrics.length)
  const groups = (patterns * (patterns + 1)) / 2
  const work = resamples * cases * columns * Math.max(1, groups / 2)
  return work > largestWork ? Math.max(200, Math.min(resamples, resampleCounts.part)) : resamples
}

/** Which values are missing, as a number that differs where they do (FNV over the places). */
function missingPattern(values: Float64Array): number {
  let hash = 2166136261
  for (let index = 0; index < values.length; index++)
    if (Number.isNaN(values[index])) hash = Math.imul(hash ^ index, 16777619)
  return hash >>> 0
}

function toComparison(
  question: ComparisonQuestion,
  answer: KeptAnswer,
  titleOf: (method: string) => string,
  started: number,
): Comparison {
  const { evaluations, protocol, arms } = question
  const { counts, cases, estimates, before, differences, relations, shared, resamples } = answer
  const compared = arms.map((arm) =>
    toComparedArm(
      arm,
      counts.find(({ id }) => id === arm.id),
      titleOf,
    ),
  )
  return {
    protocol: protocolInfo(protocol.name),
    arms: compared,
    ...{ cases, shared, resamples },
    estimates: [...estimates],
    before: [...before],
    differences: differences as PairedDifference[] & Difference[],
    relations: relations as Comparison['relations'],
    published: publishedTablesOf(protocol.name),
    notes: notesOf(question, answer, [
      ...notesOn(evaluations, answer),
      ...noteOnFailures(compared),
    ]),
    final: resamples !== resampleCounts.quick,
    refusal: null,
    computedIn: performance.now() - started,
  }
}

function notesOf(
  question: ComparisonQuestion,
  { resamples, cases }: KeptAnswer,
  notes: readonly string[],
): string[] {
  if (cases === 0) return [...notes, 'No case fits the filter.']
  if (resamples === resampleCounts.quick || resamples === wantedResamples(question))
    return [...notes]
  return [...notes, `Intervals are of ${resamples} resamples: more would take minutes.`]
}

function refused({ protocol }: ComparisonQuestion, refusal: Refusal, started: number): Comparison {
  const nothing = { arms: [], estimates: [], before: [], differences: [], relations: [], notes: [] }
  return {
    ...nothing,
    protocol: protocolInfo(protocol.name),
    published: publishedTablesOf(protocol.name),
    ...{ cases: 0, shared: false, refusal, resamples: 0, final: true },
    computedIn: performance.now() - started,
  }
}

/** An arm with its counts among the chosen cases. */
export function toComparedArm(
  arm: LabelledArm,
  counts: ArmCounts | undefined,
  titleOf: (method: string) => string,
): ComparedArm {
  const { id, evaluationId, evaluationName, name, label, method, modelName, modelId } = arm
  return {
    ...{ id, evaluationId, evaluationName, name, label, method, modelName, modelId },
    methodTitle: titleOf(method),
    hyperparameters: arm.hyperparameters,
    n: counts?.n ?? 0,
    missing: counts?.missing ?? 0,
    failed: counts?.failed ?? 0,
    skipped: counts?.skipped ?? 0,
    secondsPerEdit: counts?.secondsPerEdit ?? null,
    peakBytes: counts?.peakBytes ?? null,
  }
}
