'use client'
// Runs and edits whose gradient points to a token at a layer, from the index of stored projections.
import { useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useQuery } from 'urql'
import { Choice } from '../../components/choice'
import { Problem } from '../../components/problem'
import { usePages } from '../../components/page-list'
import { useDebouncedValue } from '../../components/use-debounced-value'
import {
  SearchProjectionsDocument,
  TokenSearchChoicesDocument,
  type MatrixName,
  type SearchedObject,
  type SearchProjectionsQuery,
  type TokenSearchChoicesQuery,
  type TokenSearchInput,
} from '../../graphql/generated/graphql'
import { complaintOf } from '../edits/complaint'
import { matrixFacts } from '../lens/matrix-names'
import { Token } from '../lens/token'
import { HitRows } from './hit-rows'
import { formatSearch, parseSearch, searchInput, type SearchView } from './search-view'
import { SearchLead } from './search-lead'

const SETTLE_MS = 250
const PAGE = 50

type Model = TokenSearchChoicesQuery['models']['edges'][number]['node']
type Change = (part: Partial<SearchView>) => void
type Search = SearchProjectionsQuery['searchProjections']

function useView(): readonly [SearchView, Change] {
  const params = useSearchParams()
  const [view, setView] = useState(() => parseSearch(new URLSearchParams(params.toString())))
  useEffect(() => {
    const timer = setTimeout(() => {
      const query = formatSearch(view)
      if (query !== window.location.search.slice(1))
        window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname)
    }, SETTLE_MS)
    return () => clearTimeout(timer)
  }, [view])
  return [view, (part) => setView((current) => ({ ...current, ...part }))]
}

const ANY = ''

interface FieldsProps {
  readonly view: SearchView
  readonly change: Change
  readonly models: readonly Model[]
  readonly model: Model | undefined
}

const ENDS = [
  { value: 'EITHER', label: 'written or removed' },
  { value: 'BOTTOM', label: 'written' },
  { value: 'TOP', label: 'removed' },
] as const

const OBJECTS = [
  { value: ANY, label: 'runs and edits' },
  { value: 'RUN', label: 'runs' },
  { value: 'EDIT', label: 'edits' },
] as const

const ANYWHERE = { value: ANY, label: 'any' }

function Places({ view, change, models, model }: FieldsProps) {
  const layers = Array.from({ length: model?.layers ?? 0 }, (_, layer) => String(layer))
  const matrices = (model?.matrices ?? []).map((value) => ({
    value,
    label: matrixFacts(value).label,
  }))
  return (
    <>
      <Choice
        caption="Model"
        value={model?.id ?? ANY}
        options={models.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(modelId) => change({ modelId, tokenId: null, layer: null })}
      />
      <Choice
        caption="Layer"
        value={view.layer === null ? ANY : String(view.layer)}
        options={[ANYWHERE, ...layers.map((value) => ({ value, label: value }))]}
        onChange={(layer) => change({ layer: layer === ANY ? null : Number(layer) })}
      />
      <Choice<MatrixName | ''>
        caption="Matrix"
        value={view.matrix ?? ANY}
        options={[{ value: ANY, label: 'any' }, ...matrices]}
        onChange={(matrix) => change({ matrix: matrix === ANY ? null : matrix })}
      />
    </>
  )
}

function Fields(props: FieldsProps) {
  const { view, change } = props
  return (
    <form className="card token-search" role="search" onSubmit={(event) => event.preventDefault()}>
      <label className="grow">
        Token
        <input
          type="search"
          className="input mono"
          placeholder="Paris"
          autoComplete="off"
          spellCheck={false}
          value={view.token}
          data-testid="search-token"
          onChange={(event) => change({ token: event.target.value, tokenId: null })}
        />
      </label>
      <div className="bar">
        <Places {...props} />
        <Choice
          caption="End"
          value={view.end}
          title="The update subtracts the gradient: its least probable end is what is written"
          options={ENDS}
          onChange={(end) => change({ end })}
        />
        <Choice<SearchedObject | ''>
          caption="In"
          value={view.objects ?? ANY}
          options={OBJECTS}
          onChange={(objects) => change({ objects: objects === ANY ? null : objects })}
        />
      </div>
    </form>
  )
}

function Found({ search, change }: { readonly search: Search; readonly change: Change }) {
  return (
    <p className="bar found" role="status" data-testid="search-found">
      <Token text={search.tokenText} />
      <span>
        {search.capped ? 'more than ' : ''}
        {search.total.toLocaleString('en-US')} {search.total === 1 ? 'cell points' : 'cells point'}{' '}
        to it
      </span>
      <span className="faint tabular">{search.milliseconds.toFixed(0)} ms</span>
      {search.alternatives.length > 0 && (
        <span className="bar">
          <span className="muted">Or:</span>
          {search.alternatives.map(({ id, text }) => (
            <button key={id} type="button" className="chip" onClick={() => change({ tokenId: id })}>
              <Token text={text} />
            </button>
          ))}
        </span>
      )}
    </p>
  )
}

function Page({
  input,
  after,
  last,
  change,
  onMore,
}: {
  readonly input: TokenSearchInput
  readonly after: string | null
  readonly last: boolean
  readonly change: Change
  readonly onMore: (cursor: string | null) => void
}) {
  const [{ data, error, fetching }] = useQuery({
    query: SearchProjectionsDocument,
    variables: { input, first: PAGE, after },
  })
  const complaint = complaintOf(error, undefined)
  const search = data?.searchProjections
  if (complaint)
    return (
      <Problem
        title="The search was not answered"
        message={complaint.message}
        cure={complaint.cure}
        code={complaint.code}
      />
    )
  if (!search) return <div className="card skeleton" style={{ height: 240 }} aria-busy={fetching} />
  return (
    <>
      {after === null && <Found search={search} change={change} />}
      {search.hits.length > 0 && <HitRows hits={search.hits} />}
      {after === null && search.hits.length === 0 && (
        <p className="card pad muted" data-testid="search-none">
          No stored cell has this token among its first or last. Try another layer, either end, or
          one of the tokens above.
        </p>
      )}
      {last && search.nextCursor && (
        <button
          type="button"
          className="button small"
          onClick={() => onMore(search.nextCursor ?? null)}
        >
          More
        </button>
      )}
    </>
  )
}

export function SearchPage() {
  const [view, change] = useView()
  const [{ data }] = useQuery({ query: TokenSearchChoicesDocument })
  const models = (data?.models.edges ?? []).map(({ node }) => node)
  const model =
    models.find(({ id }) => id === view.modelId) ??
    models.find(({ bundled }) => bundled) ??
    models[0]
  const text = useDebouncedValue(JSON.stringify(searchInput(view, model?.id ?? null)), SETTLE_MS)
  const input = JSON.parse(text) as TokenSearchInput | null
  const { after, more } = usePages(text)
  return (
    <main className="page" id="main">
      <h1>Search gradients</h1>
      <SearchLead />
      <Fields view={view} change={change} models={models} model={model} />
      {input &&
        after.map((cursor, index) => (
          <Page
            key={`${text}${cursor ?? ''}`}
            input={input}
            after={cursor}
            last={index === after.length - 1}
            change={change}
            onMore={(endCursor) => more({ hasNextPage: true, endCursor })}
          />
        ))}
    </main>
  )
}
