// What is known so far: methods as rows, metrics as columns, each with an interval that narrows as cases come in.
import type { CSSProperties } from 'react'
import { formatCsv } from '../../../components/csv'
import { saveFile } from '../../../components/save-file'
import { showCount, showNumber } from '../../lens/numbers'
import {
  axisOf,
  indexPartials,
  partialOf,
  placeOn,
  shownMetrics,
  showSpread,
  type Axis,
  type LiveEvaluation,
  type Metric,
  type Partial,
  type Progress,
} from './progress-model'

interface CellProps {
  readonly metric: Metric
  readonly partial: Partial | null
  readonly axis: Axis
}

const digits = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : showNumber(value, Math.abs(value) < 10 ? 2 : 3)

function describe({ metric, partial }: Pick<CellProps, 'metric' | 'partial'>): string {
  if (!partial || partial.mean === null) return `${metric.label}: nothing measured yet`
  const { mean, low, high, n } = partial
  const shown = digits
  const interval = low !== null && high !== null ? `, 95% from ${shown(low)} to ${shown(high)}` : ''
  return `${metric.label}: ${shown(mean)}${interval}, n = ${showCount(n)}`
}

function PartialCell({ metric, partial, axis }: CellProps) {
  if (!partial || partial.mean === null)
    return (
      <td className="partial" title={describe({ metric, partial })}>
        <span className="faint">–</span>
      </td>
    )
  const { mean, low, high } = partial
  const at = (value: number) => placeOn(axis, value)
  const from = at(low ?? mean)
  const style = {
    '--at': `${at(mean).toFixed(2)}%`,
    '--from': `${from.toFixed(2)}%`,
    '--wide': `${(at(high ?? mean) - from).toFixed(2)}%`,
  } as CSSProperties
  return (
    <td className="partial" title={describe({ metric, partial })}>
      <span className="partial-cell">
        <span className="partial-bar" style={style} aria-hidden>
          <i />
          <b />
        </span>
        <span className="tabular partial-numbers">
          <b>{digits(mean)}</b>
          <small className="muted">{showSpread(partial, digits)}</small>
        </span>
      </span>
    </td>
  )
}

function partialsCsv(evaluation: LiveEvaluation, progress: Progress): string {
  const index = indexPartials(progress.partial)
  const { metrics } = evaluation.protocol
  const rows = evaluation.arms.flatMap((arm) =>
    metrics.flatMap(({ name }) => {
      const found = partialOf(index, arm.id, name)
      return found
        ? [[arm.name, arm.model.name, name, found.n, found.mean, found.low, found.high]]
        : []
    }),
  )
  return formatCsv(['arm', 'model', 'metric', 'n', 'mean', 'low', 'high'], rows)
}

interface PartialTableProps {
  readonly evaluation: LiveEvaluation
  readonly progress: Progress
}

const ARROWS = { HIGHER: '↑', LOWER: '↓', NEITHER: '' } as const

function Head({ metrics }: { readonly metrics: readonly Metric[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">Arm</th>
        {metrics.map((metric) => (
          <th key={metric.name} scope="col" title={metric.description}>
            {metric.label} <span className="faint">{ARROWS[metric.better]}</span>
            {metric.unit && !metric.label.includes(metric.unit) && (
              <small className="muted">{metric.unit}</small>
            )}
          </th>
        ))}
        <th scope="col" className="number">
          Cases
        </th>
      </tr>
    </thead>
  )
}

/** Cases of an arm by now: the most that any of its metrics has. */
const casesOf = (armId: string, partials: readonly Partial[]): number =>
  Math.max(0, ...partials.filter((partial) => partial.armId === armId).map(({ n }) => n))

export function PartialTable({ evaluation, progress }: PartialTableProps) {
  const metrics = shownMetrics(evaluation.protocol.metrics, progress.partial)
  const index = indexPartials(progress.partial)
  const axes = new Map(metrics.map((metric) => [metric.name, axisOf(metric, progress.partial)]))
  const severalModels = new Set(evaluation.arms.map(({ model }) => model.id)).size > 1
  return (
    <section className="card partial-card" aria-label="Results so far">
      <div className="card-head">
        <h2 className="grow">
          So far{' '}
          <small className="muted">means with 95% intervals, over the cases each arm has</small>
        </h2>
        <button
          type="button"
          className="button small"
          onClick={() =>
            saveFile(`${evaluation.name}-so-far.csv`, partialsCsv(evaluation, progress), 'text/csv')
          }
        >
          CSV
        </button>
      </div>
      <div className="table-scroll" tabIndex={0} role="region" aria-label="Results so far, table">
        <table
          className="partial-table"
          data-testid="partial-table"
          style={{ minWidth: 300 + metrics.length * 150 }}
        >
          <Head metrics={metrics} />
          <tbody>
            {evaluation.arms.map((arm) => (
              <tr key={arm.id} data-testid="partial-row">
                <th scope="row" title={arm.methodTitle}>
                  <span className="mono">{arm.name}</span>
                  {severalModels && !arm.name.includes(arm.model.name) && (
                    <small className="muted"> {arm.model.name}</small>
                  )}
                </th>
                {metrics.map((metric) => (
                  <PartialCell
                    key={metric.name}
                    metric={metric}
                    partial={partialOf(index, arm.id, metric.name)}
                    axis={axes.get(metric.name) ?? { from: 0, to: 1 }}
                  />
                ))}
                <td className="number tabular">{showCount(casesOf(arm.id, progress.partial))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
