// A mean with its interval on the scale of its column; what lies beyond the scale points there.
import { placeIn, type CellValue, type Domain } from './table-model'

const WIDTH = 88
const HEIGHT = 18
const PAD = 5
const MIDDLE = HEIGHT / 2

interface IntervalMarkProps {
  readonly cell: CellValue
  readonly domain: Domain
  readonly hollow?: boolean
}

const along = (place: number): number => PAD + Math.min(1, Math.max(0, place)) * (WIDTH - 2 * PAD)

function Beyond({ side }: { readonly side: 'low' | 'high' }) {
  const [x, tip] = side === 'low' ? [PAD + 4, PAD - 2] : [WIDTH - PAD - 4, WIDTH - PAD + 2]
  return (
    <path className="mark-beyond" d={`M${x} ${MIDDLE - 4}L${tip} ${MIDDLE}L${x} ${MIDDLE + 4}Z`} />
  )
}

export function IntervalMark({ cell, domain, hollow = false }: IntervalMarkProps) {
  const mean = placeIn(domain, cell.mean)
  const [low, high] = [placeIn(domain, cell.low), placeIn(domain, cell.high)]
  const beyond = mean === null ? null : mean < -0.001 ? 'low' : mean > 1.001 ? 'high' : null
  return (
    <svg
      className="interval-mark"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden
      data-hollow={hollow || undefined}
    >
      <line className="mark-rule" x1={PAD} x2={WIDTH - PAD} y1={MIDDLE} y2={MIDDLE} />
      {beyond && <Beyond side={beyond} />}
      {!beyond && low !== null && high !== null && (
        <>
          <rect
            className="mark-band"
            x={along(low)}
            width={Math.max(1, along(high) - along(low))}
            y={MIDDLE - 4}
            height={8}
            rx={1.5}
          />
          <path
            className="mark-ends"
            d={`M${along(low)} ${MIDDLE - 6}v12M${along(high)} ${MIDDLE - 6}v12`}
          />
        </>
      )}
      {!beyond && mean !== null && (
        <circle className="mark-dot" cx={along(mean)} cy={MIDDLE} r={3.4} />
      )}
    </svg>
  )
}
