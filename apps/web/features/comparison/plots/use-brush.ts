// Pulling a rectangle over an SVG: the rectangle while it is pulled, and what it was when let go.
import { useState, type MouseEvent, type PointerEvent } from 'react'
import { Gesture, pulledBox, type Box, type Point, type Pull } from './brush-model'

interface Brush {
  readonly pulled: Box | null
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<SVGSVGElement>) => void
    readonly onPointerMove: (event: PointerEvent<SVGSVGElement>) => void
    readonly onPointerUp: (event: PointerEvent<SVGSVGElement>) => void
    readonly onPointerCancel: () => void
    readonly onClickCapture: (event: MouseEvent<SVGSVGElement>) => void
  }
}

function pointOf(event: PointerEvent<SVGSVGElement>): Point {
  const at = event.currentTarget.getBoundingClientRect()
  return { x: event.clientX - at.left, y: event.clientY - at.top }
}

/** A click is no brush: `onBrush` is not called for it; and a brush is no click on what it began or ended over. */
export function useBrush(box: Box, onBrush: (pulled: Box) => void): Brush {
  const [gesture] = useState(() => new Gesture())
  const [pull, setPull] = useState<Pull | null>(null)
  const cancel = () => {
    gesture.cancel()
    setPull(null)
  }
  return {
    pulled: pull && pulledBox(pull, box),
    handlers: {
      onPointerDown: (event) => {
        if (event.button === 0) setPull(gesture.press(pointOf(event)))
      },
      onPointerMove: (event) => {
        const next = gesture.move(pointOf(event))
        if (!next) return
        if (pulledBox(next, box) && !event.currentTarget.hasPointerCapture(event.pointerId))
          event.currentTarget.setPointerCapture(event.pointerId)
        setPull(next)
      },
      onPointerUp: () => {
        const pulled = gesture.release(box)
        setPull(null)
        if (!pulled) return
        onBrush(pulled)
        // Its click comes at once or not at all; a later one is another.
        setTimeout(() => gesture.cancel())
      },
      onPointerCancel: cancel,
      onClickCapture: (event) => {
        if (!gesture.takesClick()) event.stopPropagation()
      },
    },
  }
}
