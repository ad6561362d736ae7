'use client'
// The losses of two edits in one plot, and their hyperparameters in one table.
import { FigureFrame } from '../../lens/figures/figure-frame'
import { LinePlotView, PlotLegend } from '../plot/line-plot'
import { chooseScale } from '../plot/line-plot-model'
import type { ComparedEdit } from './compared-edit'
import { lossSeries } from './loss-series'
import { settingRows } from './settings-model'

interface Both {
  readonly first: ComparedEdit
  readonly second: ComparedEdit
}

export function Losses(both: Both) {
  const series = lossSeries(both.first.trace, both.second.trace)
  if (series.length === 0) return null
  const steps = Math.max(...series.map(({ values }) => values.length))
  return (
    <section className="card pad">
      <FigureFrame
        title="Loss"
        caption="By step of the optimisation"
        fileName="edits-loss"
        table={() => ({
          header: ['step', ...series.map(({ name }) => name)],
          rows: Array.from({ length: steps }, (_, step) => [
            step,
            ...series.map(({ values }) => values[step] ?? null),
          ]),
        })}
      >
        <LinePlotView
          series={series}
          scale={chooseScale(series)}
          label="Loss of both edits by step"
          xTitle="step"
        />
        <PlotLegend series={series} />
      </FigureFrame>
    </section>
  )
}

const valuesOf = (edit: ComparedEdit) =>
  (edit.hyperparameters ?? {}) as Readonly<Record<string, unknown>>

export function Settings({ first, second }: Both) {
  const rows = settingRows(valuesOf(first), valuesOf(second))
  return (
    <section className="card pad" aria-labelledby="settings-title">
      <h2 id="settings-title">
        Hyperparameters <small className="muted">bold: they differ</small>
      </h2>
      <table className="plain-table settings-table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">A: {first.method}</th>
            <th scope="col">B: {second.method}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} data-differs={row.differs || undefined}>
              <th scope="row" className="mono">
                {row.name}
              </th>
              <td className="mono">{row.first ?? '–'}</td>
              <td className="mono">{row.second ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
