// Pulling a rectangle over an SVG: the rectangle while it is pulled, and what it was when let go.
import { useRef, useState, type PointerEvent } from 'react'
import { pulledBox, type Box, type Point, type Pull } from './brush-model'

interface Brush {
  readonly pulled: Box | null
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<SVGSVGElement>) => void
    readonly onPointerMove: (event: PointerEvent<SVGSVGElement>) => void
    readonly onPointerUp: (event: PointerEvent<SVGSVGElement>) => void
    readonly onPointerCancel: () => void
  }
}

function pointOf(event: PointerEvent<SVGSVGElement>): Point {
  const at = event.currentTarget.getBoundingClientRect()
  return { x: event.clientX - at.left, y: event.clientY - at.top }
}

/** A click is no brush: `onBrush` is not called for it. */
export function useBrush(box: Box, onBrush: (pulled: Box) => void): Brush {
  const [pull, setPull] = useState<Pull | null>(null)
  const latest = useRef<Pull | null>(null)
  const keep = (next: Pull | null) => {
    latest.current = next
    setPull(next)
  }
  return {
    pulled: pull && pulledBox(pull, box),
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return
        const from = pointOf(event)
        keep({ from, to: from })
      },
      onPointerMove: (event) => {
        const current = latest.current
        if (!current) return
        const next = { from: current.from, to: pointOf(event) }
        if (pulledBox(next, box) && !event.currentTarget.hasPointerCapture(event.pointerId))
          event.currentTarget.setPointerCapture(event.pointerId)
        keep(next)
      },
      onPointerUp: () => {
        const current = latest.current
        keep(null)
        if (!current) return
        const pulled = pulledBox(current, box)
        if (pulled) onBrush(pulled)
      },
      onPointerCancel: () => keep(null),
    },
  }
}
