// What is typed in the search -> rows in groups: pages here, things from the server.
import type { SearchKind } from '../../graphql/generated/graphql'

export interface SnippetPiece {
  readonly text: string
  /** One of the words that were searched for. */
  readonly hit: boolean
}

export interface Hit {
  readonly kind: SearchKind
  readonly id: string
  readonly title: string
  readonly snippet: readonly SnippetPiece[]
  readonly path: string
}

export interface PaletteRow {
  readonly key: string
  readonly title: string
  readonly snippet: readonly SnippetPiece[]
  readonly path: string
}

export interface PaletteGroup {
  readonly title: string
  readonly rows: readonly PaletteRow[]
}

interface PlacePage {
  readonly title: string
  readonly path: string
  readonly words: string
}

export const PLACES: readonly PlacePage[] = [
  { title: 'Lens', path: '/lens', words: 'run gradient grid prompt' },
  { title: 'Runs', path: '/runs', words: 'lens history' },
  { title: 'Prompts', path: '/prompts', words: 'saved' },
  { title: 'Edits', path: '/edits', words: 'rome memit mend stack' },
  { title: 'New edit', path: '/edits/new', words: 'lab write fact' },
  { title: 'Evaluations', path: '/evaluations', words: 'comparison methods' },
  { title: 'New evaluation', path: '/evaluations/new', words: 'compare methods' },
  { title: 'Figures', path: '/figures', words: 'paper plots' },
  { title: 'Neurons', path: '/neurons', words: 'mlp key value layer activation' },
  { title: 'Annotations', path: '/annotations', words: 'labels notes tags' },
  { title: 'Collections', path: '/collections', words: 'sets queue annotation mode' },
  { title: 'Reviews', path: '/reviews', words: 'inbox approve decision' },
  { title: 'Search gradients', path: '/search', words: 'token projection words' },
  { title: 'Datasets', path: '/datasets', words: 'facts slices counterfact' },
  { title: 'Models', path: '/models', words: 'weights add import' },
  { title: 'Workers', path: '/workers', words: 'devices machines' },
  { title: 'API', path: '/api-explorer', words: 'graphql graphiql scripts' },
  { title: 'Settings', path: '/settings', words: 'account keys team people' },
]

const KIND_TITLES: Readonly<Record<SearchKind, string>> = {
  NEURON: 'Neurons',
  ANNOTATION: 'Annotations',
  RUN: 'Runs',
  EDIT: 'Edits',
  EVALUATION: 'Evaluations',
  COLLECTION: 'Collections',
  COMMENT: 'Comments',
  PROMPT: 'Prompts',
}

/** A page fits when every word typed begins a word of its title or of what is known about it. */
export function fittingPages(text: string): PaletteRow[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  return PLACES.filter(({ title, words }) => {
    const known = `${title} ${words}`.toLowerCase().split(/\s+/)
    return wanted.every((word) => known.some((one) => one.startsWith(word)))
  }).map(({ title, path }) => ({ key: `page:${path}`, title, snippet: [], path }))
}

/** The token search takes a word as it is typed. */
export function tokenSearchRow(text: string): PaletteRow {
  const token = text.trim()
  return {
    key: 'tokens',
    title: `Cells that write “${token}”`,
    snippet: [{ text: 'Search stored gradients by token', hit: false }],
    path: `/search?${new URLSearchParams({ token }).toString()}`,
  }
}

/** Things in the order their kinds first appear, then the token search, then pages. */
export function groupsOf(text: string, hits: readonly Hit[]): PaletteGroup[] {
  const kinds = [...new Set(hits.map(({ kind }) => kind))]
  const found = kinds.map((kind) => ({
    title: KIND_TITLES[kind],
    rows: hits
      .filter((hit) => hit.kind === kind)
      .map(({ id, title, snippet, path }) => ({ key: `${kind}:${id}`, title, snippet, path })),
  }))
  const pages = { title: 'Pages', rows: fittingPages(text) }
  const tokens = text.trim() ? [{ title: 'Tokens', rows: [tokenSearchRow(text)] }] : []
  return [...found, ...tokens, pages].filter(({ rows }) => rows.length > 0)
}
