'use client'
// The lab: the request left, method and hyperparameters in the middle, prediction and cost right, and Run.
import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { Choice } from '../../../components/choice'
import { Problem } from '../../../components/problem'
import {
  CreateEditDocument,
  EditMethodsDocument,
  LabModelsDocument,
  type LabModelsQuery,
} from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../complaint'
import { useStack } from '../stack/use-stack'
import { useRefusal } from '../../account/me'
import { WriteButton } from '../../account/write-button'
import { HyperparameterFields } from './hyperparameter-fields'
import { onlyKnown, problemOf } from './hyperparameter-model'
import { EMPTY_REQUEST, inputOf, whatIsMissing, withFact, type LabView } from './lab-view'
import { MethodChoice, type MethodFacts } from './method-choice'
import { PreviewPanel } from './preview-panel'
import { ProbeFields } from './probe-fields'
import { RequestFields } from './request-fields'
import { useLabView, writeAddress, type ChangeLab } from './use-lab-view'
import { usePreview } from './use-preview'

type LabModel = LabModelsQuery['models']['edges'][number]['node']

interface PartProps {
  readonly view: LabView
  readonly change: ChangeLab
}

function ModelChoice({
  view,
  change,
  models,
}: PartProps & { readonly models: readonly LabModel[] }) {
  return (
    <Choice
      caption="Model"
      value={view.modelId ?? ''}
      options={models.map(({ id, name, available, hasTokenizer }) => ({
        value: id,
        label: hasTokenizer ? name : `${name} (no tokenizer)`,
        disabled: !available || !hasTokenizer,
      }))}
      onChange={(modelId) =>
        change((now) => ({ ...now, modelId, hyperparameters: {}, onTopOf: [] }))
      }
    />
  )
}

function RequestColumn({ view, change, many }: PartProps & { readonly many: boolean }) {
  const shown = many ? view.requests : view.requests.slice(0, 1)
  const fill: Parameters<typeof RequestFields>[0]['onFact'] = (fact) =>
    change((now) => withFact(now, fact))
  return (
    <section className="card lab-column" aria-label="Request">
      <h2>What shall change</h2>
      {shown.map((request, index) => (
        <RequestFields
          key={index}
          title={`Fact ${index + 1}`}
          request={request}
          modelId={view.modelId}
          onFact={fill}
          onChange={(next) =>
            change((now) => ({
              ...now,
              requests: now.requests.map((one, at) => (at === index ? next : one)),
            }))
          }
          onRemove={
            index === 0
              ? undefined
              : () =>
                  change((now) => ({
                    ...now,
                    requests: now.requests.filter((_, at) => at !== index),
                  }))
          }
        />
      ))}
      {many && (
        <button
          type="button"
          className="link"
          onClick={() => change((now) => ({ ...now, requests: [...now.requests, EMPTY_REQUEST] }))}
        >
          Add another fact to the same edit
        </button>
      )}
      <ProbeFields view={view} change={change} />
      <OnTop view={view} change={change} />
    </section>
  )
}

function OnTop({ view, change }: PartProps) {
  const { stored } = useStack(view.modelId)
  const applied = stored?.map(({ id }) => id) ?? []
  return (
    <div className="lab-pair lab-more">
      <label>
        Seed
        <input
          className="input tabular"
          inputMode="numeric"
          value={view.seed}
          onChange={(event) => {
            const seed = Number(event.target.value)
            if (Number.isSafeInteger(seed) && seed >= 0) change((now) => ({ ...now, seed }))
          }}
        />
      </label>
      {(applied.length > 0 || view.onTopOf.length > 0) && (
        <label className="check">
          <input
            type="checkbox"
            checked={view.onTopOf.length > 0}
            onChange={(event) =>
              change((now) => ({ ...now, onTopOf: event.target.checked ? applied : [] }))
            }
          />
          On top of the applied stack ({(view.onTopOf.length || applied.length).toString()})
        </label>
      )}
    </div>
  )
}

