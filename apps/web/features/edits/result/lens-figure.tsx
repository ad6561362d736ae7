'use client'
// The logit lens at the prompt's last position, layer by layer, before and after.
import { FigureFrame } from '../../lens/figures/figure-frame'
import { showCount } from '../../lens/numbers'
import { showToken } from '../../lens/token-text'
import { showChance } from '../chance'
import { LinePlotView, PlotLegend } from '../plot/line-plot'
import type { Series } from '../plot/line-plot-model'
import { layerName, lensRows, type LayerEffect } from './effect-model'

interface LensFigureProps {
  readonly lens: readonly LayerEffect[]
  readonly target: string
  readonly truth: string | null
}

const topOf = (tokens: LayerEffect['before']) => tokens[0]

function Said({ tokens }: { readonly tokens: LayerEffect['before'] }) {
  const top = topOf(tokens)
  if (!top) return <td className="faint">–</td>
  return (
    <td>
      <span className="mono">{showToken(top.text)}</span>{' '}
      <small className="muted tabular">{showChance(top.probability)}</small>
    </td>
  )
}

const place = (rank: number | null) => (rank === null ? '–' : showCount(rank + 1))

function LayerTable({ lens }: { readonly lens: readonly LayerEffect[] }) {
  return (
    <table className="lens-table" data-testid="lens-before-after">
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col">Says before</th>
          <th scope="col">Says after</th>
          <th scope="col">Place of target</th>
        </tr>
      </thead>
      <tbody>
        {lensRows(lens).map((row) => (
          <tr
            key={row.layer}
            data-changed={topOf(row.before)?.id !== topOf(row.after)?.id || undefined}
          >
            <th scope="row">{layerName(row.layer)}</th>
            <Said tokens={row.before} />
            <Said tokens={row.after} />
            <td className="tabular">
              {place(row.targetRankBefore)} → <b>{place(row.targetRankAfter)}</b>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

export function LensFigure({ lens, target, truth }: LensFigureProps) {
  const rows = lens.toSorted((a, b) => a.layer - b.layer)
  const series: readonly Series[] = [
    { name: `${target} before`, values: rows.map((row) => row.targetRankBefore), tone: 'quiet' },
    { name: `${target} after`, values: rows.map((row) => row.targetRankAfter), tone: 'first' },
    ...(truth === null
      ? []
      : [
          {
            name: `${truth} after`,
            values: rows.map((row) => row.truthRankAfter),
            tone: 'second',
          } as const,
        ]),
  ]
  return (
    <div className="two-columns">
      <LayerTable lens={lens} />
      <FigureFrame
        title={`Where ${target} stands`}
        caption="Rank in the lens by layer (log); 0 is the most probable"
        fileName="edit-lens"
        table={() => ({
          header: [
            'layer',
            'before',
            'after',
            'target_before',
            'target_after',
            'truth_before',
            'truth_after',
          ],
          rows: rows.map((row) => [
            layerName(row.layer),
            topOf(row.before)?.text,
            topOf(row.after)?.text,
            row.targetRankBefore,
            row.targetRankAfter,
            row.truthRankBefore,
            row.truthRankAfter,
          ]),
        })}
      >
        <LinePlotView
          series={series}
          scale="rank"
          label={`Rank of ${target} by layer before and after`}
          xTitle="layer"
          xName={(index) => layerName(rows[index]?.layer ?? index)}
        />
        <PlotLegend series={series} />
      </FigureFrame>
    </div>
  )
}
