'use client'
// The paper's figures for any model and slice: what was computed, and a way to compute more.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { Problem } from '../../components/problem'
import { When } from '../../components/when'
import { onReconnected } from '../../graphql/connection'
import {
  DeleteFiguresDocument,
  FigureChoicesDocument,
  FigureSetsDocument,
  type FigureChoicesQuery,
  type FigureSetRowFragment,
} from '../../graphql/generated/graphql'
import { complaintOf } from '../edits/complaint'
import { isLive } from '../edits/edit-words'
import { WriteButton } from '../account/write-button'
import { StartFiguresForm } from './start-figures-form'
import { formatFigures, parseFigures, type FiguresView } from './figures-view'
import { FiguresLead } from './figures-lead'

const AGAIN_MS = 4000

function useView(): readonly [FiguresView, (part: Partial<FiguresView>) => void] {
  const params = useSearchParams()
  const [view, setView] = useState(() => parseFigures(new URLSearchParams(params.toString())))
  useEffect(() => {
    const query = formatFigures(view)
    if (query !== window.location.search.slice(1))
      window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname)
  }, [view])
  return [view, (part) => setView((current) => ({ ...current, ...part }))]
}

function State({ set }: { readonly set: FigureSetRowFragment }) {
  return (
    <span className="badge" data-state={set.state.toLowerCase()}>
      {isLive(set.state) ? `${set.done} of ${set.prompts}` : set.state.toLowerCase()}
    </span>
  )
}

interface SetRowProps {
  readonly set: FigureSetRowFragment
  readonly onDelete: (set: FigureSetRowFragment) => void
}

function SetRow({ set, onDelete }: SetRowProps) {
  return (
    <tr>
      <th scope="row">
        <Link href={`/figures/${set.id}`} prefetch={false}>
          {set.name}
        </Link>
      </th>
      <td>{set.model.name}</td>
      <td>{set.slice.name}</td>
      <td className="tabular">{set.prompts.toLocaleString('en-US')}</td>
      <td>
        <State set={set} />
      </td>
      <td>
        <When at={set.createdAt} />
      </td>
      <td>
        <WriteButton
          verb="delete figures"
          type="button"
          className="icon"
          aria-label={`Delete ${set.name}`}
          title="Delete"
          onClick={() => onDelete(set)}
        >
          ×
        </WriteButton>
      </td>
    </tr>
  )
}

function useSets() {
  const [{ data, error }, execute] = useQuery({
    query: FigureSetsDocument,
    variables: { first: 50 },
    requestPolicy: 'cache-and-network',
  })
  const sets = (data?.figureSets.edges ?? []).map(({ node }) => node)
  const running = sets.some(({ state }) => isLive(state))
  useEffect(() => {
    const again = () => execute({ requestPolicy: 'network-only' })
    const stop = onReconnected(again)
    const timer = running ? setInterval(again, AGAIN_MS) : undefined
    return () => {
      stop()
      clearInterval(timer)
    }
  }, [execute, running])
  return {
    sets: data ? sets : null,
    error,
    reload: () => execute({ requestPolicy: 'network-only' }),
  }
}

function Sets({
  sets,
  onDelete,
}: { readonly sets: readonly FigureSetRowFragment[] } & Pick<SetRowProps, 'onDelete'>) {
  if (sets.length === 0)
    return (
      <p className="none" data-testid="no-figures">
        No figures yet. Choose a model and a slice above; the paper used 100 CounterFact prompts.
      </p>
    )
  return (
    <table className="plain-table figure-sets">
      <thead>
        <tr>
          <th scope="col">Figures</th>
          <th scope="col">Model</th>
          <th scope="col">Slice</th>
          <th scope="col">Prompts</th>
          <th scope="col">State</th>
          <th scope="col">Begun</th>
          <th scope="col">
            <span className="hidden-text">Delete</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sets.map((set) => (
          <SetRow key={set.id} set={set} onDelete={onDelete} />
        ))}
      </tbody>
    </table>
  )
}

function Kinds({ kinds }: { readonly kinds: FigureChoicesQuery['figureKinds'] }) {
  return (
    <section className="card pad" aria-labelledby="kinds-title">
      <h2 id="kinds-title">
        What you get{' '}
        <small className="muted">figures of Backward Lens (Katz et al. 2024), for your model</small>
      </h2>
      <ul className="figure-kinds">
        {kinds.map(({ kind, number, title, lookFor }) => (
          <li key={kind}>
            <b>{number}</b> {title}
            <small className="muted">{lookFor}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function FiguresPage() {
  const [view, change] = useView()
  const [{ data: choices }] = useQuery({
    query: FigureChoicesDocument,
    requestPolicy: 'cache-and-network',
  })
  const { sets, error, reload } = useSets()
  const [doomed, setDoomed] = useState<FigureSetRowFragment | null>(null)
  const [{ data: deleted, error: failed }, remove] = useMutation(DeleteFiguresDocument)
  const complaint =
    complaintOf(failed, deleted?.deleteFigures.errors) ??
    (sets ? null : complaintOf(error, undefined))
  return (
    <main className="page" id="main">
      <h1>Figures</h1>
      <FiguresLead />
      {choices ? (
        <StartFiguresForm view={view} change={change} choices={choices} />
      ) : (
        <div className="card skeleton start-figures-wait" />
      )}
      {complaint && (
        <Problem
          title="That did not work"
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        />
      )}
      <section className="card table-card" aria-label="Computed figures" data-testid="figure-sets">
        {sets ? (
          <Sets sets={sets} onDelete={setDoomed} />
        ) : (
          <div className="skeleton" style={{ height: 120 }} />
        )}
      </section>
      {sets && choices && <Kinds kinds={choices.figureKinds} />}
      <ConfirmDialog
        open={doomed !== null}
        title="Delete these figures?"
        action="Delete the figures"
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && void remove({ id: doomed.id }).then(reload)}
      >
        <p>{doomed?.name}: links to it stop working. It can be computed again.</p>
      </ConfirmDialog>
    </main>
  )
}
