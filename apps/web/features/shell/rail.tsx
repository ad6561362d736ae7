'use client'
// The pages there are, with how much is in them. The code of a page is loaded when someone is about to go there.
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
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
    { href: '/edits', label: 'Edits', count: (facts) => facts.edits.totalCount },
    {
      href: '/evaluations',
      label: 'Evaluations',
      count: (facts) => facts.evaluations.totalCount,
    },
    { href: '/figures', label: 'Figures', count: (facts) => facts.figureSets.totalCount },
    { href: '/search', label: 'Search' },
  ],
  [
    { href: '/datasets', label: 'Datasets', count: (facts) => facts.datasets.totalCount },
    { href: '/models', label: 'Models', count: (facts) => facts.models.totalCount },
    { href: '/workers', label: 'Workers', count: (facts) => facts.server.workers },
  ],
  [{ href: '/api-explorer', label: 'API' }],
]

const isHere = (path: string, href: string): boolean => path === href || path.startsWith(`${href}/`)

export function useShellFacts(): ShellFactsQuery | undefined {
  const [{ data }, refetch] = useQuery({ query: ShellFactsDocument })
  useEffect(() => onReconnected(() => refetch({ requestPolicy: 'network-only' })), [refetch])
  return data
}

export function Rail() {
  const path = usePathname()
  const router = useRouter()
  const facts = useShellFacts()
  return (
    <nav className="rail" aria-label="Pages">
      {PLACES.map((group) => (
        <ul key={group[0]?.href}>
          {group.map((place) => (
            <li key={place.href}>
              <Link
                href={place.href}
                prefetch={false}
                onMouseEnter={() => router.prefetch(place.href)}
                onFocus={() => router.prefetch(place.href)}
                aria-current={isHere(path, place.href) ? 'page' : undefined}
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
