// Colours of lines that readers with any colour vision can tell apart, and of a scale from light to dark.

/** Okabe and Ito, without yellow, which a light ground swallows; dark grey added. */
export const lineColors = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#cc79a7',
  '#56b4e9',
  '#e69f00',
  '#4d4d4d',
  '#7a3e9d',
] as const

export const lineColor = (index: number): string => lineColors[index % lineColors.length] as string

type Rgb = readonly [number, number, number]

/** Light to dark, growing darker evenly so that it reads in grey too. */
const stops: readonly Rgb[] = [
  [247, 251, 255],
  [198, 219, 239],
  [107, 174, 214],
  [33, 113, 181],
  [8, 48, 107],
]

/** Orange below, white in the middle, blue above. */
const divergingStops: readonly Rgb[] = [
  [179, 88, 6],
  [253, 184, 99],
  [247, 247, 247],
  [107, 174, 214],
  [8, 48, 107],
]

/** @param share from 0 to 1 */
export const sequentialColor = (share: number): string => mix(stops, share)
export const divergingColor = (share: number): string => mix(divergingStops, share)

function mix(list: readonly Rgb[], share: number): string {
  const place = Math.max(0, Math.min(1, share)) * (list.length - 1)
  const below = Math.min(list.length - 2, Math.floor(place))
  const [from, to] = [list[below] as Rgb, list[below + 1] as Rgb]
  const channel = (index: 0 | 1 | 2): string =>
    Math.round(from[index] + (place - below) * (to[index] - from[index]))
      .toString(16)
      .padStart(2, '0')
  return `#${channel(0)}${channel(1)}${channel(2)}`
}

/** Black or white, whichever stands out more on a colour of the scales. */
export function textOn(color: string): string {
  const part = (start: number): number => parseInt(color.slice(start, start + 2), 16)
  const light = 0.299 * part(1) + 0.587 * part(3) + 0.114 * part(5)
  return light > 140 ? '#1a1a1a' : '#ffffff'
}
