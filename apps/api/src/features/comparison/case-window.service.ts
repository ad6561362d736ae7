// The table of cases window by window, and how cases spread: from the thread that holds them, with a few numbers from their rows.
import { badInput } from '../../errors/input-error.js'
import { outcomes } from '../../statistics/case-table.js'
import type { TableAnswers, WindowCell, WindowRow } from '../../statistics/table-calls.js'
import type { CaseOutcomeKey } from '../../vocabulary/evaluation-names.js'
import type { Viewer } from '../account/viewer.js'
import { refuseEvaluations } from './check-evaluations.js'
import { readColumn, readQuestion, readSort, tableQuestion } from './comparison-question.js'
import type { ComparisonQuestion } from './comparison-question.js'
import type { CaseColumn, CaseSort, ComparisonInput } from './comparison.input.js'
import type { CellExtra, ComparisonRepository } from './comparison.repository.js'
import { toCaseError } from './case-values.js'
import type {
  CaseCell,
  CaseDensity,
  CasePage,
  CaseRow,
  MetricDistribution,
} from './case-window.type.js'

export interface CaseWindowParts {
  readonly repository: ComparisonRepository
  readonly tables: TableAnswers
}

const limits = { window: 500, bins: 100 } as const

export interface WindowAsked {
  readonly sort: CaseSort | null
  readonly offset: number
  readonly limit: number
}

export class CaseWindowService {
  readonly #parts: CaseWindowParts

  constructor(parts: CaseWindowParts) {
    this.#parts = parts
  }

  /** @throws BAD_USER_INPUT */
  async window(viewer: Viewer, input: ComparisonInput, asked: WindowAsked): Promise<CasePage> {
    const question = await this.#question(viewer, input)
    const offset = Math.max(0, asked.offset)
    const limit = Math.max(1, Math.min(asked.limit, limits.window))
    const sort = readSort(question, asked.sort)
    const table = tableQuestion(question)
    const { total, rows } = await this.#parts.tables.window({ table, sort, offset, limit })
    const places = rows.map(({ place }) => place)
    const extras = await this.#parts.repository.cellExtras(table.armIds, places)
    const extraOf = new Map(extras.map((one) => [`${one.armId} ${one.place}`, one]))
    return { total, offset, rows: rows.map((row) => toCaseRow(row, extraOf)) }
  }

  /** @throws BAD_USER_INPUT */
  async distributions(
    viewer: Viewer,
    input: ComparisonInput,
    metric: string,
  ): Promise<MetricDistribution[]> {
    const question = await this.#question(viewer, input)
    const place = question.protocol.metrics.findIndex(({ name }) => name === metric)
    if (place < 0) throw badInput(`There is no metric ${metric} of single cases.`, 'metric')
    const table = tableQuestion(question)
    const found = await this.#parts.tables.distributions({ table, metric: place })
    return found.map((one) => ({ ...one, metric }))
  }

  /** @throws BAD_USER_INPUT */
  async density(
    viewer: Viewer,
    input: ComparisonInput,
    columns: { readonly x: CaseColumn; readonly y: CaseColumn; readonly bins: number },
  ): Promise<CaseDensity> {
    const question = await this.#question(viewer, input)
    const { protocol, arms } = question
    return this.#parts.tables.density({
      table: tableQuestion(question),
      x: readColumn(protocol, arms, columns.x, 'x'),
      y: readColumn(protocol, arms, columns.y, 'y'),
      bins: Math.max(2, Math.min(columns.bins, limits.bins)),
    })
  }

  /** Cases of evaluations that may not stand side by side are not shown side by side either. */
  async #question(viewer: Viewer, input: ComparisonInput): Promise<ComparisonQuestion> {
    const { repository } = this.#parts
    const question = await readQuestion(repository, viewer, input)
    const ids = question.evaluations.map(({ id }) => id)
    const shared = ids.length < 2 ? 0 : await repository.sharedCases(ids)
    const refusal = refuseEvaluations(question.evaluations, shared)
    if (refusal !== null) throw badInput(`${refusal.code}: ${refusal.message}`, 'evaluationIds')
    return question
  }
}

export const outcomeOf: Readonly<Record<number, CaseOutcomeKey | null>> = {
  [outcomes.missing]: null,
  [outcomes.edited]: 'EDITED',
  [outcomes.skipped]: 'SKIPPED',
  [outcomes.failed]: 'FAILED',
  [outcomes.notAsked]: null,
}

function toCaseRow(row: WindowRow, extraOf: ReadonlyMap<string, CellExtra>): CaseRow {
  return {
    ...row,
    cells: row.cells.map((cell) => toCell(cell, extraOf.get(`${cell.armId} ${row.place}`))),
  }
}

function toCell(cell: WindowCell, extra: CellExtra | undefined): CaseCell {
  const rewrite = extra?.rewrite
  return {
    ...cell,
    outcome: outcomeOf[cell.outcome] ?? null,
    error: extra?.error ? toCaseError(extra.error) : null,
    newBefore: rewrite?.newBefore ?? null,
    newAfter: rewrite?.newAfter ?? null,
    trueBefore: rewrite?.trueBefore ?? null,
    trueAfter: rewrite?.trueAfter ?? null,
  }
}
