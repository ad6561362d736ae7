// Where an annotation stands: proposed until a review accepts it.
import type { AnnotationState } from '../../graphql/generated/graphql'

const WORDS: Readonly<Record<AnnotationState, readonly [word: string, mark: string]>> = {
  PROPOSED: ['proposed', 'queued'],
  ACCEPTED: ['accepted', 'done'],
  REJECTED: ['rejected', 'failed'],
  WITHDRAWN: ['withdrawn', 'cancelled'],
}

export function AnnotationBadge({ state }: { readonly state: AnnotationState }) {
  const [word, mark] = WORDS[state]
  return (
    <span className="badge" data-state={mark} data-testid="annotation-state">
      {word}
    </span>
  )
}
