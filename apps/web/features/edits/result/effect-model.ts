// What an edit did, prompt by prompt: verdicts, counts, and the two distributions side by side.
import type { EditQuery } from '../../../graphql/generated/graphql'

export type EditFacts = NonNullable<EditQuery['edit']>
export type Effect = NonNullable<EditFacts['effect']>
export type PromptEffect = Effect['prompts'][number]
export type LayerEffect = Effect['lens'][number]
export type NextToken = PromptEffect['before']

export interface Verdict {
  readonly tone: 'good' | 'part' | 'bad'
  readonly label: string
  readonly meaning: string
}

const top = (next: NextToken) => next.top[0]

const moved = ({ before, after }: PromptEffect): boolean => top(before)?.id !== top(after)?.id

const VERDICTS = {
  says: {
    tone: 'good',
    label: 'says the target',
    meaning: 'Each token of the target is now the most probable one.',
  },
  prefers: {
    tone: 'part',
    label: 'prefers the target',
    meaning: 'The target is more probable than the answer before, but is not what the model says.',
  },
  missed: { tone: 'bad', label: 'not reached', meaning: 'The target is not what the model says.' },
  kept: { tone: 'good', label: 'kept', meaning: 'The model still says what it said.' },
  leaked: {
    tone: 'bad',
    label: 'leaked',
    meaning: 'The model now says the target here too, where it should not.',
  },
  changed: { tone: 'bad', label: 'changed', meaning: 'The model no longer says what it said.' },
  same: { tone: 'part', label: 'same answer', meaning: 'The most probable token is the same.' },
  other: { tone: 'part', label: 'other answer', meaning: 'The most probable token is another.' },
} as const satisfies Record<string, Verdict>

function rewriteVerdict({ after }: PromptEffect): Verdict {
  if (after.argmaxIsTarget) return VERDICTS.says
  const { targetProbability, truthProbability } = after
  const prefers =
    targetProbability !== null && truthProbability !== null && targetProbability > truthProbability
  return prefers ? VERDICTS.prefers : VERDICTS.missed
}

function neighborVerdict(prompt: PromptEffect): Verdict {
  if (!moved(prompt)) return VERDICTS.kept
  return prompt.after.argmaxIsTarget === true && prompt.before.argmaxIsTarget !== true
    ? VERDICTS.leaked
    : VERDICTS.changed
}

export function verdictOf(prompt: PromptEffect): Verdict {
  if (prompt.kind === 'NEIGHBORHOOD') return neighborVerdict(prompt)
  // Whoever asks wants to know what is said, not that it is the target.
  if (prompt.kind === 'ASKED') return moved(prompt) ? VERDICTS.other : VERDICTS.same
  return rewriteVerdict(prompt)
}

export interface Share {
  readonly good: number
  readonly of: number
}

export function shareOf(prompts: readonly PromptEffect[], kind: PromptEffect['kind']): Share {
  const chosen = prompts.filter((prompt) => prompt.kind === kind)
  return {
    good: chosen.filter((prompt) => verdictOf(prompt).tone === 'good').length,
    of: chosen.length,
  }
}

export interface TokenPair {
  readonly id: number
  readonly text: string
  /** null: not among the most probable tokens that were kept. */
  readonly before: number | null
  readonly after: number | null
}

/** The tokens of both distributions, the most probable of either first. */
export function pairTokens(before: NextToken, after: NextToken, most: number): TokenPair[] {
  const pairs = new Map<number, TokenPair>()
  for (const { id, text, probability } of before.top)
    pairs.set(id, { id, text, before: probability, after: null })
  for (const { id, text, probability } of after.top)
    pairs.set(id, { id, text, before: pairs.get(id)?.before ?? null, after: probability })
  const weight = (pair: TokenPair) => Math.max(pair.before ?? 0, pair.after ?? 0)
  return [...pairs.values()].toSorted((a, b) => weight(b) - weight(a)).slice(0, most)
}

/** Layers from last to first, as the lens shows them. */
export function lensRows(lens: readonly LayerEffect[]): LayerEffect[] {
  return lens.toSorted((a, b) => b.layer - a.layer)
}

export const layerName = (layer: number): string => (layer < 0 ? 'embed' : String(layer))

type Level = EditFacts['growth'][number]['level']
const SEVERITY: readonly Level[] = ['FINE', 'LARGE', 'LIKELY_TO_BREAK']

/** The matrix that was changed most strongly; null where nothing was. */
export function worstGrowth<G extends { readonly level: Level; readonly spectral: number }>(
  growth: readonly G[],
): G | null {
  const rank = (row: G) => SEVERITY.indexOf(row.level)
  return growth.toSorted((a, b) => rank(b) - rank(a) || b.spectral - a.spectral)[0] ?? null
}
