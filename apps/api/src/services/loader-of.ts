// Ids that are asked for in one tick -> one question to the database.
import DataLoader from 'dataloader'

type Found<Value> = (ids: readonly string[]) => Promise<ReadonlyMap<string, Value>>

/** @param missing what an id has that was not found */
export function loaderOf<Value, Missing>(
  find: Found<Value>,
  missing: Missing,
): DataLoader<string, Value | Missing> {
  return new DataLoader(async (ids) => {
    const found = await find(ids)
    return ids.map((id) => found.get(id) ?? missing)
  })
}

export const byId = <Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row.id, row]))
