'use client'
// All evaluations, newest first: search, filter, follow, pause, resume, cancel, clone, delete.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useCallback, useState } from 'react'
import { useQuery } from 'urql'
import { Choice } from '../../../components/choice'
import { usePages } from '../../../components/page-list'
import { Problem } from '../../../components/problem'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import {
  AskModelsDocument,
  ProtocolNamesDocument,
  type EvaluationState,
} from '../../../graphql/generated/graphql'
import { METHODS } from '../../edits/edit-words'
import { ImportFile } from '../../exchange/import-file'
import { DeleteEvaluationDialog } from '../delete-dialog'
import { EVALUATION_STATES } from '../evaluation-words'
import { wizardAddress } from '../new/wizard-view'
import { ACTION_LABELS, useEvaluationActions, type ActionName } from '../use-actions'
import type { EvaluationItem } from './evaluation-row'
import {
  formatEvaluationsView,
  parseEvaluationsView,
  type EvaluationsView,
} from './evaluations-filter'
import { EvaluationsTable } from './evaluations-table'
import { EvaluationsLead } from '../evaluations-lead'

type Change = (part: Partial<EvaluationsView>) => void

function useEvaluationsView(): readonly [EvaluationsView, Change] {
  const params = useSearchParams()
  const [view, setView] = useState(() =>
    parseEvaluationsView(new URLSearchParams(params.toString())),
  )
  const change = useCallback<Change>((part) => {
    setView((current) => {
      const next = { ...current, ...part }
      const query = formatEvaluationsView(next)
      setTimeout(() =>
        window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname),
      )
      return next
    })
  }, [])
  return [view, change]
}

const any = { value: '' as const, label: 'any' }

function Filters({ view, change }: { readonly view: EvaluationsView; readonly change: Change }) {
  const [models] = useQuery({ query: AskModelsDocument })
  const [protocols] = useQuery({ query: ProtocolNamesDocument })
  const named = models.data?.models.edges.map(({ node }) => ({ value: node.id, label: node.name }))
  const known = protocols.data?.protocols.map(({ name, title }) => ({ value: name, label: title }))
  return (
    <div className="bar filters">
      <input
        type="search"
        className="input"
        placeholder="Search names and notes"
        aria-label="Search evaluations"
        value={view.search}
        onChange={(event) => change({ search: event.target.value })}
      />
      <Choice
        caption="State"
        value={view.state}
        options={[
          any,
          ...EVALUATION_STATES.map((state) => ({ value: state, label: state.toLowerCase() })),
        ]}
        onChange={(state: EvaluationState | '') => change({ state })}
      />
      <Choice
        caption="Protocol"
        value={view.protocol}
        options={[any, ...(known ?? [])]}
        onChange={(protocol) => change({ protocol })}
      />
      <Choice
        caption="Model"
        value={view.modelId}
        options={[any, ...(named ?? [])]}
        onChange={(modelId) => change({ modelId })}
      />
      <Choice
        caption="Method"
        value={view.method}
        options={[any, ...METHODS.map((method) => ({ value: method as string, label: method }))]}
        onChange={(method) => change({ method })}
      />
    </div>
  )
}

export function EvaluationsPage() {
  const [view, change] = useEvaluationsView()
  const asked = useDebouncedValue(view, 200)
  const pages = usePages(formatEvaluationsView(asked))
  const { act, complaint } = useEvaluationActions()
  const [asking, setAsking] = useState<ActionName | null>(null)
  const [doomed, setDoomed] = useState<EvaluationItem | null>(null)
  const onAction = (name: ActionName, evaluation: EvaluationItem) => {
    setAsking(name)
    if (name === 'delete') setDoomed(evaluation)
    else void act(name, evaluation.id)
  }
  return (
    <main className="page" id="main">
      <div className="bar">
        <h1 className="grow short">Evaluations</h1>
        <ImportFile kind="evaluation" />
        <Link className="button primary" href={wizardAddress({})} prefetch={false}>
          New evaluation
        </Link>
      </div>
      <EvaluationsLead />
      <Filters view={view} change={change} />
      {complaint && asking && (
        <Problem
          title={`${ACTION_LABELS[asking]}: it was refused`}
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        />
      )}
      <EvaluationsTable view={asked} pages={pages} onAction={onAction} />
      <DeleteEvaluationDialog
        name={doomed?.name ?? null}
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && void act('delete', doomed.id)}
      />
    </main>
  )
}
