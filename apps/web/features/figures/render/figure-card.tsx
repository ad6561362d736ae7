'use client'
// One figure of a set: caption, what to look for, the drawing with its intervals, data and files; a part while it is computed.
import { CopyText } from '../../../components/copy-text'
import type { FigureInfoPartsFragment } from '../../../graphql/generated/graphql'
import { PlotFrame } from '../frame/plot-frame'
import { cellsHeight, CellsDrawing } from './cells-drawing'
import { isEmpty, type FigureData } from './figure-data'
import { figureTable } from './figure-table'
import { LinesDrawing } from './lines-drawing'

const HEIGHT = 330

interface FigureCardProps {
  readonly setId: string
  readonly info: FigureInfoPartsFragment
  /** null: nothing of it is computed yet. */
  readonly data: FigureData | null
  readonly live: boolean
  readonly total: number
}

export function FigureDrawing({
  data,
  size,
}: {
  readonly data: FigureData
  readonly size: Parameters<typeof CellsDrawing>[0]['size']
}) {
  return data.form === 'lines' || data.form === 'points' ? (
    <LinesDrawing data={data} size={size} />
  ) : (
    <CellsDrawing data={data} size={size} />
  )
}

const heightOf = (data: FigureData | null): number =>
  data && (data.form === 'heatmap' || data.form === 'table') ? cellsHeight(data, 500) : HEIGHT

export function FigureCard({ setId, info, data, live, total }: FigureCardProps) {
  const part = live && !info.ready
  const permalink =
    typeof window === 'undefined' ? '' : `${window.location.origin}/figures/${setId}#${info.kind}`
  return (
    <section
      className="card figure-card"
      id={info.kind}
      data-testid={`figure-card-${info.kind}`}
      data-ready={info.ready}
      data-form={data?.form}
    >
      <PlotFrame
        level="h2"
        title={
          <>
            <span className="figure-number">{info.number}</span> {info.title}
          </>
        }
        name={`${info.number}: ${info.title}`}
        caption={info.caption}
        fileName={`${info.kind}-${setId.slice(0, 8)}`}
        height={heightOf(data)}
        table={() => (data ? figureTable(data) : { header: [], rows: [] })}
        json={() => data}
        controls={
          <p className="look-for">
            <b>What to look for:</b> {info.lookFor}
          </p>
        }
        actions={<CopyText text={permalink} label="Copy link" />}
        draw={
          data && !isEmpty(data)
            ? (size) => <FigureDrawing data={data} size={size} />
            : () => (
                <p className="muted figure-none">
                  {part ? 'Comes with the first prompts.' : 'Nothing to draw.'}
                </p>
              )
        }
      />
      {data && (
        <p className="faint figure-of">
          {part
            ? `${data.prompts} of ${total} prompts so far. `
            : `${data.prompts} ${data.prompts === 1 ? 'prompt' : 'prompts'}. `}
          {Math.round(data.level * 100)}% bootstrap intervals over prompts. {data.notes.join(' ')}
        </p>
      )}
    </section>
  )
}
