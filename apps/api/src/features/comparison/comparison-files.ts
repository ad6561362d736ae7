// A comparison -> CSV: one line for each number, whether it was measured, is of the unedited model, or was published.
import type { Comparison, MetricEstimate } from './comparison.type.js'
import { csvLine } from './csv-text.js'
import type { CsvValue } from './csv-text.js'

const columns = [
  ...['row', 'arm', 'model', 'method', 'evaluation', 'metric', 'mean', 'low', 'high', 'n'],
  ...['missing', 'sd', 'wilson_low', 'wilson_high', 'published_spread', 'source'],
] as const

type Line = Readonly<Partial<Record<(typeof columns)[number], CsvValue>>>

export function comparisonCsv(comparison: Comparison): string {
  const lines = [...measuredLines(comparison), ...publishedLines(comparison)]
  const body = lines.map((line) => csvLine(columns.map((column) => line[column] ?? null)))
  return csvLine(columns) + body.join('')
}

function measuredLines({ arms, estimates, before }: Comparison): Line[] {
  const armOf = new Map(arms.map((arm) => [arm.id, arm]))
  const line = (row: string) => (one: MetricEstimate) => {
    const arm = armOf.get(one.armId)
    const numbers = { mean: one.mean, low: one.low, high: one.high, n: one.n, sd: one.sd }
    return {
      ...{ row, ...numbers, metric: one.metric, missing: one.missing },
      arm: row === 'unedited' ? 'unedited' : (arm?.label ?? ''),
      model: arm?.modelName ?? '',
      method: row === 'unedited' ? null : (arm?.method ?? ''),
      evaluation: arm?.evaluationName ?? '',
      ...{ wilson_low: one.wilsonLow, wilson_high: one.wilsonHigh },
    }
  }
  return [...before.map(line('unedited')), ...estimates.map(line('measured'))]
}

function publishedLines({ published }: Comparison): Line[] {
  return published.flatMap(({ rows, source, spread, cases }) =>
    rows.flatMap(({ model, method, cells }) =>
      cells.map((cell) => ({
        ...{ row: 'published', model, method, source, n: cases, metric: cell.metric },
        ...{ mean: cell.mean, published_spread: cell.spread },
        arm: spread === 'none' ? null : `± is ${spread}`,
      })),
    ),
  )
}

const differenceColumns = [
  ...['metric', 'first', 'second', 'difference', 'low', 'high', 'n', 'p', 'adjusted_p', 'test'],
  ...['significant', 'only_first', 'only_second'],
]

export function differencesCsv({ arms, differences }: Comparison): string {
  const label = (id: string): string => arms.find((arm) => arm.id === id)?.label ?? ''
  const lines = differences.map((one) =>
    csvLine([
      ...[one.metric, label(one.firstArmId), label(one.secondArmId)],
      ...[one.difference, one.low, one.high, one.n, one.p, one.adjustedP, one.test],
      ...[one.significant, one.onlyFirst, one.onlySecond],
    ]),
  )
  return csvLine(differenceColumns) + lines.join('')
}
