// An address of this product -> what it points at. Evidence is given by pasting one.
import type { AnchorInput } from '../../../graphql/generated/graphql'
import { matrixOfLabel } from '../../lens/matrix-names'

const ID = '([A-Za-z0-9_-]+)'

const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,7}$/.test(text) ? Number(text) : undefined

/** `/lens?run=..&cell=layer.position&matrix=..`: the cell when one is named, else the run. */
function lensAnchor(query: URLSearchParams): AnchorInput | null {
  const runId = query.get('run')
  if (!runId) return null
  const [layer, position] = (query.get('cell') ?? '').split('.').map(whole)
  if (layer === undefined || position === undefined) return { kind: 'RUN', id: runId }
  const matrix = matrixOfLabel(query.get('matrix') ?? 'mlp.down') ?? 'MLP_DOWN'
  const factor = query.get('factor') === 'input' ? 'INPUT' : 'VJP'
  return { kind: 'CELL', runId, layer, position, matrix, factor }
}

type Read = (match: RegExpMatchArray, query: URLSearchParams) => AnchorInput | null

const byId =
  (kind: AnchorInput['kind']): Read =>
  (match) => ({ kind, id: match[1] ?? '' })

/** The first that fits wins. */
const PLACES: ReadonlyArray<readonly [RegExp, Read]> = [
  [/^\/lens\/?$/, (_, query) => lensAnchor(query)],
  [
    new RegExp(`^/models/${ID}/neurons/(\\d{1,4})/(\\d{1,7})$`),
    ([, modelId = '', layer, index]) => ({
      kind: 'NEURON',
      modelId,
      layer: Number(layer),
      index: Number(index),
    }),
  ],
  [/^\/edits\/(?:new|compare)$/, () => null],
  [/^\/evaluations\/(?:new|compare)$/, () => null],
  [new RegExp(`^/edits/${ID}$`), byId('EDIT')],
  [new RegExp(`^/evaluations/${ID}$`), byId('EVALUATION')],
  [new RegExp(`^/annotations/${ID}$`), byId('ANNOTATION')],
  [new RegExp(`^/collections/${ID}$`), byId('COLLECTION')],
  [new RegExp(`^/datasets/${ID}$`), byId('DATASET')],
  [new RegExp(`^/figures/${ID}$`), byId('FIGURE_SET')],
  [new RegExp(`^/reviews/${ID}$`), byId('REVIEW')],
]

/** null when the text is no address of a thing here. A full address must be of this origin. */
export function anchorOfLink(text: string, origin: string): AnchorInput | null {
  const pasted = text.trim()
  if (!pasted || !(pasted.startsWith('/') || /^https?:\/\//.test(pasted))) return null
  let url: URL
  try {
    url = new URL(pasted, origin)
  } catch {
    return null
  }
  if (url.origin !== new URL(origin).origin) return null
  for (const [pattern, read] of PLACES) {
    const match = url.pathname.match(pattern)
    if (match) return read(match, url.searchParams)
  }
  return null
}
