'use client'
// Saved prompts: keep one, find it again, open it in the lens.
import { useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { Choice } from '../../components/choice'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { usePages, type PageInfo } from '../../components/page-list'
import { Problem } from '../../components/problem'
import { useDebouncedValue } from '../../components/use-debounced-value'
import {
  DeletePromptDocument,
  PromptsDocument,
  type PromptPartsFragment,
} from '../../graphql/generated/graphql'
import { PromptForm } from './prompt-form'
import { PromptRow } from './prompt-row'

const PAGE = 20

/** What a deletion returns holds no prompt, so the cache has to be told that lists and counts changed. */
const CHANGES_PROMPTS = { additionalTypenames: ['Prompt', 'PromptConnection'] }

interface ChunkProps {
  readonly after: string | null
  readonly search: string
  readonly tag: string
  readonly last: boolean
  readonly onMore: (info: PageInfo) => void
  readonly onTag: (tag: string) => void
  readonly onDelete: (prompt: PromptPartsFragment) => void
}

function PromptsChunk({ after, search, tag, last, onMore, onTag, onDelete }: ChunkProps) {
  const filter = { ...(search && { search }), ...(tag && { tag }) }
  const [{ data, error }] = useQuery({
    query: PromptsDocument,
    variables: { first: PAGE, after, filter },
    requestPolicy: 'cache-and-network',
  })
  if (error && !data)
    return (
      <Problem
        title="The prompts could not be read"
        message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
      />
    )
  if (!data)
    return Array.from({ length: 5 }, (_, index) => (
      <li key={index} className="skeleton line" aria-hidden />
    ))
  const prompts = data.prompts.edges
  return (
    <>
      {prompts.map(({ node }) => (
        <PromptRow key={node.id} prompt={node} onTag={onTag} onDelete={() => onDelete(node)} />
      ))}
      {prompts.length === 0 && after === null && (
        <li className="none">
          {search || tag
            ? 'No prompt matches this filter.'
            : 'No prompt is kept yet. Save one above, or from the lens.'}
        </li>
      )}
      {last && data.prompts.pageInfo.hasNextPage && (
        <li className="more">
          <button type="button" className="button" onClick={() => onMore(data.prompts.pageInfo)}>
            Load more
          </button>
        </li>
      )}
    </>
  )
}

interface FiltersProps {
  readonly search: string
  readonly onSearch: (search: string) => void
  readonly tag: string
  readonly onTag: (tag: string) => void
}

function Filters({ search, onSearch, tag, onTag }: FiltersProps) {
  const [{ data: known }] = useQuery({
    query: PromptsDocument,
    variables: { first: PAGE, after: null, filter: {} },
  })
  const tags = [...new Set([...(known?.promptTags ?? []), ...(tag ? [tag] : [])])]
  return (
    <div className="bar filters">
      <input
        type="search"
        className="input"
        placeholder="Search prompts"
        aria-label="Search prompts"
        value={search}
        onChange={(event) => onSearch(event.target.value)}
      />
      <Choice
        caption="Tag"
        value={tag}
        options={[{ value: '', label: 'any' }, ...tags.map((value) => ({ value, label: value }))]}
        onChange={onTag}
      />
    </div>
  )
}

export function PromptsPage() {
  const [search, setSearch] = useState('')
  const [tag, setTag] = useState('')
  const [doomed, setDoomed] = useState<PromptPartsFragment | null>(null)
  const asked = useDebouncedValue(search.trim(), 200)
  const pages = usePages(`${asked}\n${tag}`)
  const [{ error }, deletePrompt] = useMutation(DeletePromptDocument)
  return (
    <main className="page" id="main">
      <h1>Prompts</h1>
      <PromptForm onSaved={() => setSearch('')} />
      <Filters search={search} onSearch={setSearch} tag={tag} onTag={setTag} />
      {error && (
        <Problem
          title="The prompt was not deleted"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      <ul className="card prompt-list">
        {pages.after.map((after, index) => (
          <PromptsChunk
            key={after ?? ''}
            after={after}
            search={asked}
            tag={tag}
            last={index === pages.after.length - 1}
            onMore={pages.more}
            onTag={setTag}
            onDelete={setDoomed}
          />
        ))}
      </ul>
      <ConfirmDialog
        open={doomed !== null}
        title="Delete this prompt?"
        action="Delete the prompt"
        onClose={() => setDoomed(null)}
        onConfirm={() => doomed && void deletePrompt({ id: doomed.id }, CHANGES_PROMPTS)}
      >
        <p className="mono">{doomed?.text}</p>
        <p>Its runs stay.</p>
      </ConfirmDialog>
    </main>
  )
}
