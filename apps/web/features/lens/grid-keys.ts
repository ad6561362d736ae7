// Keys of the grid -> where the selection goes. Rows are counted down the page.
export interface GridPlace {
  readonly row: number
  readonly column: number
}

export interface GridExtent {
  readonly rows: number
  readonly columns: number
}

const PAGE = 8

type Move = (place: GridPlace, extent: GridExtent) => GridPlace

const MOVES: Readonly<Record<string, Move>> = {
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, { columns }) => ({ row, column: columns - 1 }),
  'Control+Home': () => ({ row: 0, column: 0 }),
  'Control+End': (_, { rows, columns }) => ({ row: rows - 1, column: columns - 1 }),
  PageUp: ({ row, column }) => ({ row: row - PAGE, column }),
  PageDown: ({ row, column }) => ({ row: row + PAGE, column }),
}

const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value))

export function moveInGrid(
  key: string,
  control: boolean,
  place: GridPlace,
  extent: GridExtent,
): GridPlace | null {
  const move = MOVES[control ? `Control+${key}` : key]
  if (!move) return null
  const next = move(place, extent)
  return { row: within(next.row, extent.rows), column: within(next.column, extent.columns) }
}
