'use client'
// One evaluation in the list; one that moves follows its progress by itself.
import Link from 'next/link'
import { useEffect, useState } from 'react'
import { useSubscription } from 'urql'
import { PopMenu } from '../../../components/pop-menu'
import {
  EvaluationRowProgressDocument,
  type EvaluationListPartsFragment,
} from '../../../graphql/generated/graphql'
import { useRefusal } from '../../account/me'
import { ageOf } from '../../edits/edit-words'
import { showCount } from '../../lens/numbers'
import { isFinal, isMoving, sayDone, sayFew, sayNames, sayPace, sayTook } from '../evaluation-words'
import { newerProgress } from '../live/progress-model'
import { wizardAddress } from '../new/wizard-view'
import { EvaluationProgressBar } from '../progress-bar'
import { EvaluationStateBadge } from '../state-badge'
import { ACTION_LABELS, actionsOf, type ActionName } from '../use-actions'

export type EvaluationItem = EvaluationListPartsFragment

interface EvaluationRowProps {
  readonly evaluation: EvaluationItem
  readonly now: number
  readonly onEnded: () => void
  readonly onAction: (name: ActionName) => void
}

function useLiveRow(evaluation: EvaluationItem, onEnded: () => void) {
  const known = evaluation.progress
  const [from] = useState(known.version)
  const live = !isFinal(known.state)
  const [{ data }] = useSubscription({
    query: EvaluationRowProgressDocument,
    variables: { evaluationId: evaluation.id, afterVersion: Math.max(0, from - 1) },
    pause: !live,
  })
  const progress = live ? newerProgress(known, data?.evaluationProgress) : known
  const ended = live && isFinal(progress.state)
  useEffect(() => {
    if (ended) onEnded()
  }, [ended, onEnded])
  return progress
}

function Menu({
  evaluation,
  actions,
  onAction,
}: {
  readonly evaluation: EvaluationItem
  readonly actions: readonly ActionName[]
  readonly onAction: (name: ActionName) => void
}) {
  const refusal = useRefusal('COMPUTE', 'steer evaluations')
  return (
    <PopMenu
      label={`Actions of ${evaluation.name}`}
      className="icon"
      button="⋯"
      floating
      testId="evaluation-actions"
    >
      <Link role="menuitem" href={wizardAddress({ from: evaluation.id })} prefetch={false}>
        Clone with changes
      </Link>
      {actions.map((name) => (
        <button
          key={name}
          type="button"
          role="menuitem"
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => onAction(name)}
        >
          {ACTION_LABELS[name]}
        </button>
      ))}
    </PopMenu>
  )
}

function Progress({
  evaluation,
  progress,
  now,
}: {
  readonly evaluation: EvaluationItem
  readonly progress: EvaluationItem['progress']
  readonly now: number
}) {
  const took = sayTook(evaluation.startedAt, evaluation.finishedAt, now)
  const pace = sayPace(progress)
  const ended = isFinal(progress.state) && took ? `took ${took}` : ''
  return (
    <td>
      <EvaluationProgressBar label={`${evaluation.name}: done`} {...progress} />
      <small className="muted tabular">
        {sayDone(progress)}
        {progress.failed > 0 && (
          <span className="wrong">, {showCount(progress.failed)} failed</span>
        )}
      </small>
      <small className="muted tabular">
        {pace || ended || (isMoving(progress.state) ? 'waiting for a worker' : ' ')}
      </small>
    </td>
  )
}

export function EvaluationRow({ evaluation, now, onEnded, onAction }: EvaluationRowProps) {
  const progress = useLiveRow(evaluation, onEnded)
  const models = sayNames(evaluation.arms.map(({ model }) => model.name))
  return (
    <tr data-testid="evaluation-row" data-state={progress.state.toLowerCase()}>
      <td className="row-name">
        <Link href={`/evaluations/${evaluation.id}`} prefetch={false} title={evaluation.name}>
          {evaluation.name}
        </Link>
        <small className="muted">{models}</small>
      </td>
      <td>
        <EvaluationStateBadge state={progress.state} />
        {evaluation.priority !== 0 && (
          <small className="muted">priority {evaluation.priority > 0 ? 'high' : 'low'}</small>
        )}
      </td>
      <Progress evaluation={evaluation} progress={progress} now={now} />
      <td title={evaluation.arms.map(({ name }) => name).join('\n')}>
        <span className="mono eval-methods">
          {sayFew(
            evaluation.arms.map(({ method }) => method),
            2,
          )}
        </span>
        <small className="muted tabular">
          {evaluation.arms.length} arm{evaluation.arms.length === 1 ? '' : 's'},{' '}
          {showCount(evaluation.cases)} cases
        </small>
      </td>
      <td className="one-line" title={evaluation.protocol.title}>
        {evaluation.protocol.title}
        <small className="muted">
          <Link href={`/datasets/${evaluation.dataset.id}`} prefetch={false}>
            {evaluation.slice.name}
          </Link>
        </small>
      </td>
      <td className="muted">
        {evaluation.author}
        <small>
          <time
            dateTime={evaluation.createdAt}
            title={new Date(evaluation.createdAt).toISOString()}
          >
            {ageOf(evaluation.createdAt, now)}
          </time>
        </small>
      </td>
      <td>
        <Menu
          evaluation={evaluation}
          actions={actionsOf(progress.state, progress.failed)}
          onAction={onAction}
        />
      </td>
    </tr>
  )
}
