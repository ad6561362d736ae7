'use client'
// What the one who asked for a review can do with it: send, withdraw, open it again, ask others.
import { useState } from 'react'
import { Problem } from '../../components/problem'
import { useTalker } from '../comments'
import type { Complaint } from '../edits/complaint'
import { ReviewersField, type Asked } from './reviewers-field'
import { canReopen, canSubmit, canWithdraw, type ReviewFacts } from './review-words'
import type { Moved, ReviewMoves } from './use-review'

interface RequesterActionsProps {
  readonly review: ReviewFacts
  readonly moves: ReviewMoves
}

const askedOf = ({ reviewers, reviewerRoles }: ReviewFacts): Asked => ({
  ids: reviewers.map(({ id }) => id),
  roles: [...reviewerRoles],
})

function Reviewers({
  review,
  onSave,
  onCancel,
}: {
  readonly review: ReviewFacts
  readonly onSave: (asked: Asked) => void
  readonly onCancel: () => void
}) {
  const [asked, setAsked] = useState(askedOf(review))
  return (
    <div className="reviewers-form">
      <ReviewersField asker={review.requestedBy.id} asked={asked} onChange={setAsked} />
      <div className="bar">
        <button type="button" className="button small primary" onClick={() => onSave(asked)}>
          Ask them
        </button>
        <button type="button" className="button small" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </div>
  )
}

type Move = 'submit' | 'reopen' | 'withdraw'

interface Button {
  readonly move: Move
  readonly label: string
  readonly shown: boolean
}

function buttonsOf({ state }: ReviewFacts): readonly Button[] {
  const again = state === 'CHANGES_REQUESTED'
  const buttons: readonly Button[] = [
    { move: 'submit', label: again ? 'Resubmit' : 'Ask for the review', shown: canSubmit(state) },
    { move: 'reopen', label: 'Open again', shown: canReopen(state) },
    { move: 'withdraw', label: 'Withdraw', shown: canWithdraw(state) },
  ]
  return buttons.filter(({ shown }) => shown)
}

function useRequester({ review, moves }: RequesterActionsProps) {
  const [busy, setBusy] = useState(false)
  const [changing, setChanging] = useState(false)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const act = async (moving: Promise<Moved>) => {
    setBusy(true)
    const moved = await moving
    setBusy(false)
    setComplaint(moved.complaint)
    if (!moved.complaint) setChanging(false)
  }
  const { version } = review
  const run: Readonly<Record<Move, () => Promise<Moved>>> = {
    submit: () => moves.submit(version),
    reopen: () => moves.reopen(version, ''),
    withdraw: () => moves.withdraw(version, ''),
  }
  const ask = ({ ids, roles }: Asked) =>
    void act(moves.changeReviewers(version, [...ids], [...roles]))
  return { busy, changing, setChanging, complaint, ask, move: (one: Move) => void act(run[one]()) }
}

export function RequesterActions(props: RequesterActionsProps) {
  const { review } = props
  const talker = useTalker()
  const { busy, changing, setChanging, complaint, ask, move } = useRequester(props)
  const own = talker.person?.id === review.requestedBy.id
  if (!own && !talker.may('ADMINISTER')) return null
  return (
    <div className="requester" data-testid="requester-actions">
      <div className="bar">
        {buttonsOf(review).map((button) => (
          <button
            key={button.move}
            type="button"
            className={`button small ${button.move === 'submit' ? 'primary' : ''}`}
            disabled={busy}
            data-testid={`review-${button.move}`}
            onClick={() => move(button.move)}
          >
            {button.label}
          </button>
        ))}
        {canWithdraw(review.state) && (
          <button type="button" className="link" onClick={() => setChanging(!changing)}>
            Change who is asked
          </button>
        )}
      </div>
      {changing && <Reviewers review={review} onSave={ask} onCancel={() => setChanging(false)} />}
      {complaint && (
        <Problem
          title="It was refused"
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        />
      )}
    </div>
  )
}
