// The pages there are, in the order of the rail; a count says how much is in them.
import type { ShellFactsQuery } from '../../graphql/generated/graphql'

export interface Place {
  readonly href: string
  readonly label: string
  readonly count?: (facts: ShellFactsQuery) => number
}

export const PLACES: ReadonlyArray<readonly Place[]> = [
  [
    { href: '/home', label: 'Home' },
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
    { href: '/neurons', label: 'Neurons' },
    { href: '/reviews', label: 'Reviews' },
    { href: '/search', label: 'Search' },
  ],
  [
    { href: '/datasets', label: 'Datasets', count: (facts) => facts.datasets.totalCount },
    { href: '/models', label: 'Models', count: (facts) => facts.models.totalCount },
    { href: '/workers', label: 'Workers', count: (facts) => facts.server.workers },
  ],
  [
    { href: '/team', label: 'Team' },
    { href: '/api-explorer', label: 'API' },
    { href: '/settings', label: 'Settings' },
  ],
]

const TITLES: Readonly<Record<string, string>> = {
  '/home': 'Home',
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
  '/neurons': 'Neurons',
  '/reviews': 'Reviews',
  '/annotations': 'Annotations',
  '/collections': 'Collections',
  '/inbox': 'Inbox',
  '/activity': 'Activity',
  '/datasets': 'Datasets',
  '/models': 'Models',
  '/workers': 'Workers',
  '/search': 'Search',
  '/api-explorer': 'API',
  '/settings': 'Settings',
  '/team': 'Team',
  '/team/audit': 'Audit log',
  '/team/shares': 'Shared links',
  '/welcome': 'Welcome',
  '/sign-in': 'Sign in',
}

/** Pages of one thing, by the beginning of their address. */
const ONE: ReadonlyArray<readonly [prefix: string, title: string]> = [
  ['/edits/', 'Edit'],
  ['/evaluations/', 'Evaluation'],
  ['/figures/', 'Figures'],
  ['/datasets/', 'Data set'],
  ['/models/', 'Neurons'],
  ['/reviews/', 'Review'],
  ['/annotations/', 'Annotation'],
  ['/collections/', 'Collection'],
  ['/join/', 'Invitation'],
]

export const titleOf = (path: string): string =>
  TITLES[path] ?? ONE.find(([prefix]) => path.startsWith(prefix))?.[1] ?? ''

/** What is said about neurons, and the neurons of a model, belong to the place of the neurons. */
const OF_NEURONS = /^\/(models\/[^/]+\/neurons|annotations|collections)(\/|$)/

export const isHere = (path: string, href: string): boolean =>
  OF_NEURONS.test(path) ? href === '/neurons' : path === href || path.startsWith(`${href}/`)
