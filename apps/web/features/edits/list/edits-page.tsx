'use client'
// All edits, newest first: search, filter, choose two to compare, delete; the stack of a model above them.
import Link from 'next/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { useCallback, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { Choice } from '../../../components/choice'
import { ConfirmDialog } from '../../../components/confirm-dialog'
import { usePages } from '../../../components/page-list'
import { Problem } from '../../../components/problem'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import {
  AskModelsDocument,
  DeleteEditDocument,
  type RunState,
} from '../../../graphql/generated/graphql'
import { complaintOf } from '../complaint'
import { editTitle, METHODS } from '../edit-words'
import { ImportFile } from '../../exchange/import-file'
import { InterferenceCard } from '../../interference'
import { labAddress } from '../lab/lab-view'
import { StackCard } from '../stack/stack-card'
import { useStack } from '../stack/use-stack'
import { EditsLead } from './edits-lead'
import { EditsTable } from './edits-table'
import type { EditItem } from './edit-row'
import {
  EDIT_STATES,
  formatEditsView,
  parseEditsView,
  toggleChosen,
  type EditsView,
} from './edits-filter'

/** What a deletion returns holds no edit, so the cache has to be told what changed. */
const CHANGES_EDITS = { additionalTypenames: ['Edit', 'EditConnection', 'EditStack'] }

function useEditsView() {
  const params = useSearchParams()
  const [view, setView] = useState(() => parseEditsView(new URLSearchParams(params.toString())))
  const change = useCallback((part: Partial<EditsView>) => {
    setView((current) => {
      const next = { ...current, ...part }
      const query = formatEditsView(next)
      setTimeout(() =>
        window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname),
      )
      return next
    })
  }, [])
  return [view, change] as const
}

type Models = ReadonlyArray<{ readonly id: string; readonly name: string }>

interface FiltersProps {
  readonly view: EditsView
  readonly change: (part: Partial<EditsView>) => void
  readonly models: Models
}

const any = { value: '' as const, label: 'any' }

function Filters({ view, change, models }: FiltersProps) {
  return (
    <div className="bar filters">
      <input
        type="search"
        className="input"
        placeholder="Search names, subjects and targets"
        aria-label="Search edits"
        value={view.search}
        onChange={(event) => change({ search: event.target.value })}
      />
      <Choice
        caption="Method"
        value={view.method}
        options={[any, ...METHODS.map((method) => ({ value: method as string, label: method }))]}
        onChange={(method) => change({ method })}
      />
      <Choice
        caption="Model"
        value={view.modelId}
        options={[any, ...models.map(({ id, name }) => ({ value: id, label: name }))]}
        onChange={(modelId) => change({ modelId })}
      />
      <Choice
        caption="State"
        value={view.state}
        options={[
          any,
          ...EDIT_STATES.map((state) => ({ value: state, label: state.toLowerCase() })),
        ]}
        onChange={(state: RunState | '') => change({ state })}
      />
      <Choice
        caption="Applied"
        value={view.applied}
        options={[any, { value: 'yes', label: 'yes' }, { value: 'no', label: 'no' }]}
        onChange={(applied) => change({ applied })}
      />
    </div>
  )
}

function Chosen({ chosen }: { readonly chosen: readonly string[] }) {
  const router = useRouter()
  const [a, b] = chosen
  return (
    <button
      type="button"
      className="button"
      disabled={chosen.length !== 2}
      title="Choose two edits in the list"
      onClick={() => a && b && router.push(`/edits/compare?a=${a}&b=${b}`)}
    >
      Compare{chosen.length > 0 ? ` (${chosen.length} of 2)` : ''}
    </button>
  )
}

function Head({ chosen }: { readonly chosen: readonly string[] }) {
  return (
    <>
      <div className="bar">
        <h1 className="grow short">Edits</h1>
        <ImportFile kind="edit" />
        <Chosen chosen={chosen} />
        <Link className="button primary" href={labAddress({})} prefetch={false}>
          New edit
        </Link>
      </div>
      <EditsLead />
    </>
  )
}

function useModels(): Models {
  const [{ data }] = useQuery({ query: AskModelsDocument })
  return data?.models.edges.map(({ node }) => node) ?? []
}

/** What follows the list, once it is known what of it there is: it stands where it is put. */
function BelowList({ modelId }: { readonly modelId: string }) {
  const { loading } = useStack(modelId)
  if (loading) return null
  return (
    <>
      <StackCard modelId={modelId} quiet />
      <InterferenceCard modelId={modelId} />
    </>
  )
}

export function EditsPage() {
  const [view, change] = useEditsView()
  const asked = useDebouncedValue(view, 200)
  const pages = usePages(formatEditsView(asked))
  const models = useModels()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [doomed, setDoomed] = useState<EditItem | null>(null)
  const [listed, setListed] = useState(false)
  const onListed = useCallback(() => setListed(true), [])
  const [{ error, data }, deleteEdit] = useMutation(DeleteEditDocument)
  const refused = complaintOf(error, data?.deleteEdit.errors)
  const stackModel = view.modelId || models[0]?.id || null
  return (
    <main className="page" id="main">
      <Head chosen={chosen} />
      <Filters view={view} change={change} models={models} />
      {refused && (
        <Problem
          title="The edit was not deleted"
          message={refused.message}
          cure={refused.cure}
          code={refused.code}
        />
      )}
      <EditsTable
        view={asked}
        pages={pages}
        chosen={chosen}
        onChoose={(id) => setChosen((current) => toggleChosen(current, id))}
        onDelete={setDoomed}
        onListed={onListed}
      />
      {listed && stackModel && <BelowList key={stackModel} modelId={stackModel} />}
      <ConfirmDialog
        open={doomed !== null}
        title="Delete this edit?"
        action="Delete the edit"
        onClose={() => setDoomed(null)}
        onConfirm={() => {
          if (!doomed) return
          setChosen((current) => current.filter((id) => id !== doomed.id))
          void deleteEdit({ id: doomed.id }, CHANGES_EDITS)
        }}
      >
        <p className="mono">{doomed && editTitle(doomed)}</p>
        <p>
          Its factors and measurements go with it, and links to it stop working. The model is as it
          was: an edit never writes its weights.
        </p>
      </ConfirmDialog>
    </main>
  )
}
