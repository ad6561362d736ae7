'use client'
// Model, slice and number of prompts: everything figures need.
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useState, type FormEvent } from 'react'
import { useMutation } from 'urql'
import { StartFiguresDocument, type FigureChoicesQuery } from '../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../edits/complaint'
import { WriteButton } from '../account/write-button'
import { MOST_PROMPTS, type FiguresView } from './figures-view'

interface StartFiguresProps {
  readonly view: FiguresView
  readonly change: (part: Partial<FiguresView>) => void
  readonly choices: FigureChoicesQuery
}

function useStart() {
  const router = useRouter()
  const [{ fetching }, start] = useMutation(StartFiguresDocument)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const run = async (view: FiguresView, modelId: string, sliceId: string) => {
    const { prompts, smallestStep } = view
    const { data, error } = await start({
      input: { modelId, sliceId, prompts, smallestStep, clientMutationId: crypto.randomUUID?.() },
    })
    const set = data?.startFigures.figureSet
    if (set) router.push(`/figures/${set.id}`)
    else setComplaint(complaintOf(error, data?.startFigures.errors))
  }
  return { fetching, complaint, run }
}

function Prompts({
  view,
  change,
  most,
}: Pick<StartFiguresProps, 'view' | 'change'> & { readonly most: number }) {
  return (
    <label>
      <span>Prompts{most > 0 && ` of ${most.toLocaleString('en-US')}`}</span>
      <input
        className="input"
        type="number"
        min={1}
        max={Math.min(MOST_PROMPTS, most || MOST_PROMPTS)}
        value={view.prompts}
        onChange={(event) =>
          change({ prompts: Math.max(1, Math.trunc(event.target.valueAsNumber || 1)) })
        }
      />
    </label>
  )
}

type Models = FigureChoicesQuery['models']['edges'][number]['node'][]
type Slices = FigureChoicesQuery['slices']['edges'][number]['node'][]

interface FieldProps {
  readonly value: string | undefined
  readonly onChange: (id: string) => void
}

function ModelField({ value, models, onChange }: FieldProps & { readonly models: Models }) {
  return (
    <label>
      Model
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {models.map(({ id, name, layers }) => (
          <option key={id} value={id}>
            {name}, {layers} layers
          </option>
        ))}
      </select>
    </label>
  )
}

function SliceField({ value, slices, onChange }: FieldProps & { readonly slices: Slices }) {
  return (
    <label className="grow">
      Slice
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {slices.map(({ id, name, cases, dataset }) => (
          <option key={id} value={id}>
            {name} ({cases.toLocaleString('en-US')} of {dataset.name})
          </option>
        ))}
      </select>
    </label>
  )
}

const SMALLEST_STEP =
  'One change of mlp.down in one layer at a time, until the target is the most probable token: takes much longer'

function SmallestStep({ view, change }: Pick<StartFiguresProps, 'view' | 'change'>) {
  return (
    <label className="check" title={SMALLEST_STEP}>
      <input
        type="checkbox"
        checked={view.smallestStep}
        onChange={(event) => change({ smallestStep: event.target.checked })}
      />
      Fig. 26 too (slow)
    </label>
  )
}

export function StartFiguresForm({ view, change, choices }: StartFiguresProps) {
  const { fetching, complaint, run } = useStart()
  const models = choices.models.edges.map(({ node }) => node).filter(({ available }) => available)
  const slices = choices.slices.edges
    .map(({ node }) => node)
    .filter(({ state }) => state === 'DONE')
  const model =
    models.find(({ id }) => id === view.modelId) ??
    models.find(({ bundled }) => bundled) ??
    models[0]
  const slice = slices.find(({ id }) => id === view.sliceId) ?? slices[0]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (model && slice) void run(view, model.id, slice.id)
  }
  return (
    <form className="card start-figures" onSubmit={submit} data-testid="start-figures">
      <ModelField value={model?.id} models={models} onChange={(modelId) => change({ modelId })} />
      <SliceField value={slice?.id} slices={slices} onChange={(sliceId) => change({ sliceId })} />
      <Prompts view={view} change={change} most={slice?.cases ?? 0} />
      <SmallestStep view={view} change={change} />
      <WriteButton
        verb="draw figures"
        type="submit"
        className="button primary"
        disabled={fetching || !model || !slice}
      >
        {fetching ? 'Starting …' : 'Make the figures'}
      </WriteButton>
      {slices.length === 0 && (
        <p className="muted">
          There is no slice yet: <Link href="/datasets">make one of a data set</Link> first.
        </p>
      )}
      {complaint && (
        <p className="wrong" role="alert">
          {complaint.message} <span className="muted">{complaint.cure}</span>
        </p>
      )}
    </form>
  )
}