function useLab() {
  const [view, change] = useLabView()
  const [models] = useQuery({ query: LabModelsDocument })
  const found = models.data?.models.edges.map(({ node }) => node) ?? []
  const usable = found.find(({ bundled }) => bundled) ?? found.find(({ available }) => available)
  const model = found.find(({ id }) => id === view.modelId) ?? usable
  const named = view.modelId !== null
  const modelId = model?.id
  useEffect(() => {
    // The address names the model too, so that it means the same to everyone.
    if (!named && modelId) change((now) => ({ ...now, modelId }))
  }, [named, modelId, change])
  const whole: LabView = { ...view, modelId: model?.id ?? view.modelId }
  const [methods] = useQuery({
    query: EditMethodsDocument,
    variables: { modelId: whole.modelId ?? '' },
    pause: whole.modelId === null,
  })
  const list = methods.data?.editMethods ?? []
  const method = list.find(({ name }) => name === view.method)
  return {
    view: whole,
    change,
    models: found,
    model,
    methods: list,
    method,
    failure: methods.error ?? models.error,
  }
}

function wrongHyperparameters(
  method: MethodFacts | undefined,
  view: LabView,
  layers: number,
): string | null {
  const wrong = method?.hyperparameters.find((fact) =>
    problemOf(fact, view.hyperparameters, layers),
  )
  return wrong ? `${wrong.title} cannot have this value.` : null
}

function RunColumn({
  view,
  many,
  blocked,
}: {
  readonly view: LabView
  readonly many: boolean
  readonly blocked: string | null
}) {
  const router = useRouter()
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const [{ fetching }, create] = useMutation(CreateEditDocument)
  const refusal = useRefusal('COMPUTE', 'see what an edit would do')
  const missing = blocked ?? refusal
  const answering = usePreview(missing === null ? inputOf(view, many) : null)
  const run = async () => {
    writeAddress(view)
    const result = await create({ input: inputOf(view, many) })
    const refused = complaintOf(result.error, result.data?.createEdit.errors)
    setComplaint(refused)
    const id = result.data?.createEdit.edit?.id
    if (id && !refused) router.push(`/edits/${id}`)
  }
  return (
    <section className="card lab-column lab-run" aria-label="Prediction and cost">
      <h2>What to expect</h2>
      {/* Above the prediction, which grows when it arrives: a button must not move away under a click. */}
      <WriteButton
        verb="run edits"
        type="button"
        className="button primary"
        data-testid="run-edit"
        disabled={fetching || blocked !== null}
        onClick={() => void run()}
      >
        Run the edit
      </WriteButton>
      {complaint && (
        <Problem
          title="The edit was not started"
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        />
      )}
      <PreviewPanel answering={answering} missing={missing} />
    </section>
  )
}

export function LabPage() {
  const { view, change, models, model, methods, method, failure } = useLab()
  const many = method?.requestsPerEdit === 'MANY'
  const blocked = whatIsMissing(many ? view : { ...view, requests: view.requests.slice(0, 1) })
  const wrong = wrongHyperparameters(method, view, model?.layers ?? 0)
  const choose = (name: string) => {
    const next = methods.find((one) => one.name === name)
    change((now) => ({
      ...now,
      method: name,
      hyperparameters: onlyKnown(now.hyperparameters, next?.hyperparameters ?? []),
    }))
  }
  return (
    <main className="page lab-page" id="main">
      <div className="bar lab-head">
        <h1 className="grow">New edit</h1>
        <ModelChoice view={view} change={change} models={models} />
      </div>
      {failure && methods.length === 0 && (
        <Problem
          title="The lab could not be opened"
          message={failure.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      <RequestColumn view={view} change={change} many={many} />
      <section className="card lab-column" aria-label="Method">
        <h2>How</h2>
        {methods.length === 0 && !failure && <div className="skeleton" style={{ height: 320 }} />}
        {methods.length > 0 && (
          <MethodChoice methods={methods} chosen={view.method} onChoose={choose} />
        )}
        {method && model && (
          <HyperparameterFields
            key={`${method.name} ${model.id}`}
            facts={method.hyperparameters}
            values={view.hyperparameters}
            model={model}
            onChange={(hyperparameters) => change((now) => ({ ...now, hyperparameters }))}
          />
        )}
      </section>
      <RunColumn view={view} many={many} blocked={blocked ?? wrong} />
    </main>
  )
}
