'use client'
// The pages about neurons: the neurons themselves, what was said about them, and lists made of them.
import Link from 'next/link'
import { usePathname } from 'next/navigation'

const TABS: ReadonlyArray<readonly [href: string, label: string]> = [
  ['/neurons', 'Neurons'],
  ['/annotations', 'Annotations'],
  ['/collections', 'Collections'],
]

/** The neurons of a model have its address, so every other page is theirs. */
const tabOf = (path: string): string =>
  TABS.find(([href]) => path.startsWith(href))?.[0] ?? '/neurons'

export function NeuronTabs() {
  const here = tabOf(usePathname())
  return (
    <nav className="page-tabs" aria-label="Pages about neurons">
      {TABS.map(([href, label]) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          aria-current={href === here ? 'page' : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
