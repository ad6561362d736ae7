// What somebody asks of a comparison -> checked evaluations, arms, metrics and cases, with a key that equal questions share.
import { createHash } from 'node:crypto'
import { describeProtocol, engineVersion } from '../../engine/protocol-library.js'
import type { ProtocolDescription } from '../../engine/protocol-library.js'
import { badInput } from '../../errors/input-error.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { CaseChoice, ColumnChoice, SortChoice } from '../../statistics/case-filter.js'
import type { TableQuestion } from '../../statistics/table-calls.js'
import { editPromptKinds } from '../../vocabulary/edit-names.js'
import {
  caseOutcomes,
  caseSides,
  caseSortFields,
  flipDirections,
} from '../../vocabulary/evaluation-names.js'
import type { Viewer } from '../account/viewer.js'
import { labelArms } from './compared-arms.js'
import type { LabelledArm } from './compared-arms.js'
import type { CaseColumn, CaseFilter, CaseSort, ComparisonInput } from './comparison.input.js'
import type { ComparedEvaluation, ComparisonRepository } from './comparison.repository.js'

const limits = { evaluations: 10, arms: 60, ranges: 20, names: 500, places: 50_000, text: 500 }

/** Rises when the statistics change their meaning, so that kept answers are not mistaken for new ones. */
const statisticsVersion = 2

export interface ComparisonQuestion {
  readonly evaluations: readonly ComparedEvaluation[]
  readonly protocol: ProtocolDescription
  readonly arms: readonly LabelledArm[]
  /** Empty for all. */
  readonly metrics: readonly string[]
  readonly choice: CaseChoice
  /** Whether every case is asked for. */
  readonly whole: boolean
  /** Whether nothing of it changes any more. */
  readonly ended: boolean
}

/** @throws BAD_USER_INPUT naming the field */
export async function readQuestion(
  repository: ComparisonRepository,
  viewer: Viewer,
  input: ComparisonInput,
): Promise<ComparisonQuestion> {
  const ids = [...new Set(input.evaluationIds.map((id) => id.toLowerCase()))]
  if (ids.length === 0 || ids.length > limits.evaluations)
    throw badInput(`Name 1 to ${limits.evaluations} evaluations.`, 'evaluationIds')
  const evaluations = await repository.evaluations(viewer.projectId, ids.filter(isUuid))
  const missing = ids.find((id) => !evaluations.some((one) => one.id === id))
  if (missing !== undefined) throw badInput(`There is no evaluation ${missing}.`, 'evaluationIds')
  const protocol = describeProtocol(evaluations[0]!.protocol)
  const arms = chooseArms(labelArms(evaluations), input.armIds ?? [])
  const choice = readFilter(protocol, arms, input.filter ?? {})
  return {
    ...{ evaluations, protocol, arms, choice },
    metrics: readMetrics(protocol, input.metrics ?? []),
    whole: JSON.stringify(choice) === JSON.stringify(everyCase),
    ended: evaluations.every(({ state }) => ended.has(state)),
  }
}

const ended: ReadonlySet<string> = new Set(['DONE', 'FAILED', 'CANCELLED'])

const everyCase: CaseChoice = {
  ...{ relations: null, search: null, ranges: [], flips: null, outcome: null, places: null },
}

function chooseArms(all: readonly LabelledArm[], ids: readonly string[]): readonly LabelledArm[] {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))]
  const chosen = wanted.length === 0 ? all : wanted.map((id) => armOf(all, id, 'armIds'))
  if (chosen.length > limits.arms)
    throw badInput(`There are ${chosen.length} arms; choose at most ${limits.arms}.`, 'armIds')
  return chosen
}

function armOf(arms: readonly LabelledArm[], id: string, field: string): LabelledArm {
  const found = arms.find((arm) => arm.id === id.toLowerCase())
  if (found === undefined) throw badInput(`There is no arm ${id} in these evaluations.`, field)
  return found
}

