'use client'
// The pages there are, with how much is in them.
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { onReconnected } from '../../graphql/connection'
import { ShellFactsDocument, type ShellFactsQuery } from '../../graphql/generated/graphql'

interface Place {
  readonly href: string
  readonly label: string
  readonly count?: (facts: ShellFactsQuery) => number
}

const PLACES: ReadonlyArray<readonly Place[]> = [
  [
    { href: '/lens', label: 'Lens' },
    { href: '/runs', label: 'Runs', count: (facts) => facts.lensRuns.totalCount },
    { href: '/prompts', label: 'Prompts', count: (facts) => facts.prompts.totalCount },
  ],
  [{ href: '/models', label: 'Models', count: (facts) => facts.models.totalCount }],
  [{ href: '/api-explorer', label: 'API' }],
]

export function useShellFacts(): ShellFactsQuery | undefined {
  const [{ data }, refetch] = useQuery({ query: ShellFactsDocument })
  useEffect(() => onReconnected(() => refetch({ requestPolicy: 'network-only' })), [refetch])
  return data
}

export function Rail() {
  const path = usePathname()
  const facts = useShellFacts()
  return (
    <nav className="rail" aria-label="Pages">
      {PLACES.map((group) => (
        <ul key={group[0]?.href}>
          {group.map((place) => (
            <li key={place.href}>
              <Link
                href={place.href}
                prefetch={place.href !== '/api-explorer'}
                aria-current={path === place.href ? 'page' : undefined}
              >
                {place.label}
                {place.count && <i>{facts ? place.count(facts).toLocaleString('en-US') : ''}</i>}
              </Link>
            </li>
          ))}
        </ul>
      ))}
    </nav>
  )
}
