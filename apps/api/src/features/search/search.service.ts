// One search over everything that has words: what matches first, then what is like it.
import { badCursor } from '../../errors/input-error.js'
import { connectionOf, decodeCursor, encodeCursor, pageSize } from '../../pagination/connection.js'
import type { Connection } from '../../pagination/connection.js'
import { searchKinds } from '../../vocabulary/note-names.js'
import type { SearchKindKey } from '../../vocabulary/note-names.js'
import type { Viewer } from '../account/viewer.js'
import type { StoredAnchor } from '../anchor/anchor.js'
import type { AnchorService } from '../anchor/anchor.service.js'
import { pathOfRow } from '../anchor/anchor-words.js'
import { checkText } from '../text-rules.js'
import { likePieces, piecesOf, wordsOf } from './search-words.js'
import type { SearchWords } from './search-words.js'
import type { RankedHit, SearchRepository, ShownHit } from './search.repository.js'
import type { SearchHit } from './search.type.js'

export interface SearchQuestion {
  readonly query: string
  readonly kinds: readonly SearchKindKey[] | null
  readonly first: number | null
  readonly after: string | null
}

const longestQuery = 300
/** Words of a query that are looked up for their spelling. */
const mostTyped = 8
/** Things that are only like the words are looked for where fewer than this match them. */
const enoughMatches = 20

export class SearchService {
  readonly #search: SearchRepository
  readonly #anchors: AnchorService

  constructor(search: SearchRepository, anchors: AnchorService) {
    this.#search = search
    this.#anchors = anchors
  }

  async find(viewer: Viewer, question: SearchQuestion): Promise<Connection<SearchHit>> {
    const first = pageSize(question.first)
    const after = positionOf(question.after)
    const text = checkText(question.query.trim(), 'query', longestQuery)
    const words = wordsOf(text ?? '')
    const ranked = text === null ? [] : await this.#ranked(viewer, words, question.kinds)
    const page = ranked.filter((hit) => after === null || compare(hit, after) > 0)
    const rows = page.slice(0, first + 1)
    const shown = await this.#shown(viewer, rows.slice(0, first), words)
    return connectionOf(rows, {
      ...{ first, after, totalCount: ranked.length },
      cursorOf: ({ score, kind, key }) => encodeCursor([score, kind, key]),
      nodeOf: (hit) => shown.get(nameOf(hit)) ?? gone(hit),
    })
  }

  async #ranked(
    { projectId }: Viewer,
    words: SearchWords,
    asked: readonly SearchKindKey[] | null,
  ): Promise<RankedHit[]> {
    const kinds = asked?.length ? asked : searchKinds.keys
    const matches = await this.#search.matches(projectId, kinds, words)
    if (matches.length >= enoughMatches) return matches.toSorted(compare)
    const known = new Set(matches.map(nameOf))
    const alike = await this.#alike(projectId, kinds, words)
    return [...matches, ...alike.filter((hit) => !known.has(nameOf(hit)))].sort(compare)
  }

  /** What holds words that are written like those that were typed. Words that are like no other find nothing. */
  async #alike(
    projectId: string,
    kinds: readonly SearchKindKey[],
    { whole }: SearchWords,
  ): Promise<RankedHit[]> {
    const typed = [...new Set(whole.toLowerCase().match(/\p{L}{4,40}/gu) ?? [])].slice(0, mostTyped)
    if (typed.length === 0) return []
    const meant = await this.#search.meant(typed)
    return meant.some((words) => words.length === 0)
      ? []
      : this.#search.alike(projectId, kinds, meant)
  }

  async #shown(
    viewer: Viewer,
    hits: readonly RankedHit[],
    words: SearchWords,
  ): Promise<Map<string, SearchHit>> {
    if (hits.length === 0) return new Map()
    const rows = await this.#search.shown(viewer.projectId, hits, words)
    const anchored = rows.filter(({ anchor }) => anchor !== null)
    const stored = anchored.map(({ anchor }) => anchor as StoredAnchor)
    const places = await this.#anchors.words(viewer, stored)
    const placeOf = new Map(anchored.map((row, index) => [row, places[index]]))
    const scores = new Map(hits.map((hit) => [nameOf(hit), hit.score]))
    const shown = rows.map((row): [string, SearchHit] => {
      const place = placeOf.get(row)
      const { kind, key } = row
      const path = pathOf(row, place?.path ?? '/')
      const title = kind === 'NEURON' && place ? `${place.title}: ${row.title}` : row.title
      const score = scores.get(nameOf(row)) ?? 0
      return [nameOf(row), { kind, id: key, title, path, score, snippet: snippetOf(row, words) }]
    })
    return new Map(shown)
  }
}

function pathOf({ kind, key }: ShownHit, place: string): string {
  if (kind === 'NEURON') return place
  if (kind === 'COMMENT') return `${place.split('#')[0]}#comment-${key}`
  return pathOfRow(kind, key)
}

function snippetOf({ body, title, marked }: ShownHit, { whole }: SearchWords) {
  const pieces = piecesOf(marked)
  return pieces.some(({ hit }) => hit) ? pieces : likePieces(body === '' ? title : body, whole)
}

const nameOf = ({ kind, key }: { kind: string; key: string }): string => `${kind}:${key}`

/** Removed between ranking and reading. */
const gone = ({ kind, key, score }: RankedHit): SearchHit => ({
  ...{ kind, id: key, score, title: '(deleted)', path: '/', snippet: [] },
})

const compare = (a: RankedHit, b: RankedHit): number =>
  b.score - a.score || (nameOf(a) < nameOf(b) ? -1 : nameOf(a) === nameOf(b) ? 0 : 1)

/** @throws BAD_USER_INPUT for a cursor that no search made */
function positionOf(after: string | null): RankedHit | null {
  if (after === null || after === undefined) return null
  const [score, kind, key] = decodeCursor(after, 3) ?? []
  if (typeof score !== 'number' || !searchKinds.keys.includes(kind as SearchKindKey))
    throw badCursor(after)
  return { score, kind: kind as SearchKindKey, key: String(key) }
}
