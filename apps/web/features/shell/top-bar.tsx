'use client'
// Brand, where we are, running work, theme, keys.
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { KeysDialog } from './keys-dialog'
import { useShellFacts } from './rail'
import { RunningJobs } from './running-jobs'
import { ThemeSwitch } from './theme-switch'

const TITLES: Readonly<Record<string, string>> = {
  '/lens': 'Lens',
  '/runs': 'Runs',
  '/prompts': 'Prompts',
  '/edits': 'Edits',
  '/edits/new': 'New edit',
  '/edits/compare': 'Compare edits',
  '/models': 'Models',
  '/api-explorer': 'API',
}

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
            <b>{TITLES[path] ?? (path.startsWith('/edits/') ? 'Edit' : '')}</b>
          </>
        )}
      </div>
      <div className="top-end">
        <RunningJobs />
        <ThemeSwitch />
        <KeysDialog />
      </div>
    </header>
  )
}
