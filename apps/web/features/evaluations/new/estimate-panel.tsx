'use client'
// What will be computed and what it costs, asked a moment after the question stops changing; and the button that starts it.
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import {
  EstimateEvaluationDocument,
  StartEvaluationDocument,
  type EstimateEvaluationQuery,
  type StartEvaluationInput,
} from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../../edits/complaint'
import { showCount } from '../../lens/numbers'
import { saySeconds } from '../../models/import-facts'
import { showBytes } from '../../models/model-facts'
import { WriteButton } from '../../account/write-button'
import { writeAddress, type Wizard } from './use-wizard'
import { casesOf, evaluationInput } from './wizard-model'

type Estimate = EstimateEvaluationQuery['estimateEvaluation']

const NOTHING: StartEvaluationInput = { sliceId: '', protocol: '', arms: [] }

function useEstimate(input: StartEvaluationInput | null) {
  const asked = useDebouncedValue(input === null ? null : JSON.stringify(input), 400)
  const [{ data, error, fetching, operation }] = useQuery({
    query: EstimateEvaluationDocument,
    variables: { input: asked === null ? NOTHING : (JSON.parse(asked) as StartEvaluationInput) },
    pause: asked === null,
    requestPolicy: 'network-only',
  })
  const answers = JSON.stringify(operation?.variables.input) === asked
  const fresh = input !== null && asked === JSON.stringify(input) && answers && !fetching
  return {
    estimate: data?.estimateEvaluation ?? null,
    complaint: complaintOf(error, undefined),
    fresh,
  }
}

function Numbers({
  estimate,
  wizard,
}: {
  readonly estimate: Estimate | null
  readonly wizard: Wizard
}) {
  const { resolved } = wizard
  const cases = casesOf(resolved)
  const facts: ReadonlyArray<readonly [string, string]> = [
    ['Arms', showCount(resolved.armCount)],
    ['Cases', cases === null ? '–' : showCount(cases)],
    ['In all', estimate ? `${showCount(estimate.edits)} edits` : '–'],
    [
      'Time',
      estimate === null
        ? '–'
        : estimate.seconds === null
          ? 'not known yet'
          : `about ${saySeconds(estimate.seconds)}`,
    ],
    ['Stored', estimate && estimate.bytes !== null ? showBytes(estimate.bytes) : '–'],
  ]
  return (
    <dl className="facts" data-testid="estimate">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="tabular">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Lists({ estimate }: { readonly estimate: Estimate }) {
  return (
    <>
      {estimate.problems.map(({ code, message, cure }) => (
        <Problem key={message} title={message} message={cure} code={code} />
      ))}
      {estimate.missing.length > 0 && (
        <details className="wizard-arms">
          <summary>Needs, made first where absent ({estimate.missing.length})</summary>
          <ul className="preview-list">
            {estimate.missing.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
      {estimate.notes.length > 0 && (
        <ul className="preview-list muted">
          {estimate.notes.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </>
  )
}

const ARMS_SHOWN = 64
const ARMS_OPEN = 16

function Arms({ wizard }: { readonly wizard: Wizard }) {
  const { arms } = wizard.resolved
  if (arms.length === 0) return null
  return (
    <details className="wizard-arms" open={arms.length <= ARMS_OPEN}>
      <summary>
        {showCount(arms.length)} arm{arms.length === 1 ? '' : 's'}
      </summary>
      <ol data-testid="arms">
        {arms.slice(0, ARMS_SHOWN).map(({ name }) => (
          <li key={name} className="mono">
            {name}
          </li>
        ))}
      </ol>
      {arms.length > ARMS_SHOWN && (
        <p className="muted">and {showCount(arms.length - ARMS_SHOWN)} more</p>
      )}
    </details>
  )
}

function useStart(wizard: Wizard) {
  const router = useRouter()
  const [{ fetching }, start] = useMutation(StartEvaluationDocument)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  /** Kept while the same question is asked, so that pressing twice starts one. */
  const request = useRef({ asked: '', id: '' })
  const run = async () => {
    const asked = JSON.stringify(evaluationInput(wizard.resolved))
    if (request.current.asked !== asked)
      request.current = { asked, id: `${Date.now()}-${Math.random().toString(36).slice(2)}` }
    const input = evaluationInput(wizard.resolved, request.current.id)
    if (!input) return
    writeAddress(wizard.view)
    const { data, error } = await start({ input })
    const refused = complaintOf(error, data?.startEvaluation.errors)
    setComplaint(refused)
    const id = data?.startEvaluation.evaluation?.id
    if (id && !refused) router.push(`/evaluations/${id}`)
  }
  return { run, fetching, complaint }
}

export function EstimatePanel({ wizard }: { readonly wizard: Wizard }) {
  const { ready, missing, resolved, view, change } = wizard
  const input = ready && missing.length === 0 ? evaluationInput(resolved) : null
  const { estimate, complaint, fresh } = useEstimate(input)
  const { run, fetching, complaint: refused } = useStart(wizard)
  const blocked = fresh && (estimate?.problems.length ?? 0) > 0
  return (
    <section className="card pad wizard-run" aria-label="What will be computed">
      <label className="stacked">
        Name
        <input
          className="input"
          value={view.name}
          placeholder="made from its methods and slice"
          data-testid="wizard-name"
          onChange={(event) => change({ name: event.target.value })}
        />
      </label>
      {/* Above the estimate, which grows when it arrives: a button must not move away under a click. */}
      <WriteButton
        verb="start evaluations"
        type="button"
        className="button primary"
        data-testid="start-evaluation"
        disabled={fetching || input === null || blocked}
        onClick={() => void run()}
      >
        Start
      </WriteButton>
      <p className="muted wizard-why" aria-live="polite">
        {missing[0]?.text ?? (fresh || !ready ? '' : 'estimating …')}
      </p>
      {refused && (
        <Problem
          title="It was not started"
          message={refused.message}
          cure={refused.cure}
          code={refused.code}
        />
      )}
      <div className="wizard-estimate" aria-busy={!fresh}>
        <Numbers estimate={input ? estimate : null} wizard={wizard} />
        <Arms wizard={wizard} />
        {/* Last, as it comes late: what stands above does not move. */}
        {input && complaint && <Problem title={complaint.message} message={complaint.cure} />}
        {input && estimate && <Lists estimate={estimate} />}
      </div>
    </section>
  )
}
