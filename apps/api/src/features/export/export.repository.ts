// Rows of a run, an edit or an evaluation -> what its export file holds. Ids of this database stay out of the content.
import type { Database } from '../../database/index.js'
import type {
  EditContent,
  EditRow,
  EvaluationContent,
  EvaluationRow,
  RunContent,
  RunRow,
} from './contents.js'
import type { ExportSource } from './export-file.js'

export type Found = Omit<ExportSource, 'kind' | 'provenance'> & {
  readonly authorId: string
  readonly createdAt: Date
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
/** Rows of an evaluation that are read together. */
const rowsAtOnce = 200

export class ExportRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** Null without a run that is done. */
  async run(projectId: string, id: string): Promise<Found | null> {
    const { prisma } = this.#database
    const run = await prisma.lensRun.findFirst({
      where: { id, projectId, state: 'DONE' },
      include: { model: true, result: true, projections: true, layers: true },
    })
    if (run === null || run.result === null || run.loss === null) return null
    const { promptText, targetText, promptIds, targetIds, targetMode, lens, topK, name } = run
    const content: RunContent = {
      ...{ model: modelOf(run.model), name, promptText, targetText, promptIds, targetIds },
      ...{ targetMode, lens, topK, matrices: run.matrices, provider: run.provider },
      edits: (await this.#editDigests(run.editIds)).map((digest) => ({ digest })),
      ...{ configDigest: run.configDigest, loss: run.loss },
      promptLength: run.promptLength ?? promptIds.length,
      summary: run.result.summary as Record<string, unknown>,
      receipt: run.result.receipt as Record<string, unknown>,
    }
    const rows: RunRow[] = [
      ...run.projections.map(({ layer, matrix, cells }) => ({
        ...{ layer, matrix, kind: null, cells: base64(cells) },
      })),
      ...run.layers.map(({ layer, kind, cells }) => ({
        ...{ layer, matrix: null, kind, cells: base64(cells) },
      })),
    ]
    return { content, rows: rows.sort(byPlace), authorId: run.authorId, createdAt: run.createdAt }
  }

  /** Null without an edit that is computed. */
  async edit(projectId: string, id: string): Promise<Found | null> {
    const { prisma } = this.#database
    const edit = await prisma.edit.findFirst({
      where: { id, projectId, digest: { not: null } },
      include: { model: true, result: true, deltas: { orderBy: { place: 'asc' } } },
    })
    if (edit === null || edit.result === null) return null
    const { record, effect, readings, growth } = edit.result
    const { name, method, seed, skipReason, warnings } = edit
    const content = {
      ...{ model: modelOf(edit.model), name, method, seed, skipReason, warnings },
      ...{ requests: edit.requests, probes: edit.probes, hyperparameters: edit.hyperparameters },
      onTopOf: await this.#editDigests(edit.onTopOf),
      ...{ digest: edit.digest, summary: edit.summary ?? {} },
      ...{ record, effect, readings, growth },
      receipt: (record as { receipt?: object }).receipt ?? {},
    } as unknown as EditContent
    const rows = edit.deltas.map(({ editId: _id, first, second, bias, ...delta }) => ({
      ...delta,
      first: base64(first),
      second: second === null ? null : base64(second),
      bias: bias === null ? null : base64(bias),
    })) as EditRow[]
    return { content, rows, authorId: edit.authorId, createdAt: edit.createdAt }
  }

  /** Null without an evaluation that is done. */
  async evaluation(projectId: string, id: string): Promise<Found | null> {
    const { prisma } = this.#database
    const row = await prisma.evaluation.findFirst({
      where: { id, projectId, state: 'DONE' },
      include: {
        slice: { include: { dataset: true, knownByModel: true } },
        arms: { include: { model: true }, orderBy: { place: 'asc' } },
      },
    })
    if (row === null) return null
    const { slice, arms } = row
    const content = {
      ...{ name: row.name, note: row.note, protocol: row.protocol, seed: row.seed },
      ...{ settings: row.settings, cases: row.cases },
      dataset: { digest: slice.dataset.digest, name: slice.dataset.name },
      slice: {
        ...{ name: slice.name, definition: slice.definition, places: slice.places },
        digest: slice.digest,
        knownBy: slice.knownByModel === null ? null : modelOf(slice.knownByModel),
        knownCounts: slice.knownCounts,
      },
      arms: arms.map(
        ({ name, model, method, hyperparameters, defaults, computedWith, receipt }) => ({
          ...{
            name,
            model: modelOf(model),
            method,
            hyperparameters,
            defaults,
            computedWith,
            receipt,
          },
        }),
      ),
    } as unknown as EvaluationContent
    const rows = this.#caseRows(
      id,
      arms.map((arm) => arm.id),
    )
    return { content, rows, authorId: row.authorId, createdAt: row.createdAt }
  }

  /** In the order of arms and places. */
  async *#caseRows(evaluationId: string, armIds: readonly string[]): AsyncGenerator<EvaluationRow> {
    for (const [arm, armId] of armIds.entries()) {
      for (let from = -1; ;) {
        const rows = await this.#database.prisma.caseResult.findMany({
          where: { evaluationId, armId, place: { gt: from } },
          orderBy: { place: 'asc' },
          take: rowsAtOnce,
        })
        for (const row of rows) yield toRow(arm, row as never)
        if (rows.length < rowsAtOnce) break
        from = rows.at(-1)?.place ?? from
      }
    }
  }

  /** In order; those deleted meanwhile or not computed are left out. */
  async #editDigests(ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return []
    const rows = await this.#database.prisma.edit.findMany({ where: { id: { in: [...ids] } } })
    const digestOf = new Map(rows.map(({ id, digest }) => [id, digest]))
    return ids.map((id) => digestOf.get(id)).filter((one): one is string => typeof one === 'string')
  }
}

const modelOf = ({ digest, name }: { digest: string; name: string }) => ({ digest, name })

const placeOf = ({ layer, matrix, kind }: RunRow): string =>
  `${String(layer).padStart(6, '0')}/${matrix ?? '~'}/${kind ?? ''}`
const byPlace = (a: RunRow, b: RunRow): number => (placeOf(a) < placeOf(b) ? -1 : 1)

/** JSON has no NaN: what is not available is null in the file. */
const orNull = (values: readonly number[]) =>
  values.map((value) => (Number.isFinite(value) ? value : null))

function toRow(arm: number, row: EvaluationRow & { metrics: number[]; before: number[] }) {
  const { place, kind, caseId, relation, prompts, record } = row
  const { editMilliseconds, measureMilliseconds, peakBytes } = row
  return {
    ...{ arm, place, kind, caseId, relation, prompts, record },
    ...{ metrics: orNull(row.metrics), before: orNull(row.before) },
    ...{ editMilliseconds, measureMilliseconds, peakBytes },
  }
}
