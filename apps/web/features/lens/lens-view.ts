// The whole view of the lens page <-> the address. Defaults are left out, so that addresses stay short.
import type {
  FactorName,
  LensKind,
  MatrixName,
  ProviderChoice,
  TargetMode,
} from '../../graphql/generated/graphql'
import { deviceOfSlug, deviceSlug } from '../devices'
import { LENSES, MATRICES, matrixFacts, matrixOfLabel, TARGET_MODES } from './matrix-names'

export type Surface = MatrixName | 'HIDDEN'
export type Show = 'written' | 'removed' | 'both'
export type Colour = 'norm' | 'other' | 'rank' | 'probability'
export type Sign = 'update' | 'raw'
export type Tab = 'run' | 'imprint' | 'next' | 'receipt'

export interface CellAddress {
  readonly surface: Surface
  readonly layer: number
  readonly position: number
}

/** What is typed in the ask bar but was not run; null fields follow the open run. */
export interface Draft {
  readonly model: string | null
  readonly prompt: string | null
  readonly target: string | null
  readonly mode: TargetMode | null
  readonly provider: ProviderChoice | null
  readonly promptId: string | null
}

export interface LensView {
  readonly run: string | null
  readonly draft: Draft
  readonly surface: Surface
  /** null: the factor that can be read in words. */
  readonly factor: FactorName | null
  /** null: the lens that the run stores. */
  readonly lens: LensKind | null
  readonly show: Show
  readonly sign: Sign
  readonly colour: Colour
  readonly layer: number | null
  readonly position: number | null
  readonly pins: readonly CellAddress[]
  readonly tab: Tab
  readonly flipped: boolean
}

export const EMPTY_DRAFT: Draft = {
  model: null,
  prompt: null,
  target: null,
  mode: null,
  provider: null,
  promptId: null,
}

export const DEFAULT_VIEW: LensView = {
  run: null,
  draft: EMPTY_DRAFT,
  surface: 'MLP_DOWN',
  factor: null,
  lens: null,
  show: 'written',
  sign: 'update',
  colour: 'norm',
  layer: null,
  position: null,
  pins: [],
  tab: 'run',
  flipped: false,
}

const oneOf = <T extends string>(value: string | null, allowed: readonly T[], fallback: T): T =>
  allowed.find((candidate) => candidate === value) ?? fallback

function bySlug<K extends string>(
  table: Readonly<Record<K, { readonly slug: string }>>,
  slug: string | null,
): K | null {
  return (Object.keys(table) as K[]).find((key) => table[key].slug === slug) ?? null
}

function parseSurface(text: string | null): Surface {
  if (text === 'hidden') return 'HIDDEN'
  return (text && matrixOfLabel(text)) || DEFAULT_VIEW.surface
}

export function surfaceSlug(surface: Surface): string {
  return surface === 'HIDDEN' ? 'hidden' : matrixFacts(surface).label
}

function parseCoordinates(text: string | null): { layer: number; position: number } | null {
  const match = /^(\d{1,4})\.(\d{1,6})$/.exec(text ?? '')
  return match ? { layer: Number(match[1]), position: Number(match[2]) } : null
}

function parsePins(text: string | null): CellAddress[] {
  return (text ?? '').split(',').flatMap((part) => {
    const [surface, coordinates] = part.split(':')
    const place = parseCoordinates(coordinates ?? null)
    const known = surface === 'hidden' || MATRICES.some((matrix) => matrix.label === surface)
    return place && known ? [{ surface: parseSurface(surface ?? null), ...place }] : []
  })
}

export function parseView(query: URLSearchParams): LensView {
  const cell = parseCoordinates(query.get('cell'))
  return {
    run: query.get('run') || null,
    draft: {
      model: query.get('model'),
      prompt: query.get('prompt'),
      target: query.get('target'),
      mode: bySlug(TARGET_MODES, query.get('mode')),
      provider: deviceOfSlug(query.get('device')),
      promptId: query.get('from'),
    },
    surface: parseSurface(query.get('matrix')),
    factor:
      query.get('factor') === 'input' ? 'INPUT' : query.get('factor') === 'vjp' ? 'VJP' : null,
    lens: bySlug(LENSES, query.get('lens')),
    show: oneOf(query.get('show'), ['written', 'removed', 'both'], 'written'),
    sign: oneOf(query.get('sign'), ['update', 'raw'], 'update'),
    colour: oneOf(query.get('colour'), ['norm', 'other', 'rank', 'probability'], 'norm'),
    layer: cell?.layer ?? null,
    position: cell?.position ?? null,
    pins: parsePins(query.get('pins')),
    tab: oneOf(query.get('tab'), ['run', 'imprint', 'next', 'receipt'], 'run'),
    flipped: query.get('flip') === '1',
  }
}

const pinText = (pin: CellAddress) => `${surfaceSlug(pin.surface)}:${pin.layer}.${pin.position}`

export function formatView(view: LensView): string {
  const changed = <T>(value: T, standard: T, text: string): string | null =>
    value === standard ? null : text
  const entries: ReadonlyArray<readonly [string, string | null]> = [
    ['run', view.run],
    ['model', view.draft.model],
    ['prompt', view.draft.prompt],
    ['target', view.draft.target],
    ['mode', view.draft.mode && TARGET_MODES[view.draft.mode].slug],
    ['device', view.draft.provider && deviceSlug(view.draft.provider)],
    ['from', view.draft.promptId],
    ['matrix', changed(view.surface, DEFAULT_VIEW.surface, surfaceSlug(view.surface))],
    ['factor', view.factor && view.factor.toLowerCase()],
    ['lens', view.lens && LENSES[view.lens].slug],
    ['show', changed(view.show, DEFAULT_VIEW.show, view.show)],
    ['sign', changed(view.sign, DEFAULT_VIEW.sign, view.sign)],
    ['colour', changed(view.colour, DEFAULT_VIEW.colour, view.colour)],
    [
      'cell',
      view.layer !== null && view.position !== null ? `${view.layer}.${view.position}` : null,
    ],
    ['pins', view.pins.length > 0 ? view.pins.map(pinText).join(',') : null],
    ['tab', changed(view.tab, DEFAULT_VIEW.tab, view.tab)],
    ['flip', view.flipped ? '1' : null],
  ]
  const query = new URLSearchParams()
  for (const [name, value] of entries) if (value !== null) query.set(name, value)
  return query.toString().replace(/%3A/g, ':').replace(/%2C/g, ',')
}

export function samePin(a: CellAddress, b: CellAddress): boolean {
  return a.surface === b.surface && a.layer === b.layer && a.position === b.position
}

export function togglePin(pins: readonly CellAddress[], pin: CellAddress): CellAddress[] {
  return pins.some((other) => samePin(other, pin))
    ? pins.filter((other) => !samePin(other, pin))
    : [...pins, pin]
}
