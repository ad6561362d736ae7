// Rank of one matrix's gradient by layer (Backward Lens, Fig. 3).
import { linearAxis } from '../../../components/linear-axis'
import type { MatrixName } from '../../../graphql/generated/graphql'
import { matrixFacts } from '../matrix-names'
import type { RunFacts } from '../use-lens-run'
import { FigureFrame } from './figure-frame'
import { LayerAxis, ValueAxis } from './axes'

const FRAME = { width: 205, height: 190, left: 26, right: 4, top: 10, bottom: 24 }

interface GradientRankProps {
  readonly run: RunFacts
  readonly matrix: MatrixName
  readonly selectedLayer: number
}

export function GradientRankFigure({ run, matrix, selectedLayer }: GradientRankProps) {
  const entries = run.gradientRank
    .filter((entry) => entry.matrix === matrix)
    .toSorted((a, b) => a.layer - b.layer)
  const most = Math.max(run.tokens.length, ...entries.map((entry) => entry.rank), 1)
  const y = linearAxis([0, most], [FRAME.height - FRAME.bottom, FRAME.top])
  const step = (FRAME.width - FRAME.left - FRAME.right) / Math.max(1, entries.length)
  const ticks = [...new Set(y.ticks(4).filter(Number.isInteger).concat(run.tokens.length))]
  const table = () => ({
    header: ['layer', 'rank', 'largest_singular_value', 'tolerance'],
    rows: entries.map(
      (entry) => [entry.layer, entry.rank, entry.largestSingularValue, entry.tolerance] as const,
    ),
  })
  return (
    <FigureFrame
      title="Rank of the gradient"
      caption={`${matrixFacts(matrix).label}, by layer; at most one per token (${run.tokens.length})`}
      fileName="gradient-rank"
      table={table}
    >
      <svg
        style={{ maxWidth: FRAME.width * 1.5 }}
        viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
        role="img"
        aria-label={`Gradient rank of ${entries.length} layers`}
      >
        <ValueAxis box={FRAME} ticks={ticks} y={y} />
        {entries.map((entry, index) => (
          <rect
            key={entry.layer}
            className="rank-bar"
            data-on={entry.layer === selectedLayer || undefined}
            x={FRAME.left + index * step + step * 0.18}
            width={step * 0.64}
            y={y(entry.rank)}
            height={y(0) - y(entry.rank)}
            rx="2"
          >
            <title>{`layer ${entry.layer}: rank ${entry.rank}`}</title>
          </rect>
        ))}
        <LayerAxis
          layers={entries.length}
          height={FRAME.height}
          x={(layer) => FRAME.left + (layer + 0.5) * step}
        />
      </svg>
    </FigureFrame>
  )
}
