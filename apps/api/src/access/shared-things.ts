// The page of a share link -> the things it shows, as `KIND:id`, `KIND:*` for a list. Nothing else can be read by the link.

/** Kinds of things that pages are about. A layer of neurons is `model/layer`, a neuron `model/layer/index`. */
export type SharedKind =
  | 'RUN'
  | 'EDIT'
  | 'EVALUATION'
  | 'FIGURE_SET'
  | 'REVIEW'
  | 'COLLECTION'
  | 'DATASET'
  | 'ANNOTATION'
  | 'PROMPT'
  | 'MODEL'
  | 'LAYER'
  | 'NEURON'
  | 'ACTIVITY'

export type SharedThings = ReadonlySet<string>

/** First part of a path -> what its list is of, and what `/<part>/<id>` is. */
const places: Readonly<Record<string, SharedKind>> = {
  ...{ runs: 'RUN', edits: 'EDIT', evaluations: 'EVALUATION', figures: 'FIGURE_SET' },
  ...{ reviews: 'REVIEW', collections: 'COLLECTION', datasets: 'DATASET' },
  ...{ annotations: 'ANNOTATION', prompts: 'PROMPT', models: 'MODEL', activity: 'ACTIVITY' },
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const most = 10

export const thing = (kind: SharedKind, id: unknown): string =>
  `${kind}:${typeof id === 'string' ? id.toLowerCase() : ''}`

export const listOf = (kind: SharedKind): string => `${kind}:*`

/** Whether a link shows a thing, by itself or because it shows the list of such things. */
export function isShared(shared: SharedThings, wanted: string): boolean {
  return shared.has(wanted) || shared.has(`${wanted.slice(0, wanted.indexOf(':'))}:*`)
}

/** Empty for a page that shows nothing of a project, such as that of signing in. */
export function thingsOf(path: string): SharedThings {
  const { pathname, searchParams: query } = new URL(path, 'http://site.invalid')
  const parts = pathname.split('/').filter(Boolean).map(decoded)
  const [place = '', id = ''] = parts
  const ids = (name: string): string[] =>
    (query.get(name) ?? '')
      .split(',')
      .filter((one) => uuid.test(one))
      .slice(0, most)
  if (place === 'lens') return new Set(runsOf(query.get('run'), ids('run')))
  if (place === 'models' && parts[2] === 'neurons') return neuronsOf(parts)
  if (id === 'compare') {
    if (place === 'edits') return all('EDIT', [...ids('a'), ...ids('b')])
    return place === 'evaluations' ? all('EVALUATION', ids('ids')) : new Set()
  }
  const kind = Object.hasOwn(places, place) ? places[place] : undefined
  if (kind === undefined) return new Set()
  if (id === '') return new Set([listOf(kind)])
  return uuid.test(id) ? all(kind, [id]) : new Set()
}

/** The page of the lens shows the newest run when its address has none. */
const runsOf = (asked: string | null, ids: readonly string[]): SharedThings =>
  asked === null || asked === '' ? new Set([listOf('RUN')]) : all('RUN', ids)

function neuronsOf([, model, , layer, index]: readonly string[]): SharedThings {
  if (layer === undefined) return new Set()
  const place = `${model}/${layer}`
  return index === undefined ? all('LAYER', [place]) : all('NEURON', [`${place}/${index}`])
}

const all = (kind: SharedKind, ids: readonly string[]): SharedThings =>
  new Set(ids.map((id) => thing(kind, id)))

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
