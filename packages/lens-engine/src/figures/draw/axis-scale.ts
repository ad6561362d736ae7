// An axis with the values on it -> a place for each value, and ticks with their texts.
import type { FigureAxis } from '../figure-data.js'

export interface AxisScale {
  /** From 0, the low end, to 1, the high end. */
  place(value: number): number
  readonly ticks: readonly { readonly value: number; readonly text: string }[]
}

/** @param values everything that shall be on the axis */
export function scaleOf(axis: FigureAxis, values: readonly number[]): AxisScale {
  return axis.scale === 'log' ? logScale(axis, values) : linearScale(axis, values)
}

/** Whole places 0 to count - 1, each at the middle of its band. */
export function bandScale(names: readonly string[]): AxisScale {
  return {
    place: (value) => (value + 0.5) / Math.max(1, names.length),
    ticks: names.map((text, value) => ({ value, text })),
  }
}

function linearScale({ domain }: FigureAxis, values: readonly number[]): AxisScale {
  const [low, high] = domain ?? padded(values)
  const step = niceStep((high - low) / 5)
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  const ticks = Array.from({ length: Math.max(0, count) }, (_, index) => {
    const value = (first + index) * step
    return { value, text: shortNumber(value, step) }
  })
  return { place: (value) => (value - low) / (high - low || 1), ticks }
}

/** From 0 where all values are on one side of it. */
function padded(values: readonly number[]): readonly [number, number] {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return [0, 1]
  const low = Math.min(0, ...finite)
  const high = Math.max(0, ...finite)
  return low === high ? [low, low + 1] : [low, high + 0.05 * (high - low)]
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough || 1))
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10
  return step * power
}

function logScale({ domain }: FigureAxis, values: readonly number[]): AxisScale {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value))
  const [low, high] =
    domain ?? (positive.length === 0 ? [1, 10] : [Math.min(...positive), Math.max(...positive)])
  const [bottom, top] = [Math.log10(low), Math.log10(high)]
  const span = Math.max(top - bottom, 1e-9)
  return {
    place: (value) => (value > 0 ? (Math.log10(value) - bottom) / span : 0),
    ticks: logTicks(bottom, top),
  }
}

/** Powers of ten, with 2 and 5 between them where there are few. */
function logTicks(bottom: number, top: number): AxisScale['ticks'] {
  const factors = top - bottom > 2.5 ? [1] : [1, 2, 5]
  const ticks: { value: number; text: string }[] = []
  for (let exponent = Math.floor(bottom); exponent <= Math.ceil(top); exponent++) {
    for (const factor of factors) {
      const value = factor * 10 ** exponent
      const log = Math.log10(value)
      if (log >= bottom - 1e-9 && log <= top + 1e-9)
        ticks.push({ value, text: shortNumber(value, value) })
    }
  }
  return ticks
}

/** With as many decimals as `step` has. */
export function shortNumber(value: number, step: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e6 || size < 1e-3)
    return Number(value.toPrecision(3)).toExponential().replace('e+', 'e')
  const decimals = Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(Math.abs(step)))))
  const text = value.toFixed(decimals)
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text.replace(/\B(?=(\d{3})+$)/g, ',')
}
