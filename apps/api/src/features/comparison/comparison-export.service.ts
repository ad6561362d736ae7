// Evaluations as files: rows as CSV, records as `lens evaluate` writes them, and what was computed in sentences.
import { methodsText, resultsHeader } from '../../engine/results-header.js'
import type { HeaderSource } from '../../engine/results-header.js'
import { describeProtocol } from '../../engine/protocol-library.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { Viewer } from '../account/viewer.js'
import type {
  ComparedEvaluation,
  ComparisonRepository,
  ExportedRow,
} from './comparison.repository.js'
import { csvLine } from './csv-text.js'

/** Cases that are read from the database together; records are large. */
const groups = { rows: 200, records: 20 } as const
const usualBatch = 8

export class ComparisonExportService {
  readonly #repository: ComparisonRepository

  constructor(repository: ComparisonRepository) {
    this.#repository = repository
  }

  async evaluation(viewer: Viewer, id: string): Promise<ComparedEvaluation | null> {
    if (!isUuid(id)) return null
    return (await this.#repository.evaluations(viewer.projectId, [id.toLowerCase()]))[0] ?? null
  }

  async methodsText(viewer: Viewer, id: string): Promise<string> {
    const evaluation = await this.evaluation(viewer, id)
    return evaluation === null ? '' : methodsText(headerSource(evaluation))
  }

  /** One line for each case and arm. */
  async *rowsCsv(evaluation: ComparedEvaluation): AsyncGenerator<string> {
    const metrics = describeProtocol(evaluation.protocol).metrics.map(({ name }) => name)
    const armOf = new Map(evaluation.arms.map((arm) => [arm.id, arm]))
    yield csvLine([
      ...['place', 'case_id', 'relation', 'arm', 'model', 'method', 'outcome', 'error'],
      ...[...metrics, ...metrics.map((name) => `before_${name}`), 'edit_milliseconds'],
    ])
    const line = (row: ExportedRow): string => {
      const arm = armOf.get(row.armId)
      const at = (values: readonly number[]) => metrics.map((_, index) => values[index] ?? null)
      return csvLine([
        ...[row.place, row.caseId, row.relation],
        ...[arm?.name ?? '', arm?.modelName ?? '', arm?.method ?? ''],
        ...[outcomeOf(row), row.errorCode, ...at(row.metrics), ...at(row.before)],
        row.editMilliseconds,
      ])
    }
    for (let from = 0; from < evaluation.cases; from += groups.rows) {
      const rows = await this.#repository.rowsBetween(evaluation.id, from, from + groups.rows)
      yield rows.map(line).join('')
    }
  }

  /** The file that `lens report` reads: a header, the records, and an end when every case has one. */
  async *records(evaluation: ComparedEvaluation): AsyncGenerator<string> {
    const { id, cases, state, arms } = evaluation
    const { rows, failures, caseIds } = await this.#repository.resultCounts(id)
    const header = resultsHeader(headerSource(evaluation), caseIds ?? [])
    yield `${JSON.stringify(header)}\n`
    for (let from = 0; from < cases; from += groups.records) {
      const found = await this.#repository.recordsBetween(id, from, from + groups.records)
      yield found.map((record) => `${record}\n`).join('')
    }
    if (state !== 'DONE' || rows + failures < cases * arms.length) return
    const { weightsDigest } = header.model
    yield `${JSON.stringify({ kind: 'end', rows, failures, weightsDigest })}\n`
  }
}

const outcomeOf = ({ kind, skipped }: ExportedRow): string =>
  kind === 'FAILURE' ? 'failed' : skipped ? 'skipped' : 'edited'

function headerSource(evaluation: ComparedEvaluation): HeaderSource {
  const { protocol, seed, settings, datasetName, datasetFormat, datasetDigest } = evaluation
  const { cases, arms, knownCounts } = evaluation
  return {
    ...{ protocol, seed },
    casesPerBatch: settings.casesPerBatch ?? usualBatch,
    divergence: settings.divergence ?? true,
    generation: settings.generation ?? null,
    dataset: {
      ...{ file: datasetName, format: datasetFormat, digest: datasetDigest, cases },
      ...(knownCounts === null ? {} : { known: knownCounts as never }),
    },
    arms: arms as unknown as HeaderSource['arms'],
  }
}
