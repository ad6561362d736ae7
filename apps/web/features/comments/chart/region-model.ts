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

export interface Talking {
  readonly chart: string
  /** The region that was pulled last; null when it was let go. */
  readonly region: Region | null
  /** What pulling it chose on the page, in the words of the page. */
  readonly chose: readonly string[]
  readonly opened: boolean
}

export const quiet = (chart: string): Talking => ({
  chart,
  region: null,
  chose: [],
  opened: false,
})

/** A region is held as long as its chart is shown and everything that pulling it chose is chosen still. */
export function heldTalking(state: Talking, chart: string, chosen: readonly string[]): Talking {
  if (state.chart !== chart) return quiet(chart)
  const held = state.region === null || state.chose.every((one) => chosen.includes(one))
  return held ? state : quiet(chart)
}

interface Scale {
  (value: number): number
  readonly invert: (pixel: number) => number
}

export interface Pixels {
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

/** Free at both ends of a lane, so that a region of one lane touches no other. */
const LANE_MARGIN = 0.1

/** A stretch of one lane of a chart whose lanes have numbers instead of values; lanes go down. */
export const laneRegion = (from: number, to: number, lane: number): Region => [
  rounded(from),
  -(lane + 1 - LANE_MARGIN),
  rounded(to),
  -(lane + LANE_MARGIN),
]

/** Above any number of a row: a lane that has a name is none that was counted. */
const FIRST_NAMED = 2 ** 20

/** The number of a lane that goes by its name (FNV-1a), so that no order or choice of lanes moves what is said about it. */
export function namedLane(name: string): number {
  let hash = 2166136261
  for (let index = 0; index < name.length; index++)
    hash = Math.imul(hash ^ name.charCodeAt(index), 16777619)
  return FIRST_NAMED + (hash >>> 1)
}

/** @returns pixels from the top, for lanes that are shown in this order; what is not shown is far away */
export function lanesOf(shown: readonly number[], height: number, top = 0) {
  return (value: number): number => {
    const lane = Math.floor(-value)
    const row = shown.indexOf(lane)
    return row < 0 ? -1e6 : top + (row - value - lane) * height
  }
}
