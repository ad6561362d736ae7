// What the model says, the loss of the target, what it cost, and how far the gradient can be trusted.
import Link from 'next/link'
import type { ReactNode } from 'react'
import { LENSES } from './matrix-names'
import { sayWhere } from './where-computed'
import { showDuration, showNumber, showPercent } from './numbers'
import { Token } from './token'
import type { RunFacts } from './use-lens-run'

function worstCheck(run: RunFacts): number | null {
  return run.gradientCheck.length > 0
    ? Math.max(...run.gradientCheck.map((check) => check.relativeError))
    : null
}

/** The lab with this run's prompt and target. */
function editAddress({ model, promptText, targetText }: RunFacts): string {
  const query = new URLSearchParams({ model: model.id, prompt: promptText ?? '' })
  query.set('target', targetText?.trim() ?? '')
  return `/edits/new?${query.toString()}`
}

function EditThisFact({ run }: { readonly run: RunFacts }) {
  if (!run.promptText) return null
  return (
    <Link className="link" href={editAddress(run)} prefetch={false} title="Key: e" data-edit>
      Edit this fact
    </Link>
  )
}

function Edits({ run, onUnedited }: Pick<AnswerLineProps, 'onUnedited'> & { run: RunFacts }) {
  return (
    <>
      {run.editIds.map((id, index) => (
        <Link key={id} className="link" href={`/edits/${id}`} prefetch={false}>
          under edit {index + 1}
        </Link>
      ))}
      {run.editIds.length > 0 && onUnedited && (
        <button
          type="button"
          className="link"
          title="Run keeps the edits; this asks the same without them"
          data-testid="ask-unedited"
          onClick={onUnedited}
        >
          without edits
        </button>
      )}
    </>
  )
}

interface AnswerLineProps {
  readonly run: RunFacts | null
  /** What people say about it, at the end of the line. */
  readonly talk?: ReactNode
  /** null where Run would not keep them anyway. */
  readonly onUnedited: (() => void) | null
}

export function AnswerLine({ run, talk, onUnedited }: AnswerLineProps) {
  if (!run?.answer)
    return (
      <div className="answer" data-testid="answer-line">
        {run && <Edits run={run} onUnedited={onUnedited} />}
      </div>
    )
  const check = worstCheck(run)
  const { device } = run
  return (
    <div className="answer" data-testid="answer-line">
      <span>
        The model says <Token text={run.answer.token.text} />{' '}
        {showPercent(run.answer.token.probability)}
      </span>
      <span title="Sum of −log p over the scored target tokens, in nats">
        Loss for{' '}
        <Token
          text={run.targetTokens.map((token) => token.text).join('') || run.targetText || ''}
        />{' '}
        {showNumber(run.loss, 4)}
      </span>
      {run.durationSeconds !== null && run.durationSeconds !== undefined && (
        <span title={device ? sayWhere(device) : undefined}>
          {showDuration(run.durationSeconds)}
          {device ? ` on ${device.name}` : ''}
        </span>
      )}
      {check !== null && (
        <span title="Largest relative difference, over the matrices, between the directional derivative by the factors and by a central difference">
          Gradient check {showNumber(check, 2)}
        </span>
      )}
      <span className="faint">{LENSES[run.lens].label} lens</span>
      <Edits run={run} onUnedited={onUnedited} />
      <EditThisFact run={run} />
      {talk}
    </div>
  )
}
