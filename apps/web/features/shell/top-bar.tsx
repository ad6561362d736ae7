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
  '/evaluations': 'Evaluations',
  '/evaluations/new': 'New evaluation',
  '/evaluations/compare': 'Compare evaluations',
  '/figures': 'Figures',
  '/datasets': 'Datasets',
  '/models': 'Models',
  '/workers': 'Workers',
  '/search': 'Search',
  '/api-explorer': 'API',
}

/** Pages of one thing, by the beginning of their address. */
const ONE: ReadonlyArray<readonly [prefix: string, title: string]> = [
  ['/edits/', 'Edit'],
  ['/evaluations/', 'Evaluation'],
  ['/figures/', 'Figures'],
  ['/datasets/', 'Data set'],
]

const titleOf = (path: string): string =>
  TITLES[path] ?? ONE.find(([prefix]) => path.startsWith(prefix))?.[1] ?? ''

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
        <RunningJobs />
        <ThemeSwitch />
        <KeysDialog />
      </div>
    </header>
  )
}
