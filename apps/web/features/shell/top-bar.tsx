'use client'
// Brand, where we are, running work, theme, keys.
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { SearchButton } from '../search/search-button'
import { InboxBell } from './inbox-bell'
import { KeysDialog } from './keys-dialog'
import { titleOf } from './places'
import { useShellFacts } from './rail'
import { RunningJobs } from './running-jobs'
import { ThemeSwitch } from './theme-switch'

export function TopBar() {
  const path = usePathname()
  const facts = useShellFacts()
  return (
    <header className="top">
      <Link className="brand" href="/lens" prefetch={false}>
        <span className="brand-mark" aria-hidden />
        Imprint
      </Link>
      <div className="crumb">
        {facts && (
          <>
            <span className="crumb-project">{facts.server.project}</span>
            <span aria-hidden> / </span>
            <b>{titleOf(path)}</b>
          </>
        )}
      </div>
      <div className="top-end">
        <SearchButton />
        <RunningJobs />
        <InboxBell />
        <ThemeSwitch />
        <KeysDialog />
      </div>
    </header>
  )
}
