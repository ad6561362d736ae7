'use client'
// What narrows the cases: words, relations with their counts, and what a model knows.
import { useState } from 'react'
import { useQuery } from 'urql'
import { AskModelsDocument } from '../../../graphql/generated/graphql'
import { showCount } from '../../lens/numbers'
import { toggle, WHOLE, type BrowseView } from './browse-view'
import type { ChangeBrowse } from './use-browse-view'

export interface RelationFacts {
  readonly relation: string
  readonly cases: number
  readonly example?: string
}

interface RelationListProps {
  readonly relations: readonly RelationFacts[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}

const MANY = 12

export function RelationList({ relations, chosen, onChange }: RelationListProps) {
  const [words, setWords] = useState('')
  const wanted = words.trim().toLowerCase()
  const shown = relations.filter(
    ({ relation }) => chosen.includes(relation) || relation.toLowerCase().includes(wanted),
  )
  const most = relations[0]?.cases ?? 1
  return (
    <fieldset className="relations">
      <legend>
        Relations <span className="faint tabular">{showCount(relations.length)}</span>
        {chosen.length > 0 && (
          <button type="button" className="link" onClick={() => onChange([])}>
            any
          </button>
        )}
      </legend>
      {relations.length > MANY && (
        <input
          type="search"
          className="input"
          placeholder="Find a relation"
          aria-label="Find a relation"
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      )}
      <ul tabIndex={relations.length > MANY ? 0 : undefined} aria-label="Relations">
        {shown.map(({ relation, cases, example }) => (
          <li key={relation}>
            <label title={example}>
              <input
                type="checkbox"
                checked={chosen.includes(relation)}
                onChange={() => onChange(toggle(chosen, relation))}
              />
              <span className="relation-name">{relation}</span>
              <i aria-hidden style={{ width: `${((34 * cases) / most).toFixed(1)}px` }} />
              <span className="tabular muted">{showCount(cases)}</span>
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  )
}

/** Models whose answers can be asked for; the first entry is none. */
export function useModelNames() {
  const [{ data }] = useQuery({ query: AskModelsDocument })
  return data?.models.edges.map(({ node: { id, name } }) => ({ id, name })) ?? []
}

interface FilterPanelProps {
  readonly view: BrowseView
  readonly change: ChangeBrowse
  readonly relations: readonly RelationFacts[]
}

function KnownBy({ view, change }: Omit<FilterPanelProps, 'relations'>) {
  const models = useModelNames()
  return (
    <div className="known-by">
      <label>
        Known by
        <select
          className="input"
          data-testid="known-by"
          value={view.modelId}
          onChange={(event) =>
            change({
              modelId: event.target.value,
              onlyKnown: view.onlyKnown && event.target.value !== '',
            })
          }
        >
          <option value="">do not ask</option>
          {models.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="check">
        <input
          type="checkbox"
          disabled={view.modelId === ''}
          checked={view.onlyKnown}
          onChange={(event) => change({ onlyKnown: event.target.checked })}
        />
        Only what it was found to know
      </label>
      <p className="muted">
        A slice “known by” a model asks the model for every case first, and keeps those it answers
        rightly.
      </p>
    </div>
  )
}

export function FilterPanel({ view, change, relations }: FilterPanelProps) {
  const narrowed = view.search !== '' || view.relations.length > 0 || view.modelId !== ''
  return (
    <section className="card pad filter-panel" aria-label="Filter">
      <label className="stacked">
        Search
        <input
          type="search"
          className="input"
          placeholder="subjects and prompts"
          value={view.search}
          onChange={(event) => change({ search: event.target.value })}
        />
      </label>
      <RelationList
        relations={relations}
        chosen={view.relations}
        onChange={(chosen) => change({ relations: chosen })}
      />
      <KnownBy view={view} change={change} />
      {narrowed && (
        <button type="button" className="link" onClick={() => change(WHOLE)}>
          Show everything
        </button>
      )}
    </section>
  )
}
