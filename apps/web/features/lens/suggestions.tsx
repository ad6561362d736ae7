'use client'
// Facts that the bundled model knows and that match what is typed: one click fills prompt and target.
import { useQuery } from 'urql'
import { FactsDocument, type FactsQuery } from '../../graphql/generated/graphql'
import { useDebounced } from './use-tokenization'

export type Fact = FactsQuery['facts'][number]

interface SuggestionsProps {
  readonly modelId: string | null
  readonly search: string
  readonly onChoose: (fact: Fact) => void
  readonly onLeave: () => void
}

function step(event: React.KeyboardEvent, onLeave: () => void): void {
  const items = [...event.currentTarget.querySelectorAll('button')]
  const at = items.indexOf(document.activeElement as HTMLButtonElement)
  const to = event.key === 'ArrowDown' ? at + 1 : event.key === 'ArrowUp' ? at - 1 : null
  if (event.key === 'Escape' || to === -1) onLeave()
  else if (to === null) return
  else items[Math.min(to, items.length - 1)]?.focus()
  event.preventDefault()
}

export function Suggestions({ modelId, search, onChoose, onLeave }: SuggestionsProps) {
  const asked = useDebounced(search.trim(), 180)
  const [{ data }] = useQuery({ query: FactsDocument, variables: { modelId, search: asked } })
  const facts = data?.facts ?? []
  if (facts.length === 0) return null
  return (
    <div
      className="suggestions card"
      data-testid="suggestions"
      onKeyDown={(event) => step(event, onLeave)}
    >
      <p>Facts to try</p>
      <ul>
        {facts.map((fact) => (
          <li key={`${fact.prompt}${fact.object}`}>
            <button
              type="button"
              tabIndex={-1}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(fact)}
            >
              <span className="mono">{fact.prompt}</span>{' '}
              <span className="mono accent">{fact.object.trim()}</span>
              <small>{fact.relation}</small>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
