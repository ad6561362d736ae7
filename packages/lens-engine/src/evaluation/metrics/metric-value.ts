// A metric's value bound to its protocol: values of different protocols, or of different metrics, cannot be mixed.
import { LensEngineError } from '../../errors.js'
import type { CaseRow, Side } from './case-row.js'
import { meanOf, scaled, type Measured } from './measured.js'
import { protocols, type MetricName, type ProtocolDefinition } from './protocols.js'
import type { ProtocolName, TextResources } from './protocols.js'

declare const brand: unique symbol

/** A value of one metric under one protocol, in the unit the protocol's tables print. */
export interface MetricValue<P extends ProtocolName, M extends MetricName<P>> {
  readonly protocol: P
  readonly metric: M
  readonly value: Measured
  /** Only `deriveMetric` and the functions below make such values. */
  readonly [brand]: true
}

/** Nothing to score text with: the reference score is not available, Punkt untrained. */
export const noTextResources: TextResources = { tfidf: null }

/**
 * A metric of one raw row.
 * @throws PROTOCOL_MISMATCH for a metric that the protocol has not, or one that is only defined over cases (the score)
 */
export function deriveMetric<P extends ProtocolName, const M extends MetricName<P>>(
  protocol: P,
  metric: M,
  row: CaseRow,
  { side = 'after', resources = noTextResources }: { side?: Side; resources?: TextResources } = {},
): MetricValue<P, M> {
  const { metrics }: ProtocolDefinition = protocols[protocol]
  const definition = Object.hasOwn(metrics, metric) ? metrics[metric] : undefined
  if (definition === undefined) throw mismatch(protocol, metric, 'a metric of each case')
  return bind(protocol, metric, scaled(definition.of(row, side, resources), definition.scale))
}

/**
 * Mean of the available values; they must be of the protocol and metric named.
 * @throws PROTOCOL_MISMATCH when a value is of another protocol or metric
 */
export function averageMetric<P extends ProtocolName, M extends MetricName<P>>(
  protocol: P,
  metric: M,
  values: readonly MetricValue<NoInfer<P>, NoInfer<M>>[],
): MetricValue<P, M> {
  for (const value of values) requireSame({ protocol, metric }, value)
  const found = values.flatMap(({ value }) => (value.available ? [value.value] : []))
  return bind(protocol, metric, meanOf(found, 'no case has a value'))
}

/**
 * First less second.
 * @throws PROTOCOL_MISMATCH when they are of different protocols or metrics
 */
export function compareMetrics<P extends ProtocolName, M extends MetricName<P>>(
  first: MetricValue<P, M>,
  second: MetricValue<NoInfer<P>, NoInfer<M>>,
): Measured {
  requireSame(first, second)
  if (!first.value.available) return first.value
  if (!second.value.available) return second.value
  return { available: true, value: first.value.value - second.value.value }
}

interface Named {
  readonly protocol: string
  readonly metric: string
}

/** @throws PROTOCOL_MISMATCH unless protocol and metric are equal */
export function requireSame(first: Named, second: Named): void {
  if (first.protocol === second.protocol && first.metric === second.metric) return
  throw mismatch(first.protocol, first.metric, `${second.metric} of ${second.protocol}`)
}

function mismatch(protocol: string, metric: string, other: string): LensEngineError {
  return new LensEngineError('PROTOCOL_MISMATCH', `${metric} of ${protocol} is not ${other}`, {
    details: { protocol, metric, other },
    cure: 'Derive both from raw rows under one protocol; metrics of different protocols measure different things.',
  })
}

function bind<P extends ProtocolName, M extends MetricName<P>>(
  protocol: P,
  metric: M,
  value: Measured,
): MetricValue<P, M> {
  return { protocol, metric, value } as MetricValue<P, M>
}
