// Where and how a target is scored: the choices methods offer, and the sequences they stand for.
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterSpec } from '../hyperparameters.js'
import type { PassSequence } from './pass-request.js'

/** How the tokens of a target enter a loss. */
export type TargetObjective = 'first' | 'last-position' | 'teacher-forced'

export const objectiveChoices: Readonly<Record<TargetObjective, string>> = {
  first: 'the first token of the target, read at the last position of the prompt',
  'last-position':
    'every token of the target, all read at the last position of the prompt, as the code of FT does',
  'teacher-forced': 'every token of the target, each read after the tokens before it',
}

export const objectiveSpec = (preset: TargetObjective, literature: string): HyperparameterSpec => ({
  name: 'objective',
  kind: 'choice',
  default: preset,
  choices: objectiveChoices,
  title: 'Objective',
  explanation:
    'Where the tokens of the target are read. For a target of one token all are the same.',
  literature,
  unit: '',
})

/** A sequence whose loss is the mean of -log p over the target's tokens, times `weight`. */
export function objectiveSequence(
  { promptIds, targetIds, last }: PreparedEditRequest,
  objective: TargetObjective,
  weight: number,
): PassSequence {
  if (objective === 'teacher-forced') {
    const share = weight / targetIds.length
    return {
      ids: [...promptIds, ...targetIds.slice(0, -1)],
      scored: targetIds.map((token, step) => ({
        position: last + step,
        tokens: [token],
        weights: [share],
      })),
    }
  }
  const tokens = objective === 'first' ? targetIds.slice(0, 1) : targetIds
  const weights = tokens.map(() => weight / tokens.length)
  return { ids: promptIds, scored: [{ position: last, tokens, weights }] }
}
