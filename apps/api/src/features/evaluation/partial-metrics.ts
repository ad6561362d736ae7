// Sums of rows -> means with intervals, and the score that a protocol makes of them.
import type { ProtocolInfo } from '../protocol/protocol.type.js'
import type { PartialMetric } from './evaluation-progress.type.js'
import type { MetricSum } from './evaluation-progress.repository.js'

/** The quantile of a two-sided 95% interval. */
const z = 1.959963984540054

export function toPartialMetrics(
  protocol: ProtocolInfo,
  sums: readonly MetricSum[],
): PartialMetric[] {
  const metrics = sums.map(({ armId, metric, n, mean, sd }): PartialMetric => {
    const info = protocol.metrics[metric]
    if (info === undefined || mean === null) return { ...bare(armId, info?.name ?? ''), n }
    const interval = info.binary ? wilson(mean / info.scale, n, info.scale) : normal(mean, sd, n)
    return { armId, metric: info.name, n, mean, ...interval }
  })
  const arms = [...new Set(sums.map(({ armId }) => armId))]
  const { score } = protocol
  if (score === null) return metrics
  return [
    ...metrics,
    ...arms.map((armId): PartialMetric => {
      const parts = score.of.map((name) =>
        metrics.find((one) => one.armId === armId && one.metric === name),
      )
      const n = Math.min(...parts.map((part) => part?.n ?? 0))
      return { ...bare(armId, score.name), n, mean: harmonicMean(parts.map((one) => one?.mean)) }
    }),
  ]
}

const bare = (armId: string, metric: string) => ({
  ...{ armId, metric, n: 0, mean: null, low: null, high: null },
})

/** Mean ± 1.96 SD / sqrt(n); no interval from fewer than two cases. */
function normal(mean: number, sd: number | null, n: number) {
  if (sd === null || n < 2) return { low: null, high: null }
  const half = (z * sd) / Math.sqrt(n)
  return { low: mean - half, high: mean + half }
}

/** Wilson's score interval of a share of n, times the scale (Wilson 1927). */
function wilson(share: number, n: number, scale: number) {
  if (n === 0) return { low: null, high: null }
  const width = 1 + z ** 2 / n
  const middle = (share + z ** 2 / (2 * n)) / width
  const half = (z / width) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2))
  return { low: scale * (middle - half), high: scale * (middle + half) }
}

/** 0 where a value is 0; null where one is missing or below. */
function harmonicMean(values: readonly (number | null | undefined)[]): number | null {
  const known = values.filter((value): value is number => typeof value === 'number')
  if (known.length < values.length || known.some((value) => value < 0)) return null
  if (known.includes(0)) return 0
  return known.length / known.reduce((sum, value) => sum + 1 / value, 0)
}
