// Points of a series -> the paths of its line and of the band of its intervals.
import type { FigurePoint } from './figure-data'

type Scale = (value: number) => number

const known = ({ mean }: FigurePoint): boolean => Number.isFinite(mean)

const place = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`

/** Broken where a mean is missing. */
export function linePath(points: readonly FigurePoint[], x: Scale, y: Scale): string {
  return points
    .flatMap((one, index) => {
      if (!known(one)) return []
      const before = points[index - 1]
      return [(before && known(before) ? 'L' : 'M') + place(x(one.x), y(one.mean))]
    })
    .join('')
}

/** One surface, so that neighbouring intervals can be compared; empty where no point has one. */
export function bandPath(points: readonly FigurePoint[], x: Scale, y: Scale): string {
  const wide = points.filter((one) => Number.isFinite(one.low) && Number.isFinite(one.high))
  if (wide.every(({ low, high }) => low === high)) return ''
  const upper = wide.map((one) => place(x(one.x), y(one.high)))
  const lower = wide.map((one) => place(x(one.x), y(one.low))).toReversed()
  return `M${[...upper, ...lower].join('L')}Z`
}
