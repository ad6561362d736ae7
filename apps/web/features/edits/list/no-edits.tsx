'use client'
// The list without a row: a filter that matches nothing, or the way into the lab with a fact filled in.
import Link from 'next/link'
import { useQuery } from 'urql'
import { EditFactsDocument } from '../../../graphql/generated/graphql'
import { joinPrompt } from '../edit-words'
import { EMPTY_LAB, labAddress, withFact } from '../lab/lab-view'

export function NoEdits({ filtered }: { readonly filtered: boolean }) {
  const [{ data }] = useQuery({
    query: EditFactsDocument,
    variables: { modelId: null, search: '', first: 4 },
    pause: filtered,
  })
  if (filtered)
    return (
      <p className="none" data-testid="no-edits">
        No edit matches this filter.
      </p>
    )
  return (
    <div className="empty" data-testid="no-edits">
      <h2>Nothing has been edited yet</h2>
      <p>
        An edit changes one fact that a model tells. Choose a fact and what the model shall say
        instead, see what a method would do, and run it: the weights themselves stay untouched, so
        every edit can be read, stacked and taken back.
      </p>
      <ul className="tries">
        {(data?.editFacts ?? []).map((fact) => (
          <li key={`${fact.prompt}${fact.subject}${fact.target}`}>
            <Link className="button" href={labAddress(withFact(EMPTY_LAB, fact))} prefetch={false}>
              <span className="mono">{joinPrompt(fact.prompt, fact.subject)}</span>{' '}
              <span className="mono muted">{fact.truth.trim()}</span> →{' '}
              <span className="mono accent">{fact.target.trim()}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
