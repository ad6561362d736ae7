'use client'
// The pages there are, with how much is in them. The code of a page is loaded when someone is about to go there.
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { onReconnected } from '../../graphql/connection'
import { ShellFactsDocument, type ShellFactsQuery } from '../../graphql/generated/graphql'
import { isHere, PLACES } from './places'

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
