// Axes of figures -> scales with ticks, linear or logarithmic, and colours of values.
import { scaleLinear, scaleLog } from 'd3-scale'
import {
  css,
  inkOn,
  rampRgb,
  toneOf,
  type Rgb,
  type Theme,
  type Tone,
} from '../../lens/colour-scale'
import { showNumber } from '../../lens/numbers'
import type { FigureAxis } from './figure-data'

export interface ShownScale {
  readonly at: (value: number) => number
  readonly ticks: readonly { readonly value: number; readonly text: string }[]
}

/** Without zeros that say nothing: 0.1, not 0.10. */
const trimmed = (value: number): string =>
  showNumber(value, 2)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '')

const finite = (values: readonly number[]): number[] => values.filter(Number.isFinite)

function logScale(
  values: readonly number[],
  range: readonly [number, number],
  axis: FigureAxis,
): ShownScale {
  const positive = values.filter((value) => value > 0)
  const [low, high] = axis.domain ?? [Math.min(...positive), Math.max(...positive)]
  const least = positive.length > 0 || axis.domain ? Math.max(low, 1e-300) : 1
  const scale = scaleLog([least, Math.max(high, least * 10)], range).nice()
  const decades = scale
    .ticks()
    .filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6))
  const shown = decades.length > 1 ? decades : scale.ticks(4)
  const every = Math.ceil(shown.length / 7)
  return {
    at: (value) => scale(Math.max(value, scale.domain()[0] ?? 1)),
    ticks: shown
      .filter((_, index) => index % every === 0)
      .map((value) => ({ value, text: trimmed(value) })),
  }
}

/** The scale of an axis over its values; a domain that is given is kept, otherwise it is rounded. */
export function scaleOf(
  axis: FigureAxis,
  values: readonly number[],
  range: readonly [number, number],
  count = 5,
): ShownScale {
  const known = finite(values)
  if (axis.scale === 'log') return logScale(known, range, axis)
  const least = known.length > 0 ? Math.min(...known) : 0
  const most = known.length > 0 ? Math.max(...known) : 1
  const domain = axis.domain ?? [least, most > least ? most : least + 1]
  const scale = scaleLinear([...domain], [...range])
  if (!axis.domain) scale.nice(count)
  const format = scale.tickFormat(count)
  return {
    at: (value) => scale(value),
    ticks: scale
      .ticks(count)
      .map((value) => ({ value, text: axis.names?.[value] ?? format(value) })),
  }
}

/** A layer axis begins and ends at its layers: nothing is rounded away from them. */
export function layerScale(
  axis: FigureAxis,
  values: readonly number[],
  range: readonly [number, number],
  count: number,
): ShownScale {
  const known = finite(values)
  const domain = axis.domain ?? [Math.min(...known, 0), Math.max(...known, 1)]
  return scaleOf({ ...axis, domain }, values, range, count)
}

const NEGATIVE: Readonly<Record<Theme, Rgb>> = { light: [148, 62, 22], dark: [242, 160, 112] }

const between = (a: Rgb, b: Rgb, t: number): Rgb =>
  [0, 1, 2].map((at) =>
    Math.round((a[at] ?? 0) + ((b[at] ?? 0) - (a[at] ?? 0)) * t),
  ) as unknown as Rgb

/** 0 is the strongest negative tone, 1/2 is nothing, 1 the strongest positive one. */
export function divergingTone(theme: Theme, t: number): Tone {
  if (t >= 0.5) return toneOf(theme, (t - 0.5) * 2)
  const background = between(rampRgb(theme, 0), NEGATIVE[theme], Math.min(1, (0.5 - t) * 2))
  return { background: css(background), ink: css(inkOn(background)) }
}

export interface ColourKey extends ShownScale {
  readonly tone: (value: number, theme: Theme) => Tone
}

/** Colours of values; signed where the domain reaches below zero. */
export function colourKey(axis: FigureAxis | undefined, values: readonly number[]): ColourKey {
  const shown: FigureAxis = axis ?? { label: '', scale: 'linear' }
  const scale = scaleOf(shown, values, [0, 1], 4)
  const signed = (shown.domain?.[0] ?? 0) < 0
  return {
    ...scale,
    tone: (value, theme) => (signed ? divergingTone : toneOf)(theme, scale.at(value)),
  }
}
