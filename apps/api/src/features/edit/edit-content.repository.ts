// What computed edits consist of: records, readings, effects and deltas; read for pages, rebuilt for the engine, stored under
// the lease of the task that computed them.
import type { Database } from '../../database/index.js'
import type { ComputedEdit, Edit as EngineEdit } from '../../engine/engine-vocabulary.js'
import { toEngineEdit } from '../../engine/stored-edit.js'
import type { EditRecord, StoredDelta } from '../../engine/stored-edit.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'

export type EditResultRow = EditRecordRow & Omit<ComputedEdit, 'edit' | 'predicted'>

interface EditRecordRow {
  readonly editId: string
  readonly record: EditRecord
}

/** A delta without its numbers. */
export interface DeltaHead extends Omit<StoredDelta, 'first' | 'second' | 'bias'> {
  readonly editId: string
  readonly bytes: number
  readonly hasBias: boolean
}

export class EditContentRepository {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** What pages show, by edit; those that are not computed are left out. */
  async results(editIds: readonly string[]): Promise<Map<string, EditResultRow>> {
    const rows = await this.#database.prisma.editResult.findMany({
      where: { editId: { in: [...editIds] } },
    })
    return new Map(rows.map((row) => [row.editId, row as unknown as EditResultRow]))
  }

  async deltaHeads(editIds: readonly string[]): Promise<Map<string, DeltaHead[]>> {
    const rows = await this.#database.prisma.$queryRaw<(DeltaHead & { matrix: MatrixNameKey })[]>`
      SELECT "edit_id" AS "editId", "place", "layer", "matrix"::text AS "matrix", "kind", "rank",
        "input_width" AS "inputWidth", "output_width" AS "outputWidth", "norm", "bias" IS NOT NULL AS "hasBias",
        length("first") + coalesce(length("second"), 0) + coalesce(length("bias"), 0) AS "bytes"
      FROM "edit_delta" WHERE "edit_id" = ANY(${[...editIds]}::uuid[]) ORDER BY "edit_id", "place"`
    return groupByEdit(rows)
  }

  /** Whole edits in the order of their ids, verified; null in the place of one that is not there or not computed. */
  async load(editIds: readonly string[]): Promise<(EngineEdit | null)[]> {
    const where = { editId: { in: [...editIds] } }
    const { editResult, editDelta } = this.#database.prisma
    const [records, deltas] = await Promise.all([
      editResult.findMany({ where, select: { editId: true, record: true } }),
      editDelta.findMany({ where, orderBy: { place: 'asc' } }),
    ])
    const recordOf = new Map(
      records.map((row) => [row.editId, row.record as unknown as EditRecord]),
    )
    const deltasOf = groupByEdit(deltas)
    return editIds.map((id) => {
      const record = recordOf.get(id)
      return record === undefined ? null : toEngineEdit(record, deltasOf.get(id) ?? [])
    })
  }
}

function groupByEdit<Row extends { readonly editId: string }>(
  rows: readonly Row[],
): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(row.editId, [...(groups.get(row.editId) ?? []), row])
  return groups
}
