// How wide an element is, so that a plot is drawn in the page's own pixels and its text keeps its size.
import { useCallback, useRef, useState } from 'react'

/** 0 until the element is on the page. */
export function useMeasuredWidth<T extends HTMLElement>() {
  const [width, setWidth] = useState(0)
  const stop = useRef<(() => void) | null>(null)
  const ref = useCallback((node: T | null) => {
    stop.current?.()
    stop.current = null
    if (!node) return
    const read = () => setWidth(Math.floor(node.clientWidth))
    const observer = new ResizeObserver(read)
    observer.observe(node)
    read()
    stop.current = () => observer.disconnect()
  }, [])
  return { ref, width }
}
