// What the engine says of evaluations without computing: numbers of a record, and which cases a protocol can score.
import { deriveMetric, protocols } from '@imprint/lens-engine'
import type { CaseRow, ProtocolName, RowRecord, Side, TargetReading } from '@imprint/lens-engine'

/** Metrics of a row in the order of the protocol's table; NaN is not available. */
export function rowMetrics(protocol: string, row: RowRecord, side: Side): number[] {
  const name = protocol as ProtocolName
  return Object.keys(protocols[name].metrics).map((metric) => {
    const { value } = deriveMetric(name, metric as never, row as CaseRow, { side })
    return value.available ? value.value : NaN
  })
}

const probability = (reading: TargetReading | null): number | null =>
  reading === null ? null : Math.exp(-reading.nll)
const correct = (reading: TargetReading | null): boolean | null =>
  reading === null ? null : reading.correct.every(Boolean)

/** The small numbers of every prompt that lists and flips read. */
export function promptNumbers(row: RowRecord): unknown[] {
  return row.prompts.map(({ kind, index, before, after, klToBase }) => {
    const wanted = kind === 'neighborhood' ? 'true' : 'new'
    return {
      ...{ kind, index, klToBase },
      newBefore: probability(before.new),
      newAfter: probability(after.new),
      trueBefore: probability(before.true),
      trueAfter: probability(after.true),
      correctBefore: correct(before[wanted]),
      correctAfter: correct(after[wanted]),
    }
  })
}
