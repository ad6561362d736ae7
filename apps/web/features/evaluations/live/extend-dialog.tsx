'use client'
// What an evaluation can be extended by: more cases, more methods; what is computed stays.
import { Dialog } from 'radix-ui'
import { useState } from 'react'
import { useQuery } from 'urql'
import { DialogFrame } from '../../../components/dialog-frame'
import { Problem } from '../../../components/problem'
import { EditChoicesDocument, type ArmInput } from '../../../graphql/generated/graphql'
import { toggle } from '../../datasets/browse/browse-view'
import { showCount } from '../../lens/numbers'
import type { EvaluationActions } from '../use-actions'
import { WriteButton } from '../../account/write-button'
import type { LiveEvaluation } from './progress-model'

export interface ExtendProps {
  readonly evaluation: LiveEvaluation
  readonly actions: EvaluationActions
}

type ExtendDialogProps = ExtendProps & { readonly onClose: () => void }

function MoreMethods({
  evaluation,
  chosen,
  onChange,
}: {
  readonly evaluation: LiveEvaluation
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}) {
  const [{ data }] = useQuery({
    query: EditChoicesDocument,
    variables: { modelId: evaluation.arms[0]?.model.id ?? '' },
    pause: evaluation.arms.length === 0,
  })
  const there = new Set(evaluation.arms.map(({ method }) => method))
  const others = (data?.editMethods ?? []).filter(({ name }) => !there.has(name))
  if (others.length === 0)
    return (
      <p className="muted">Every method is there already. Clone it to change hyperparameters.</p>
    )
  return (
    <fieldset className="extend-methods">
      <legend>More methods, with their defaults</legend>
      {others.map(({ name, title }) => (
        <label key={name} className="check" title={title}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={() => onChange(toggle(chosen, name))}
          />
          <span className="mono">{name}</span>
        </label>
      ))}
    </fieldset>
  )
}

function armsOf(evaluation: LiveEvaluation, methods: readonly string[]): ArmInput[] {
  const models = [...new Map(evaluation.arms.map(({ model }) => [model.id, model])).values()]
  return methods.flatMap((method) =>
    models.map(({ id, name }) => ({
      modelId: id,
      method,
      name: models.length > 1 ? `${method}, ${name}` : method,
    })),
  )
}

function Fields({ evaluation, actions, onClose }: ExtendDialogProps) {
  const most = evaluation.canExtendTo
  const [cases, setCases] = useState(String(Math.min(most, evaluation.cases * 2)))
  const [methods, setMethods] = useState<readonly string[]>([])
  const wanted = Number(cases)
  const more = Number.isSafeInteger(wanted) && wanted > evaluation.cases ? wanted : null
  const wrong = !Number.isSafeInteger(wanted) || wanted > most
  const extend = async () => {
    const arms = armsOf(evaluation, methods)
    if (await actions.extend(evaluation.id, more, arms.length > 0 ? arms : null)) onClose()
  }
  return (
    <>
      <label className="stacked">
        Cases: {showCount(evaluation.cases)} now, the slice holds {showCount(most)}
        <input
          className="input tabular"
          inputMode="numeric"
          aria-invalid={wrong || undefined}
          disabled={most <= evaluation.cases}
          value={cases}
          onChange={(event) => setCases(event.target.value)}
        />
      </label>
      <MoreMethods evaluation={evaluation} chosen={methods} onChange={setMethods} />
      {actions.complaint && (
        <Problem
          title="It was not extended"
          message={actions.complaint.message}
          cure={actions.complaint.cure}
          code={actions.complaint.code}
        />
      )}
      <div className="dialog-actions">
        <Dialog.Close className="button">Cancel</Dialog.Close>
        <WriteButton
          verb="extend evaluations"
          type="button"
          className="button primary"
          data-testid="extend"
          disabled={actions.busy || wrong || (more === null && methods.length === 0)}
          onClick={() => void extend()}
        >
          Extend
        </WriteButton>
      </div>
    </>
  )
}

export function ExtendDialog(props: ExtendDialogProps) {
  return (
    <DialogFrame onClose={props.onClose}>
      <Dialog.Title>Extend {props.evaluation.name}</Dialog.Title>
      <p className="muted">What is computed stays; only what is new is computed.</p>
      <div className="extend">
        <Fields {...props} />
      </div>
    </DialogFrame>
  )
}
