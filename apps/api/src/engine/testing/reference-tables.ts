// For tests: the engine's own statistics of raw rows, and made-up rows to compute them of.
import {
  buildProtocolTable,
  deriveMetric,
  findEditMethod,
  protocols,
  readResults,
  summarizeProtocol,
  summarizeRelations,
} from '@imprint/lens-engine'
import type { CaseRow, PromptRow, ProtocolName, TargetReading } from '@imprint/lens-engine'

export type { CaseRow, PromptRow }
export const methodTitle = (name: string): string => findEditMethod(name).title

/** Metrics of a row in the protocol's order; NaN is not available. */
export function vectorOf(protocol: ProtocolName, row: CaseRow, side: 'before' | 'after'): number[] {
  return Object.keys(protocols[protocol].metrics).map((metric) => {
    const { value } = deriveMetric(protocol, metric as never, row, { side })
    return value.available ? value.value : NaN
  })
}

/** The engine's table of raw rows. */
export function referenceOf(
  protocol: ProtocolName,
  rows: readonly CaseRow[],
  cases: readonly { id: string; relation: string }[],
  { resamples, side }: { resamples: number; side: 'before' | 'after' },
) {
  const table = buildProtocolTable(protocol, rows, { cases, side })
  return {
    ...summarizeProtocol(table, { seed: 0, resamples }),
    relations: summarizeRelations(table, { seed: 0, resamples: 100 }).relations,
  }
}

/** A row with readings from a stream of numbers in [0, 1). */
export function makeRow(
  { caseId, relation, method }: Pick<CaseRow, 'caseId' | 'relation' | 'method'>,
  base: () => number,
  next: () => number,
): CaseRow {
  const kinds = ['rewrite', 'paraphrase', 'paraphrase', 'neighborhood', 'neighborhood'] as const
  const prompts = kinds.map((kind, place): PromptRow => {
    const index = kinds.slice(0, place).filter((one) => one === kind).length
    return {
      ...{ kind, index },
      before: { new: reading(base()), true: reading(base()) },
      after: { new: reading(next()), true: reading(next()) },
      klToBase: kind === 'neighborhood' ? next() : null,
    }
  })
  const text = { generations: null, references: null, perplexity: null }
  return { caseId, relation, method, prompts, before: text, after: text }
}

const reading = (share: number): TargetReading => ({
  nll: 4 * share,
  tokens: 2,
  correct: [share < 0.6, share < 0.4],
  argmax: [1, 2],
})

/** A results file as the command reads it. */
export const readResultsFile = (file: string) => readResults(file)
