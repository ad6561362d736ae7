'use client'
// The decision: approve or ask for changes. What others did since the page was read is shown before anything is sent.
import { useEffect, useId, useState } from 'react'
import { Problem } from '../../components/problem'
import type { ReviewDecision } from '../../graphql/generated/graphql'
import { useTalker } from '../comments'
import { keepDraft, readDraft } from '../comments/drafts'
import type { Complaint } from '../edits/complaint'
import { since, type ReviewFacts } from './review-words'
import { Moments } from './timeline'
import type { Moved, ReviewMoves } from './use-review'

interface DecisionProps {
  readonly review: ReviewFacts
  readonly moves: ReviewMoves
}

/** A text that survives reload and refusal. */
export function useKeptText(name: string) {
  const [text, setText] = useState('')
  useEffect(() => setText(readDraft(name)), [name])
  const type = (next: string) => {
    setText(next)
    keepDraft(name, next)
  }
  return [text, type] as const
}

/** The version that the reader has before them: it moves on only when they say so, or by their own doing. */
export function useSeen(review: ReviewFacts) {
  const { person } = useTalker()
  const [seen, setSeen] = useState(review.version)
  const missed = since(review.history, seen)
  const changed = missed.some(({ actor }) => actor.id !== person?.id)
  return { version: changed ? seen : review.version, setSeen, missed, changed }
}

interface MeanwhileProps {
  readonly seen: ReturnType<typeof useSeen>
  readonly review: ReviewFacts
}

export function Meanwhile({ seen, review }: MeanwhileProps) {
  if (!seen.changed) return null
  return (
    <div className="notice meanwhile" role="alert" data-testid="review-meanwhile">
      <b>Meanwhile:</b>
      <Moments moments={seen.missed} />
      <button
        type="button"
        className="button small"
        onClick={() => seen.setSeen(review.version)}
        data-testid="review-go-on"
      >
        I have read it, go on
      </button>
    </div>
  )
}

const DECISIONS: ReadonlyArray<readonly [ReviewDecision, string, string]> = [
  ['REQUEST_CHANGES', 'Request changes', 'button'],
  ['APPROVE', 'Approve', 'button primary'],
]

/** Why the buttons do not answer; null where they do. */
function obstacle(review: ReviewFacts, changed: boolean): string | null {
  if (!review.mayDecide) return review.whyNot ?? 'This review cannot be decided by you.'
  if (changed) return 'Read what happened meanwhile first.'
  return null
}

function useDecision({ review, moves }: DecisionProps) {
  const [text, type] = useKeptText(`REVIEW/${review.id}|decision`)
  const [busy, setBusy] = useState(false)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const seen = useSeen(review)
  const settle = ({ complaint: refused, review: moved }: Moved) => {
    setBusy(false)
    setComplaint(refused)
    if (refused || !moved) return
    type('')
    seen.setSeen(moved.version)
  }
  const decide = (decision: ReviewDecision) => {
    setBusy(true)
    void moves.decide(seen.version, decision, text.trim()).then(settle)
  }
  return { text, type, busy, complaint, seen, decide }
}

export function Decision(props: DecisionProps) {
  const { review } = props
  const { text, type, busy, complaint, seen, decide } = useDecision(props)
  const id = useId()
  const why = obstacle(review, seen.changed)
  const wordless = text.trim() === ''
  // Also whoever was about to decide, and was not fast enough.
  const asked = review.mayDecide || !wordless
  return (
    <section className="card talk-card decision" aria-labelledby={id} data-testid="review-decision">
      <h2 id={id}>Decision</h2>
      {asked && <Meanwhile seen={seen} review={review} />}
      {complaint && (
        <Problem
          title={complaint.code === 'CONFLICT' ? 'Somebody was faster' : 'Nothing was decided'}
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        >
          <span className="muted">Your text is kept below.</span>
        </Problem>
      )}
      {asked && (
        <textarea
          className="input"
          rows={2}
          aria-label="Why"
          placeholder="Why; Markdown. What should be changed, or what convinced you."
          value={text}
          onChange={(event) => type(event.target.value)}
        />
      )}
      <div className="bar">
        <p className="muted grow" data-testid="why-not" aria-live="polite">
          {why ?? (wordless ? 'Requesting changes needs a text.' : '')}
        </p>
        {DECISIONS.map(([decision, label, className]) => (
          <button
            key={decision}
            type="button"
            className={className}
            disabled={busy || why !== null || (decision === 'REQUEST_CHANGES' && wordless)}
            title={why ?? undefined}
            data-testid={`decide-${decision.toLowerCase().replace('_', '-')}`}
            onClick={() => decide(decision)}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  )
}
