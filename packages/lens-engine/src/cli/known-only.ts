// `--known-only`: cases -> those whose true answer the unedited model gives, and the line that says how many there are.
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import type { HeaderRecord } from '../evaluation/evaluation-record.js'
import { selectKnownCases, type KnownCases } from '../evaluation/known-cases.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { CommandLine } from './command-line.js'

interface CountFlags {
  readonly cases?: number
  readonly seed: number
}

export const keepKnown = (
  model: LoadedModel,
  cases: readonly EvaluationCase[],
  { cases: count, seed }: CountFlags,
  line: CommandLine,
): Promise<KnownCases> =>
  selectKnownCases(model, cases, {
    ...(count === undefined ? {} : { count }),
    seed,
    onProgress: ({ tested, known }) => line.progress(`${known} known of ${tested} cases asked`),
  })

export function knownLines({ dataset: { known } }: HeaderRecord): readonly string[] {
  if (known === undefined) return []
  const { tested, firstToken, known: all } = known
  return [
    `the unedited model was asked ${tested} cases: it gives the first token of ${firstToken} true answers, all of ${all}`,
  ]
}
