// A figure -> the table behind it.
import type { FigureTable } from '../../lens/figures/figure-frame'
import type { FigureData } from './figure-data'

export function figureTable(data: FigureData): FigureTable {
  if (data.form === 'table') {
    const columns = data.columns ?? []
    return {
      header: [data.y.label, data.x.label, 'text', 'value'],
      rows: (data.rows ?? []).flatMap(({ name, cells }) =>
        cells.map(({ text, value }, at) => [name, columns[at] ?? String(at), text, value]),
      ),
    }
  }
  if (data.form === 'heatmap')
    return {
      header: [data.y.label, data.x.label, 'mean', 'low', 'high', 'n'],
      rows: (data.cells ?? []).map(({ x, y, mean, low, high, n }) => [
        data.y.names?.[y] ?? y,
        data.x.names?.[x] ?? x,
        mean,
        low,
        high,
        n,
      ]),
    }
  return {
    header: ['series', data.x.label, 'mean', 'low', 'high', 'n'],
    rows: data.series.flatMap(({ name, points }) =>
      points.map(({ x, mean, low, high, n }) => [name, data.x.names?.[x] ?? x, mean, low, high, n]),
    ),
  }
}
