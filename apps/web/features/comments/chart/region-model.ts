// Threads of a chart -> the numbered boxes drawn over it.
import type { Region } from '../anchors'
import { isResolved, type Thread } from '../thread-model'

export interface NumberedRegion {
  readonly id: string
  readonly number: number
  readonly region: Region
  readonly resolved: boolean
  readonly words: string
}

const WORDS = 60

function regionOf({ anchor: { region } }: Thread): Region | null {
  const [x0, y0, x1, y1] = region ?? []
  if (x0 === undefined || y0 === undefined || x1 === undefined || y1 === undefined) return null
  return [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1), Math.max(y0, y1)]
}

/** Numbered by age, so that a number stays with its thread. */
export function numberedRegions(threads: readonly Thread[]): readonly NumberedRegion[] {
  return threads.flatMap((thread, index) => {
    const region = regionOf(thread)
    if (!region || thread.deleted) return []
    const text = thread.body.replace(/\s+/g, ' ').trim()
    const words = text.length > WORDS ? `${text.slice(0, WORDS - 1)}…` : text
    return [
      {
        id: thread.id,
        number: index + 1,
        region,
        resolved: isResolved(thread),
        words: `${thread.author.name}: ${words}`,
      },
    ]
  })
}

interface Scale {
  (value: number): number
  readonly invert: (pixel: number) => number
}

interface Pixels {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Three digits are enough to find a region again. */
const rounded = (value: number): number => Number(value.toPrecision(4))

/** A pulled rectangle in the units of the axes; up is up. */
export function regionIn(pulled: Pixels, across: Scale, up: Scale): Region {
  return [
    rounded(across.invert(pulled.left)),
    rounded(up.invert(pulled.bottom)),
    rounded(across.invert(pulled.right)),
    rounded(up.invert(pulled.top)),
  ]
}

/** The region in pixels, cut at the frame; null where nothing of it is inside. */
export function pixelsOf(
  [x0, y0, x1, y1]: Region,
  across: (value: number) => number,
  up: (value: number) => number,
  frame: Pixels,
): Pixels | null {
  const inside = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))
  const box = {
    left: inside(across(x0), frame.left, frame.right),
    right: inside(across(x1), frame.left, frame.right),
    top: inside(up(y1), frame.top, frame.bottom),
    bottom: inside(up(y0), frame.top, frame.bottom),
  }
  return box.right - box.left < 1 || box.bottom - box.top < 1 ? null : box
}
