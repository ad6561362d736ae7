'use client'
// The cases behind the means: histograms of each method, or two methods against each other.
import { Choice } from '../../../components/choice'
import { Segmented } from '../../../components/segmented'
import { ChartTalkControls, useChartTalk } from '../../comments/chart/chart-talk'
import { PlotFrame } from '../../figures/frame/plot-frame'
import type { FigureTable } from '../../lens/figures/figure-frame'
import { densityName, spreadName } from '../chart-names'
import { chosenIn } from '../chosen'
import { armLabels, columnsOf, type Column, type Comparison } from '../comparison-model'
import type { ComparedIds } from '../comparison-input'
import { DensityDrawing, densityPair, useDensity, type Density } from './density'
import {
  AXIS_HEIGHT,
  DistributionsDrawing,
  MOST_ROWS,
  ROW_HEIGHT,
  useHistograms,
  type Histogram,
} from './distributions'
import { MetricChoice } from './metric-choice'
import type { PlotProps } from './trade-off'

const HEIGHT = MOST_ROWS * ROW_HEIGHT + AXIS_HEIGHT

const SPREADS = [
  { value: 'distributions', label: 'Each method' },
  { value: 'density', label: 'Two methods' },
] as const

const CAPTIONS = {
  density: 'Darker for more cases (logarithmic). Pull a box, or choose a place, to see them.',
  distributions:
    'Cases by value; heights are square roots, so that few cases stay in view. Pull over bars, or choose one, to see their cases.',
} as const

function histogramTable(histograms: readonly Histogram[]): FigureTable {
  return {
    header: ['method', 'from', 'to', 'cases'],
    rows: histograms.flatMap(({ label, edges, counts }) =>
      counts.map((count, bin) => [label, edges[bin], edges[bin + 1], count]),
    ),
  }
}

function densityTable(density: Density | null): FigureTable {
  return {
    header: ['x_from', 'x_to', 'y_from', 'y_to', 'cases'],
    rows: (density?.cells ?? []).map(({ x, y, count }) => [
      density?.xEdges[x],
      density?.xEdges[x + 1],
      density?.yEdges[y],
      density?.yEdges[y + 1],
      count,
    ]),
  }
}

interface PairChoiceProps extends PlotProps {
  readonly pair: readonly [string, string]
}

function PairChoice({ comparison, change, pair }: PairChoiceProps) {
  const labels = armLabels(comparison.arms)
  const options = comparison.arms.map(({ id }) => ({ value: id, label: labels.get(id) ?? '' }))
  return (
    <>
      <Choice
        caption="Across"
        value={pair[0]}
        options={options}
        onChange={(id) => change({ densityArms: [id, pair[1]] })}
      />
      <Choice
        caption="Up"
        value={pair[1]}
        options={options}
        onChange={(id) => change({ densityArms: [pair[0], id] })}
      />
    </>
  )
}

function shownColumn(columns: readonly Column[], metric: string | null): Column {
  const ofCases = columns.filter(({ isScore }) => !isScore)
  return ofCases.find(({ name }) => name === metric) ?? ofCases[Math.min(1, ofCases.length - 1)]!
}

/** What the axes of the plot mean: regions on others are others. */
function chartName(
  { arms }: Comparison,
  column: Column,
  pair: readonly [string, string] | null,
): string {
  if (!pair) return spreadName(column)
  const labels = armLabels(arms)
  const labelOf = (id: string) => labels.get(id) ?? id
  return densityName(column, [labelOf(pair[0]), labelOf(pair[1])])
}

export function SpreadCard({ ids, ...props }: PlotProps & { readonly ids: ComparedIds }) {
  const { comparison, view, change } = props
  const columns = columnsOf(comparison)
  const column = shownColumn(columns, view.metric)
  const pair = densityPair(comparison, view)
  const dense = view.spread === 'density'
  const { histograms, error: spreadError } = useHistograms(ids, props, column, dense)
  const { density, error: densityError } = useDensity(ids, view, pair, column, !dense)
  const failed = dense ? densityError : spreadError
  const talk = useChartTalk(chartName(comparison, column, dense ? pair : null), chosenIn(view))
  return (
    <section className="card plot-card">
      <PlotFrame
        level="h2"
        title={
          <>
            <span className="plot-title">{column.label}</span> case by case
          </>
        }
        name={`${column.label} case by case`}
        caption={failed ? 'The API did not answer.' : CAPTIONS[view.spread]}
        fileName={dense ? 'density' : 'distributions'}
        height={HEIGHT}
        table={() => (dense ? densityTable(density) : histogramTable(histograms))}
        controls={
          <>
            <Segmented
              label="What is drawn"
              value={view.spread}
              segments={SPREADS}
              onChange={(spread) => change({ spread })}
            />
            <MetricChoice
              caption="Metric"
              columns={columns.filter(({ isScore }) => !isScore)}
              value={column.name}
              onChange={(metric) => change({ metric })}
            />
            {dense && <PairChoice {...props} pair={pair} />}
            <ChartTalkControls talk={talk} title={`${column.label} case by case`} />
          </>
        }
        draw={(size) =>
          dense
            ? density && (
                <DensityDrawing
                  {...{ density, comparison, view, change, pair, column, size, talk }}
                  height={HEIGHT}
                />
              )
            : histograms.length > 0 && (
                <DistributionsDrawing {...props} {...{ histograms, column, size, talk }} />
              )
        }
      />
    </section>
  )
}
