// Where the target stands, by layer and position.
import type { GridModel, GridSource } from '../grid-model'
import { showCount } from '../numbers'
import { FigureFrame } from './figure-frame'
import { LayerAxis, ValueAxis } from './axes'
import {
  rankFigure,
  rankScales,
  rankTicks,
  spreadLabels,
  stretches,
  type RankFigure,
  type RankLine,
} from './rank-figure-model'

const FRAME = { width: 310, height: 190, left: 44, right: 78, top: 12, bottom: 24 }

interface RankFigureProps {
  readonly source: GridSource
  readonly columns: GridModel['columns']
  readonly vocabularySize: number
  readonly selected: number
  readonly what: string
  readonly target: string
}

function lastPlace(line: RankLine): { layer: number; place: number } | null {
  const layer = line.places.findLastIndex((place) => place !== null)
  return layer < 0 ? null : { layer, place: line.places[layer] ?? 0 }
}

interface DrawnProps {
  readonly figure: RankFigure
  readonly x: (layer: number) => number
  readonly y: (place: number) => number
}

function RankLines({ figure, x, y }: DrawnProps) {
  return figure.lines.map((line) => (
    <g key={line.position} className="rank-line" data-emphasis={line.emphasis}>
      <title>{`${line.position} ${line.token}`}</title>
      {stretches(line.places, (layer, place) => ({ x: x(layer), y: y(place) })).map(
        (points, index) =>
          points.length === 1 ? (
            <circle key={index} cx={points[0]?.x} cy={points[0]?.y} r="2.6" />
          ) : (
            <polyline
              key={index}
              points={points
                .map((point) => `${point.x.toFixed(1)},${point.y.toFixed(1)}`)
                .join(' ')}
            />
          ),
      )}
    </g>
  ))
}

function RankLabels({ figure, x, y }: DrawnProps) {
  const ends = figure.lines.flatMap((line) => {
    const end = lastPlace(line)
    return end ? [{ line, x: x(end.layer), y: y(end.place) }] : []
  })
  const few = ends.length > 9 ? ends.filter(({ line }) => line.emphasis !== 'other') : ends
  return spreadLabels(few, 12, FRAME.height - FRAME.bottom + 4).map((label) => (
    <text
      key={label.line.position}
      className="rank-label mono"
      data-emphasis={label.line.emphasis}
      x={FRAME.width - FRAME.right + 8}
      y={label.at + 3.5}
    >
      {label.line.token.slice(0, 11)}
    </text>
  ))
}

export function RankFigureView({
  source,
  columns,
  vocabularySize,
  selected,
  what,
  target,
}: RankFigureProps) {
  const figure = rankFigure(source, columns, vocabularySize, selected)
  const { layers } = source.grid
  const { x, y } = rankScales(figure, layers, FRAME)
  const table = () => ({
    header: ['position', 'token', 'layer', figure.fromLast ? 'places_from_last' : 'rank'],
    rows: figure.lines
      .toSorted((a, b) => a.position - b.position)
      .flatMap((line) =>
        line.places.map((place, layer) => [line.position, line.token, layer, place] as const),
      ),
  })
  return (
    <FigureFrame
      title={`Where ${target} stands`}
      caption={`${what}: places from the ${figure.fromLast ? 'least' : 'most'} probable token, by layer (log)`}
      fileName="target-rank"
      table={table}
    >
      <svg
        style={{ maxWidth: FRAME.width * 1.4 }}
        viewBox={`0 0 ${FRAME.width} ${FRAME.height}`}
        role="img"
        aria-label={`Rank of ${target} by layer for ${figure.lines.length} positions`}
      >
        <ValueAxis box={FRAME} ticks={rankTicks(figure.most)} y={y} format={showCount} />
        <LayerAxis layers={layers} height={FRAME.height} x={x} />
        <RankLines figure={figure} x={x} y={y} />
        <RankLabels figure={figure} x={x} y={y} />
      </svg>
    </FigureFrame>
  )
}
