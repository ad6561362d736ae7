'use client'
// Facts of the bundled model with another answer to write: one click fills the request and its probes.
import type { KeyboardEvent } from 'react'
import { useQuery } from 'urql'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import { EditFactsDocument } from '../../../graphql/generated/graphql'
import { joinPrompt } from '../edit-words'
import type { Fact } from './lab-view'

interface FactSuggestionsProps {
  readonly modelId: string | null
  readonly search: string
  readonly onChoose: (fact: Fact) => void
  readonly onLeave: () => void
}

function step(event: KeyboardEvent, onLeave: () => void): void {
  const items = [...event.currentTarget.querySelectorAll('button')]
  const at = items.indexOf(document.activeElement as HTMLButtonElement)
  const to = event.key === 'ArrowDown' ? at + 1 : event.key === 'ArrowUp' ? at - 1 : null
  if (event.key === 'Escape' || to === -1) onLeave()
  else if (to === null) return
  else items[Math.min(to, items.length - 1)]?.focus()
  event.preventDefault()
}

export function FactSuggestions({ modelId, search, onChoose, onLeave }: FactSuggestionsProps) {
  const asked = useDebouncedValue(search.trim(), 180)
  const [{ data }] = useQuery({
    query: EditFactsDocument,
    variables: { modelId, search: asked, first: 8 },
  })
  const facts = data?.editFacts ?? []
  if (facts.length === 0) return null
  return (
    <div
      className="suggestions card"
      data-testid="fact-suggestions"
      onKeyDown={(event) => step(event, onLeave)}
    >
      <p>Facts to try, with paraphrases and neighbors</p>
      <ul>
        {facts.map((fact) => (
          <li key={`${fact.prompt}${fact.subject}${fact.target}`}>
            <button
              type="button"
              tabIndex={-1}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onChoose(fact)}
            >
              <span className="mono">{joinPrompt(fact.prompt, fact.subject)}</span>
              <span className="mono muted">{fact.truth.trim()}</span>
              <span className="mono accent">→ {fact.target.trim()}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
