'use client'
// Other evaluations of the same protocol, to put beside this one.
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useQuery } from 'urql'
import { ComparableEvaluationsDocument } from '../../graphql/generated/graphql'
import type { ComparedIds } from './comparison-input'

interface CompareMenuProps {
  readonly ids: ComparedIds
  readonly protocol: string
}

function Others({ ids, protocol }: CompareMenuProps) {
  const router = useRouter()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [{ data, fetching }] = useQuery({
    query: ComparableEvaluationsDocument,
    variables: { filter: { protocol } },
    requestPolicy: 'cache-and-network',
  })
  const others = (data?.evaluations.edges ?? [])
    .map(({ node }) => node)
    .filter(({ id }) => !ids.includes(id))
  if (others.length === 0)
    return (
      <p className="muted">{fetching ? 'Looking …' : 'No other evaluation has this protocol.'}</p>
    )
  return (
    <>
      {others.map(({ id, name, cases }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={() =>
              setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])
            }
          />
          {name} <small className="faint">{cases.toLocaleString('en-US')} cases</small>
        </label>
      ))}
      <button
        type="button"
        className="button small primary"
        disabled={chosen.length === 0}
        onClick={() => router.push(`/evaluations/compare?ids=${[...ids, ...chosen].join(',')}`)}
      >
        Put side by side
      </button>
    </>
  )
}

export function CompareMenu(props: CompareMenuProps) {
  const [open, setOpen] = useState(false)
  return (
    <details className="choose-columns" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="button small">Compare with</summary>
      <fieldset className="menu">
        <legend className="hidden-text">Evaluations to compare with</legend>
        {open && <Others {...props} />}
      </fieldset>
    </details>
  )
}
