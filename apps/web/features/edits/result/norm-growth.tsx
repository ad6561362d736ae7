'use client'
// How strong the change of each matrix is, beside the matrix itself, and what that usually means.
import { FigureFrame } from '../../lens/figures/figure-frame'
import { matrixFacts } from '../../lens/matrix-names'
import { showNumber } from '../../lens/numbers'
import { LevelBadge } from '../badges'
import { LEVELS } from '../edit-words'
import type { EditFacts } from './effect-model'

type Growth = EditFacts['growth'][number]

const ROW = 24
const WIDTH = 560
const LEFT = 150
const RIGHT = 70
const LIMITS = [1, 3] as const

function Bars({ growth }: { readonly growth: readonly Growth[] }) {
  const most = Math.max(...growth.map(({ spectral }) => spectral), 1) * 1.05
  const x = (value: number) => LEFT + (value / most) * (WIDTH - LEFT - RIGHT)
  const height = growth.length * ROW + 22
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${height}`}
      style={{ maxWidth: WIDTH }}
      role="img"
      aria-label="Spectral ratio of each changed matrix"
    >
      {LIMITS.filter((limit) => limit <= most).map((limit) => (
        <g key={limit}>
          <line className="axis" x1={x(limit)} x2={x(limit)} y1={0} y2={height - 18} />
          <text x={x(limit)} y={height - 5} textAnchor="middle">
            {limit}
          </text>
        </g>
      ))}
      {growth.map((row, index) => (
        <g key={`${row.layer}${row.matrix}`}>
          <text className="mono strong" x={LEFT - 8} y={index * ROW + 16} textAnchor="end">
            {row.layer} {matrixFacts(row.matrix).label}
          </text>
          <rect
            className="growth-bar"
            data-level={LEVELS[row.level].slug}
            x={LEFT}
            y={index * ROW + 4}
            width={Math.max(1, x(row.spectral) - LEFT)}
            height={ROW - 8}
            rx="2"
          />
          <text x={x(row.spectral) + 8} y={index * ROW + 16}>
            {showNumber(row.spectral, 3)}
          </text>
        </g>
      ))}
    </svg>
  )
}

export function NormGrowth({ growth }: { readonly growth: readonly Growth[] }) {
  if (growth.length === 0) return <p className="muted">No matrix is changed.</p>
  const worst = growth.toSorted((a, b) => b.spectral - a.spectral)[0]
  return (
    <div className="norm-growth" data-testid="norm-growth">
      {worst && (
        <p>
          <LevelBadge level={worst.level} /> {worst.explanation}
        </p>
      )}
      <FigureFrame
        title="Strength of the change"
        caption="Largest singular value of the change over that of the matrix; from 1 it is large, from 3 likely to break the model"
        fileName="edit-norms"
        table={() => ({
          header: [
            'layer',
            'matrix',
            'spectral_ratio',
            'change_norm',
            'matrix_norm',
            'relative',
            'level',
          ],
          rows: growth.map((row) => [
            row.layer,
            matrixFacts(row.matrix).label,
            row.spectral,
            row.change,
            row.matrixNorm,
            row.relative,
            LEVELS[row.level].label,
          ]),
        })}
      >
        <Bars growth={growth} />
      </FigureFrame>
    </div>
  )
}
