'use client'
// Brand, where we are, running work, theme, keys.
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useMe } from '../account/me'
import { SearchButton } from '../search/search-button'
import { ShareButton } from '../sharing/share-button'
import { InboxBell } from './inbox-bell'
import { KeysButton } from './keys-button'
import { titleOf } from './places'
import { ProjectSwitcher } from './project-switcher'
import { RunningJobs } from './running-jobs'
import { ThemeSwitch } from './theme-switch'
import { UserMenu } from './user-menu'

export function TopBar() {
  const path = usePathname()
  const title = titleOf(path)
  // All at once: what is read first must not be pushed aside.
  const me = useMe()
  return (
    <header className="top">
      <Link className="brand" href="/lens" prefetch={false}>
        <span className="brand-mark" aria-hidden />
        Imprint
      </Link>
      <div className="crumb">
        {me && (
          <>
            <ProjectSwitcher />
            {me.project && (
              <span className="crumb-slash" aria-hidden>
                {' / '}
              </span>
            )}
            <b>{title}</b>
          </>
        )}
      </div>
      <div className="top-end">
        <SearchButton />
        <RunningJobs />
        <ShareButton />
        <InboxBell />
        <ThemeSwitch />
        <KeysButton />
        <UserMenu />
      </div>
    </header>
  )
}
