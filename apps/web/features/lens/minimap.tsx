'use client'
// The whole grid, a few pixels a cell, with a frame around what is on screen; drag to go there.
import { useEffect, useRef, type PointerEvent } from 'react'
import { toneOf, type Theme } from './colour-scale'
import type { GridModel } from './grid-model'
import type { Viewport } from './use-viewport'

interface MinimapProps {
  readonly model: GridModel
  readonly theme: Theme
  readonly viewport: Viewport
  readonly room: number
  readonly body: number
  readonly rowHeight: number
  readonly width: number
  readonly onScroll: (left: number, top: number) => void
}

const MOST_WIDE = 260
const MOST_HIGH = 96

function paint(canvas: HTMLCanvasElement, model: GridModel, theme: Theme): void {
  const context = canvas.getContext('2d')
  if (!context) return
  canvas.width = model.columns.length
  canvas.height = model.layers
  model.order.forEach((layer, row) => {
    for (const { position } of model.columns) {
      const cell = model.cell(layer, position)
      context.fillStyle = toneOf(theme, cell.masked ? 0 : cell.tone).background
      context.fillRect(position, row, 1, 1)
    }
  })
}

export function Minimap({
  model,
  theme,
  viewport,
  room,
  body,
  rowHeight,
  width,
  onScroll,
}: MinimapProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    if (canvas.current) paint(canvas.current, model, theme)
  }, [model, theme])
  const columns = model.columns.length
  const shown = {
    width: Math.min(MOST_WIDE, Math.max(24, columns * 4)),
    height: Math.min(MOST_HIGH, Math.max(12, model.layers * 3)),
  }
  const scale = { x: shown.width / (columns * width), y: shown.height / (model.layers * rowHeight) }
  const frame = {
    left: viewport.left * scale.x,
    top: viewport.top * scale.y,
    width: Math.min(shown.width, room * scale.x),
    height: Math.min(shown.height, body * scale.y),
  }
  const go = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return
    const box = event.currentTarget.getBoundingClientRect()
    onScroll(
      (event.clientX - box.left) / scale.x - room / 2,
      (event.clientY - box.top) / scale.y - body / 2,
    )
  }
  return (
    <div
      className="minimap"
      style={shown}
      onPointerDown={go}
      onPointerMove={go}
      aria-hidden
      data-testid="minimap"
      title="The whole grid: drag to move"
    >
      <canvas ref={canvas} />
      <i style={frame} />
    </div>
  )
}
