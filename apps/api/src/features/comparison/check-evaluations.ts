// Whether evaluations may stand side by side, and what should be known when they do.
import type { ComparedEvaluation } from './comparison.repository.js'
import type { ComparedArm } from './comparison.type.js'

export interface Refusal {
  readonly code: string
  readonly message: string
  readonly cure: string
  readonly reasons: string[]
}

interface Rule {
  readonly code: string
  readonly message: string
  readonly cure: string
  /** What a reason says of an evaluation; evaluations agree when it is equal. */
  readonly of: (evaluation: ComparedEvaluation) => string | null
}

/** The first rule that is broken decides; null is no objection. */
const rules: readonly Rule[] = [
  {
    code: 'PROTOCOL_MISMATCH',
    message: 'The evaluations were measured under different protocols.',
    cure: 'Compare evaluations of one protocol: equal names of metrics mean different things in different protocols.',
    of: ({ protocol }) => `the protocol ${protocol}`,
  },
  {
    code: 'DATASET_MISMATCH',
    message: 'The evaluations are of different data sets.',
    cure: 'Compare evaluations of one version of a data set.',
    of: ({ datasetName, datasetDigest }) => `${datasetName} (${datasetDigest.slice(0, 12)})`,
  },
  {
    code: 'SETTINGS_MISMATCH',
    message: 'Texts were generated in different ways.',
    cure: 'Repeat one of them with the settings of the other, or compare evaluations without texts.',
    of: ({ settings: { generation } }) =>
      generation ? `texts of ${generation.length} tokens, top ${generation.topK}` : null,
  },
]

/** Null when they may be compared. */
export function refuseEvaluations(
  evaluations: readonly ComparedEvaluation[],
  sharedCases: number,
): Refusal | null {
  for (const { code, message, cure, of } of rules) {
    const found = evaluations.flatMap((one) => {
      const value = of(one)
      return value === null ? [] : { name: one.name, value }
    })
    if (new Set(found.map(({ value }) => value)).size < 2) continue
    return { code, message, cure, reasons: found.map(({ name, value }) => `${name}: ${value}.`) }
  }
  if (evaluations.length < 2 || sharedCases > 0) return null
  return {
    code: 'NO_SHARED_CASES',
    message: 'The evaluations have no case in common.',
    cure: 'Compare evaluations whose slices overlap.',
    reasons: evaluations.map(({ name, cases, sliceName }) => `${name}: ${cases} of ${sliceName}.`),
  }
}

/** What a reader of several evaluations should know. */
export function notesOn(
  evaluations: readonly ComparedEvaluation[],
  counts: { readonly shared: boolean; readonly sharedCases: number; readonly cases: number },
): string[] {
  const notes: string[] = []
  if (!counts.shared)
    notes.push(
      `The arms were asked for different cases: each mean is over the arm’s own, differences are over those that both have (${counts.sharedCases} of ${counts.cases} are of all arms).`,
    )
  const unfinished = evaluations.filter(({ state }) => state !== 'DONE')
  for (const { name, state } of unfinished)
    notes.push(`${name} is not done (${state.toLowerCase()}): its numbers are of the rows so far.`)
  if (new Set(evaluations.map(({ seed }) => seed)).size > 1)
    notes.push('The evaluations have different seeds.')
  const without = evaluations.filter(({ settings }) => settings.divergence === false)
  if (without.length > 0 && without.length < evaluations.length)
    notes.push(`${without.map(({ name }) => name).join(', ')}: without KL to the base model.`)
  return notes
}

/** What a reader of means should know: a method that fails is measured on the cases that it can do, which may be easier. */
export function noteOnFailures(
  arms: readonly Pick<ComparedArm, 'label' | 'n' | 'failed' | 'missing'>[],
): string[] {
  const failing = arms.filter(({ failed }) => failed > 0)
  if (failing.length === 0) return []
  const counts = failing.map(
    ({ label, n, failed, missing }) => `${label} (${failed} of ${n + failed + missing})`,
  )
  return [
    `Cases failed under ${counts.join(', ')}: these means are of the other cases, and differences of those that both did.`,
  ]
}
