// What two edits remember of their computation -> the losses that may stand in one plot.
import type { Series } from '../plot/line-plot-model'

export interface Trace {
  readonly name: string
  readonly values: readonly number[]
}

/** The first loss of each edit. Other numbers, such as the gain of a shift, are no losses and stay out. */
export function lossSeries(first: readonly Trace[], second: readonly Trace[]): readonly Series[] {
  const sides = [
    ['A', first, 'first'],
    ['B', second, 'second'],
  ] as const
  return sides.flatMap(([letter, traces, tone]) => {
    const loss = traces.find(({ name }) => name.includes('loss'))
    return loss ? [{ name: `${letter}: ${loss.name}`, values: loss.values, tone }] : []
  })
}
