'use client'
// The pages there are, with how much is in them. The code of a page is loaded when someone is about to go there.
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { useQuery } from 'urql'
import { onReconnected } from '../../graphql/connection'
import { ShellFactsDocument, type ShellFactsQuery } from '../../graphql/generated/graphql'
import { isHere, PLACES } from './places'

/** A count holds no thing, so the cache has to be told what it is about. */
const COUNTED = {
  additionalTypenames: ['LensRun', 'Prompt', 'Edit', 'Evaluation', 'FigureSet', 'Dataset', 'Model'],
}

export function useShellFacts(): ShellFactsQuery | undefined {
  const [{ data }, refetch] = useQuery({ query: ShellFactsDocument, context: COUNTED })
  useEffect(() => onReconnected(() => refetch({ requestPolicy: 'network-only' })), [refetch])
  return data
}

/** On a narrow screen the rail is one line that scrolls: where one is, is in sight. */
function useCurrentInView(path: string) {
  const rail = useRef<HTMLElement>(null)
  useEffect(() => {
    const { current: line } = rail
    const here = line?.querySelector<HTMLElement>('[aria-current]')
    if (!line || !here || line.scrollWidth <= line.clientWidth) return
    const at = here.getBoundingClientRect().left - line.getBoundingClientRect().left
    line.scrollLeft += at - (line.clientWidth - here.offsetWidth) / 2
  }, [path])
  return rail
}

export function Rail() {
  const path = usePathname()
  const router = useRouter()
  const facts = useShellFacts()
  const rail = useCurrentInView(path)
  return (
    <nav className="rail" aria-label="Pages" ref={rail}>
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
