'use client'
// The pages about the team, each with its own address.
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useMe } from '../account/me'

const TABS: ReadonlyArray<readonly [href: string, label: string, adminsOnly: boolean]> = [
  ['/team', 'People and projects', false],
  ['/team/shares', 'Shared links', false],
  ['/team/audit', 'Audit log', true],
]

export function TeamTabs({ title }: { readonly title: string }) {
  const path = usePathname()
  const admin = useMe()?.actions.includes('ADMINISTER') ?? true
  return (
    <>
      <h1>{title}</h1>
      <nav className="page-tabs" aria-label="Team pages">
        {TABS.filter(([, , adminsOnly]) => admin || !adminsOnly).map(([href, label]) => (
          <Link
            key={href}
            href={href}
            prefetch={false}
            aria-current={path === href ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
    </>
  )
}
