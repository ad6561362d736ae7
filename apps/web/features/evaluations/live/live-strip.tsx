'use client'
// How far an evaluation is and what can be done with it, in a strip that keeps its height whatever happens.
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Choice } from '../../../components/choice'
import { Problem } from '../../../components/problem'
import { useNow } from '../../datasets/use-now'
import { DeleteEvaluationDialog } from '../delete-dialog'
import { isFinal, isMoving, sayDone, sayPace, sayTook } from '../evaluation-words'
import { PRIORITIES, wizardAddress } from '../new/wizard-view'
import { EvaluationProgressBar } from '../progress-bar'
import { EvaluationStateBadge } from '../state-badge'
import { ACTION_LABELS, actionsOf, canExtend, type EvaluationActions } from '../use-actions'
import { WriteButton } from '../../account/write-button'
import { ExtendButton } from './extend-button'
import { FailuresButton } from './failures'
import type { LiveEvaluation, Progress } from './progress-model'

interface StripProps {
  readonly evaluation: LiveEvaluation
  readonly progress: Progress
  readonly actions: EvaluationActions
  /** Whether there are results to look at before the end, and whether they are looked at. */
  readonly peek: { readonly possible: boolean; readonly on: boolean; readonly toggle: () => void }
}

function Facts({ evaluation, progress, actions }: Omit<StripProps, 'peek'>) {
  const now = useNow(isFinal(progress.state) ? 30_000 : 1000)
  const took = sayTook(evaluation.startedAt, evaluation.finishedAt, now)
  const waiting = isMoving(progress.state) && progress.workers === 0
  return (
    <p className="live-facts tabular">
      <EvaluationStateBadge state={progress.state} />
      <b data-testid="live-done">{sayDone(progress)}</b>
      <FailuresButton evaluation={evaluation} failed={progress.failed} actions={actions} />
      <span className="muted">{sayPace(progress)}</span>
      {took && (
        <span className="muted" suppressHydrationWarning>
          {isFinal(progress.state) ? `took ${took}` : took}
        </span>
      )}
      {isMoving(progress.state) && (
        <Link className="muted" href="/workers" prefetch={false}>
          {waiting
            ? 'waiting for a worker'
            : `${progress.workers} worker${progress.workers === 1 ? '' : 's'}`}
        </Link>
      )}
    </p>
  )
}

function Priority({ evaluation, actions }: Pick<StripProps, 'evaluation' | 'actions'>) {
  const known = PRIORITIES.some(([value]) => value === evaluation.priority)
  const options = PRIORITIES.map(([value, label]) => ({ value: String(value), label }))
  return (
    <Choice
      caption="Priority"
      value={String(evaluation.priority)}
      title="Evaluations of a higher priority go first; those of one priority share the workers between teams"
      options={
        known
          ? options
          : [...options, { value: String(evaluation.priority), label: String(evaluation.priority) }]
      }
      onChange={(value) => void actions.setPriority(evaluation.id, Number(value))}
    />
  )
}

function Buttons({ evaluation, progress, actions, peek }: StripProps) {
  const router = useRouter()
  const [doomed, setDoomed] = useState(false)
  const possible = actionsOf(progress.state, progress.failed).filter((name) => name !== 'retry')
  const remove = async () => {
    if (await actions.act('delete', evaluation.id)) router.push('/evaluations')
  }
  return (
    <div className="live-buttons">
      {peek.possible && (
        <button
          type="button"
          className="button small"
          aria-pressed={peek.on}
          onClick={peek.toggle}
          data-testid="peek"
        >
          {peek.on ? 'Live view' : 'Comparison so far'}
        </button>
      )}
      {possible.map((name) => (
        <WriteButton
          verb="steer evaluations"
          key={name}
          type="button"
          className="button small"
          disabled={actions.busy}
          data-testid={`${name}-evaluation`}
          onClick={() =>
            name === 'delete' ? setDoomed(true) : void actions.act(name, evaluation.id)
          }
        >
          {ACTION_LABELS[name]}
        </WriteButton>
      ))}
      {canExtend(progress.state) && <ExtendButton evaluation={evaluation} actions={actions} />}
      <Link className="button small" href={wizardAddress({ from: evaluation.id })} prefetch={false}>
        Clone
      </Link>
      {!isFinal(progress.state) && <Priority evaluation={evaluation} actions={actions} />}
      <DeleteEvaluationDialog
        name={doomed ? evaluation.name : null}
        onClose={() => setDoomed(false)}
        onConfirm={() => void remove()}
      />
    </div>
  )
}

export function LiveStrip(props: StripProps) {
  const { evaluation, progress, actions } = props
  const failed = progress.state === 'FAILED'
  const trouble = failed ? (progress.error ?? evaluation.error) : progress.waiting
  return (
    <section className="card live-strip" aria-label="Progress" data-testid="live-strip">
      <div className="live-line">
        <Facts evaluation={evaluation} progress={progress} actions={actions} />
        <Buttons {...props} />
      </div>
      <EvaluationProgressBar label="Edits done" {...progress} />
      <p className="hidden-text" role="status">
        {sayDone(progress)}
      </p>
      {trouble && (
        <Problem
          title={
            failed ? 'The evaluation cannot go on' : 'It waits for a worker that can compute it'
          }
          message={trouble.message}
          cure={trouble.cure}
          code={trouble.code}
        />
      )}
      {actions.complaint && (
        <Problem
          title="It was refused"
          message={actions.complaint.message}
          cure={actions.complaint.cure}
          code={actions.complaint.code}
        />
      )}
    </section>
  )
}