function readMetrics(
  { metrics, score }: ProtocolDescription,
  names: readonly string[],
): readonly string[] {
  const known = [...metrics.map(({ name }) => name), ...(score === null ? [] : [score.name])]
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw badInput(`There is no metric ${unknown}. Use: ${known.join(', ')}.`, 'metrics')
  return known.filter((name) => names.includes(name))
}

function readFilter(
  protocol: ProtocolDescription,
  arms: readonly LabelledArm[],
  { relations, search, ranges, flips, outcome, places }: CaseFilter,
): CaseChoice {
  checkSizes({
    relations: relations ?? null,
    search: search ?? null,
    ranges: ranges ?? null,
    places: places ?? null,
  })
  return {
    relations: relations && relations.length > 0 ? [...relations].sort() : null,
    search: search?.trim() || null,
    ranges: (ranges ?? []).map(({ min, max, ...column }) => ({
      ...readColumn(protocol, arms, column, 'filter.ranges'),
      ...{ min: min ?? null, max: max ?? null },
    })),
    flips: flips
      ? {
          firstArmId: armOf(arms, flips.firstArmId, 'filter.flips.firstArmId').id,
          secondArmId: armOf(arms, flips.secondArmId, 'filter.flips.secondArmId').id,
          kind: editPromptKinds.toEngine(flips.kind),
          direction: flipDirections.toEngine(flips.direction ?? 'EITHER'),
        }
      : null,
    outcome: outcome ? caseOutcomes.toEngine(outcome) : null,
    places: places ? [...places].sort((a, b) => a - b) : null,
  }
}

function checkSizes({ relations, search, ranges, places }: CaseFilter): void {
  const sizes: readonly (readonly [string, number, number])[] = [
    ['filter.relations', relations?.length ?? 0, limits.names],
    ['filter.ranges', ranges?.length ?? 0, limits.ranges],
    ['filter.places', places?.length ?? 0, limits.places],
    ['filter.search', search?.length ?? 0, limits.text],
  ]
  const wrong = sizes.find(([, size, most]) => size > most)
  if (wrong !== undefined) throw badInput(`At most ${wrong[2]} are allowed.`, wrong[0])
}

/** @throws BAD_USER_INPUT for an arm or a metric that is not there */
export function readColumn(
  { metrics }: ProtocolDescription,
  arms: readonly LabelledArm[],
  { armId, metric, side }: CaseColumn,
  field: string,
): ColumnChoice {
  const place = metrics.findIndex(({ name }) => name === metric)
  if (place < 0) throw badInput(`There is no metric ${metric} of single cases.`, field)
  return {
    ...{ armId: armOf(arms, armId, field).id, metric: place },
    side: caseSides.toEngine(side ?? 'AFTER'),
  }
}

/** @throws BAD_USER_INPUT */
export function readSort(
  { protocol, arms }: ComparisonQuestion,
  sort: CaseSort | null,
): SortChoice {
  const descending = sort?.descending ?? false
  if (sort?.column)
    return { descending, column: readColumn(protocol, arms, sort.column, 'sort.column') }
  return { descending, field: caseSortFields.toEngine(sort?.field ?? 'PLACE') }
}

/** For the thread that holds the cases. */
export function tableQuestion(question: ComparisonQuestion): TableQuestion {
  const { evaluations, arms, protocol, choice } = question
  return {
    evaluations: evaluations.map(({ id, version }) => ({ id, version })),
    metrics: protocol.metrics.length,
    armIds: arms.map(({ id }) => id),
    choice,
  }
}

/** Equal for equal questions about equal rows. */
export function keyOf(question: ComparisonQuestion, resamples: number): string {
  const asked = [tableQuestion(question), question.metrics, resamples, question.protocol.name]
  return createHash('sha256')
    .update(JSON.stringify([statisticsVersion, engineVersion, asked]))
    .digest('hex')
}
