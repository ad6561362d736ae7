'use client'
// The frame of a plot: title, caption, the table behind it, its data and pictures. Pictures are drawn for a light page.
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { formatCsv } from '../../../components/csv'
import { svgToPng } from '../../../components/rasterise'
import { saveFile } from '../../../components/save-file'
import type { Theme } from '../../lens/colour-scale'
import { FigureTableView, type FigureTable } from '../../lens/figures/figure-frame'
import { standaloneSvg } from '../../lens/figures/standalone-svg'
import { useTheme } from '../../shell/theme'
import { useMeasuredWidth } from './use-measured-width'

export interface PlotSize {
  readonly width: number
  readonly theme: Theme
  /** Whether it is drawn for a file: nothing that answers a pointer is needed. */
  readonly still: boolean
}

interface PlotFrameProps {
  readonly title: ReactNode
  /** For the file, where `title` is more than words. */
  readonly name: string
  readonly caption: ReactNode
  readonly fileName: string
  /** Kept free while nothing is drawn. */
  readonly height: number
  readonly table: () => FigureTable
  readonly json?: () => unknown
  readonly controls?: ReactNode
  readonly actions?: ReactNode
  /** What cannot be drawn stands as a table only. */
  readonly draw: ((size: PlotSize) => ReactNode) | null
  readonly level?: 'h2' | 'h3'
}

type Picture = 'svg' | 'png'

const FILE_WIDTH = 640

function StillPlot({
  draw,
  name,
  fileName,
  picture,
  onDone,
}: {
  readonly draw: (size: PlotSize) => ReactNode
  readonly name: string
  readonly fileName: string
  readonly picture: Picture
  readonly onDone: () => void
}) {
  const holder = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const svg = holder.current?.querySelector('svg')
    if (svg) {
      const text = standaloneSvg(svg, name)
      const { width, height } = svg.viewBox.baseVal
      if (picture === 'svg') saveFile(`${fileName}.svg`, text, 'image/svg+xml')
      else void svgToPng(text, width, height).then((blob) => saveFile(`${fileName}.png`, blob))
    }
    onDone()
  }, [fileName, name, onDone, picture])
  return (
    <div ref={holder} className="still-plot plot-body" data-theme="light" aria-hidden inert>
      {draw({ width: FILE_WIDTH, theme: 'light', still: true })}
    </div>
  )
}

function useDone(set: (picture: Picture | null) => void): () => void {
  const done = useRef(() => set(null))
  return done.current
}

function Actions({
  asTable,
  setAsTable,
  setPicture,
  ...props
}: Pick<PlotFrameProps, 'table' | 'json' | 'fileName' | 'draw' | 'actions'> & {
  readonly asTable: boolean
  readonly setAsTable: (on: boolean) => void
  readonly setPicture: (picture: Picture) => void
}) {
  const { fileName, table, json, draw, actions } = props
  const save = (kind: string, type: string, text: string) =>
    saveFile(`${fileName}.${kind}`, text, type)
  const csv = () => save('csv', 'text/csv', formatCsv(table().header, table().rows))
  return (
    <div className="figure-actions">
      {draw && (
        <button
          type="button"
          className="link"
          aria-pressed={asTable}
          onClick={() => setAsTable(!asTable)}
        >
          {asTable ? 'Figure' : 'Table'}
        </button>
      )}
      <button type="button" className="link" onClick={csv}>
        CSV
      </button>
      {json && (
        <button
          type="button"
          className="link"
          onClick={() => save('json', 'application/json', JSON.stringify(json(), null, 2))}
        >
          JSON
        </button>
      )}
      {draw &&
        (['svg', 'png'] as const).map((kind) => (
          <button key={kind} type="button" className="link" onClick={() => setPicture(kind)}>
            {kind.toUpperCase()}
          </button>
        ))}
      {actions}
    </div>
  )
}

export function PlotFrame(props: PlotFrameProps) {
  const {
    title,
    name,
    caption,
    fileName,
    height,
    table,
    controls,
    draw,
    level: Title = 'h3',
  } = props
  const [asTable, setAsTable] = useState(false)
  const [picture, setPicture] = useState<Picture | null>(null)
  const done = useDone(setPicture)
  const { ref, width } = useMeasuredWidth<HTMLDivElement>()
  const theme = useTheme()
  return (
    <figure className="figure plot-frame" data-testid={`figure-${fileName}`}>
      <figcaption>
        <Title>{title}</Title>
        <small>{caption}</small>
      </figcaption>
      {controls && <div className="bar plot-controls">{controls}</div>}
      {/* Wide ones scroll sideways in narrow windows, by keyboard too. */}
      <div
        ref={ref}
        className="plot-body"
        style={{ minHeight: height }}
        tabIndex={0}
        role="region"
        aria-label={fileName}
      >
        {asTable || !draw ? (
          <FigureTableView table={table()} />
        ) : (
          width > 0 && draw({ width, theme, still: false })
        )}
      </div>
      <Actions {...props} asTable={asTable} setAsTable={setAsTable} setPicture={setPicture} />
      {picture && draw && <StillPlot {...{ draw, name, fileName, picture }} onDone={done} />}
    </figure>
  )
}
