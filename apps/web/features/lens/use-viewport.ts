// Scroll offset and size of an element, kept up to date once a frame.
import { useCallback, useRef, useState } from 'react'

export interface Viewport {
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
}

const NONE: Viewport = { top: 0, left: 0, width: 0, height: 0 }

export function useViewport<T extends HTMLElement>() {
  const [viewport, setViewport] = useState(NONE)
  const element = useRef<T | null>(null)
  const stop = useRef<(() => void) | null>(null)
  const ref = useCallback((node: T | null) => {
    stop.current?.()
    element.current = node
    if (!node) return
    let frame = 0
    const read = () => {
      frame = 0
      setViewport({
        top: node.scrollTop,
        left: node.scrollLeft,
        width: node.clientWidth,
        height: node.clientHeight,
      })
    }
    const schedule = () => {
      if (frame === 0) frame = requestAnimationFrame(read)
    }
    const observer = new ResizeObserver(schedule)
    observer.observe(node)
    node.addEventListener('scroll', schedule, { passive: true })
    read()
    stop.current = () => {
      cancelAnimationFrame(frame)
      observer.disconnect()
      node.removeEventListener('scroll', schedule)
    }
  }, [])
  return { ref, element, viewport }
}
