// A raw row -> its metrics as a vector in the protocol's order, and the numbers of its prompts.
import type { CaseRow, PromptKind, PromptReading, Side, TargetReading } from './case-row.js'
import { cellOf, scaled } from './measured.js'
import { noTextResources } from './metric-value.js'
import { allCorrect } from './prompt-measures.js'
import { protocols, type ProtocolDefinition, type ProtocolName } from './protocols.js'
import type { MetricDefinition, TextResources } from './protocols.js'

/** What a table says of one metric. */
export interface ProtocolMetric extends Omit<MetricDefinition, 'of'> {
  readonly name: string
}

/** The metrics of a protocol in the order of `rowMetrics`; a score over them (`protocols`) is not among them. */
export function protocolMetrics(protocol: ProtocolName): readonly ProtocolMetric[] {
  const { metrics }: ProtocolDefinition = protocols[protocol]
  return Object.entries(metrics).map(([name, definition]) => {
    const { label, description, unit, scale, binary, better } = definition
    return { name, label, description, unit, scale, binary, better }
  })
}

/** Metrics of one row in the unit that tables print, [metrics]; NaN where one is not available. */
export function rowMetrics(
  protocol: ProtocolName,
  row: CaseRow,
  side: Side,
  resources: TextResources = noTextResources,
): Float64Array {
  const { metrics }: ProtocolDefinition = protocols[protocol]
  const cell = ({ of, scale }: MetricDefinition): number =>
    cellOf(scaled(of(row, side, resources), scale))
  return Float64Array.from(Object.values(metrics), cell)
}

/** One prompt of a row in small numbers. Probabilities are of whole targets; null where the case has no such target. */
export interface PromptNumbers {
  readonly kind: PromptKind
  /** Place among the prompts of its kind, from 0. */
  readonly index: number
  readonly newBefore: number | null
  readonly newAfter: number | null
  readonly trueBefore: number | null
  readonly trueAfter: number | null
  /** Whether every token of the wanted target is the most probable one: the new one, on neighborhood prompts the true one. */
  readonly correctBefore: boolean | null
  readonly correctAfter: boolean | null
  /** In nats. */
  readonly klToBase: number | null
}

export function promptNumbers({ prompts }: CaseRow): readonly PromptNumbers[] {
  return prompts.map((prompt) => {
    const { kind, index, before, after, klToBase } = prompt
    const correct = allCorrect(kind === 'neighborhood' ? 'true' : 'new')
    return {
      kind,
      index,
      ...probabilities(before, after),
      correctBefore: asVerdict(correct(prompt, 'before')),
      correctAfter: asVerdict(correct(prompt, 'after')),
      klToBase,
    }
  })
}

const probabilities = (before: PromptReading, after: PromptReading) => ({
  newBefore: probabilityOf(before.new),
  newAfter: probabilityOf(after.new),
  trueBefore: probabilityOf(before.true),
  trueAfter: probabilityOf(after.true),
})

const probabilityOf = (reading: TargetReading | null): number | null =>
  reading === null ? null : Math.exp(-reading.nll)

const asVerdict = (value: number | null): boolean | null => (value === null ? null : value === 1)
