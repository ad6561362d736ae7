// What a reader of ranks and norms must know about the targets of these prompts.
import type { PromptObservation } from '../prompt-observation.js'

export function targetNotes(observations: readonly PromptObservation[]): readonly string[] {
  const several = observations.filter(({ target }) => target.tokens > 1).length
  const own = observations.filter(({ target }) => target.from === 'true').length
  return [
    ...(several === 0
      ? []
      : [
          `${several} of ${observations.length} targets have more than one token; their first token stands for them.`,
        ]),
    ...(own === 0
      ? []
      : [
          `${own} of ${observations.length} targets are the true answer, as the case teaches none.`,
        ]),
  ]
}
