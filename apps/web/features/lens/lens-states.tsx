'use client'
// What the page shows when there is no run to show.
import Link from 'next/link'
import { useQuery } from 'urql'
import { Problem } from '../../components/problem'
import { FactsDocument } from '../../graphql/generated/graphql'

export function RunMissing({ onNewest }: { readonly onNewest: () => void }) {
  return (
    <section className="card grid" data-testid="run-missing">
      <Problem
        title="There is no such run"
        message="It was deleted, or the address is mistyped. What you type above still works."
      >
        <button type="button" className="button" onClick={onNewest}>
          Open the newest run
        </button>
        <Link className="button" href="/runs">
          All runs
        </Link>
      </Problem>
    </section>
  )
}

export function RunUnreadable({
  message,
  onRetry,
}: {
  readonly message: string | undefined
  readonly onRetry: () => void
}) {
  return (
    <section className="card grid">
      <Problem title="The run could not be read" message={message}>
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      </Problem>
    </section>
  )
}

export function NoRuns({ onTry }: { readonly onTry: (prompt: string, target: string) => void }) {
  const [{ data }] = useQuery({ query: FactsDocument, variables: { modelId: null, search: '' } })
  return (
    <section className="card empty" data-testid="no-runs">
      <h2>Nothing has been read yet</h2>
      <p>
        Type the beginning of a sentence and the token you would teach the model to say next.
        Imprint computes the gradient of that lesson and shows, in words, what it would write at
        every layer and position.
      </p>
      <ul className="tries">
        {(data?.facts ?? []).slice(0, 5).map((fact) => (
          <li key={fact.prompt}>
            <button
              type="button"
              className="button"
              onClick={() => onTry(fact.prompt, fact.object.trim())}
            >
              <span className="mono">{fact.prompt}</span>{' '}
              <span className="mono accent">{fact.object.trim()}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
