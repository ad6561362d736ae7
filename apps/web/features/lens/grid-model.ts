// One matrix of a run + the view -> what each cell of the grid shows: its words, its tone, and why it may be empty.
import type {
  FactorName,
  HiddenGridQuery,
  LensGridPartsFragment,
  LensRunPartsFragment,
  MatrixName,
} from '../../graphql/generated/graphql'
import { linearScale, placeScale, rangeScale, type ColourScale } from './colour-scale'
import type { Colour, LensView, Show, Sign, Surface } from './lens-view'
import { matrixFacts } from './matrix-names'
import { showNumber } from './numbers'
import { showToken } from './token-text'

export type HiddenGrid = NonNullable<NonNullable<HiddenGridQuery['lensRun']>['hiddenGrid']>

export type GridSource =
  | { readonly kind: 'matrix'; readonly grid: LensGridPartsFragment }
  | { readonly kind: 'hidden'; readonly grid: HiddenGrid }

export interface GridColumn {
  readonly position: number
  readonly id: number
  readonly text: string
  /** A token of the target, fed in after the prompt (sequence mode). */
  readonly forced: boolean
}

export interface GridCell {
  readonly layer: number
  readonly position: number
  /** The token, both tokens, or a number where the factor cannot be read in words. */
  readonly text: string
  readonly hit: boolean
  readonly masked: boolean
  readonly reason: string | null
  readonly value: number
  /** Place on the ramp, 0..1. */
  readonly tone: number
}

export interface GridModel {
  readonly layers: number
  readonly columns: readonly GridColumn[]
  /** Layers from the top of the page down. */
  readonly order: readonly number[]
  readonly surface: Surface
  readonly factor: FactorName | null
  readonly readable: boolean
  readonly caption: string
  readonly ticks: readonly string[]
  readonly cell: (layer: number, position: number) => GridCell
}

type RunFacts = Pick<
  LensRunPartsFragment,
  'tokens' | 'promptLength' | 'texts' | 'rankedTarget' | 'model'
>

/** Which end of the projection a choice of "show" means. The update subtracts a VJP, so it writes the bottom end. */
export function endOf(show: 'written' | 'removed', surface: Surface, sign: Sign): 'top' | 'bottom' {
  const subtracted =
    sign === 'update' && surface !== 'HIDDEN' && matrixFacts(surface).projectable === 'VJP'
  return (show === 'written') === subtracted ? 'bottom' : 'top'
}

export function endLabels(surface: Surface, sign: Sign): Readonly<Record<Show, string>> {
  const writes = surface !== 'HIDDEN' && matrixFacts(surface).projectable === 'VJP'
  if (writes && sign === 'update') return { written: 'Written', removed: 'Removed', both: 'Both' }
  return writes
    ? { written: 'Top', removed: 'Bottom', both: 'Both' }
    : { written: 'Most likely', removed: 'Least likely', both: 'Both' }
}

export function maskReason(
  matrix: MatrixName,
  layer: number,
  layers: number,
  position: number,
  positions: number,
): string {
  if (layer === layers - 1 && position < positions - 1)
    return 'In the last layer only the final position feeds the prediction, so the gradient here is exactly zero.'
  if (position === 0 && (matrix === 'ATTENTION_QUERY' || matrix === 'ATTENTION_KEY'))
    return 'The first position attends only to itself, so its attention cannot change and the gradient is exactly zero.'
  return 'The gradient here is exactly zero: nothing is written at this position.'
}

interface Lists {
  readonly layers: number
  readonly positions: number
  readonly norm: readonly number[]
  readonly other: readonly number[] | null
  readonly masked: readonly boolean[] | null
  readonly targetRank: readonly number[]
  readonly topIds: readonly number[]
  readonly topProbabilities: readonly number[]
  readonly bottomIds: readonly number[] | null
  readonly bottomProbabilities: readonly number[] | null
}

function listsOf(source: GridSource, factor: FactorName | null): Lists {
  if (source.kind === 'hidden')
    return { ...source.grid, other: null, masked: null, bottomIds: null, bottomProbabilities: null }
  const { grid } = source
  const norms = { INPUT: grid.inputNorm, VJP: grid.vjpNorm }
  const shown = factor ?? grid.factor
  return { ...grid, norm: norms[shown], other: norms[shown === 'VJP' ? 'INPUT' : 'VJP'] }
}

interface Colouring {
  readonly values: readonly number[]
  readonly scale: ColourScale
  readonly caption: string
  readonly show: (value: number) => string
}

const surprise = (probability: number) => Math.min(45, -Math.log10(Math.max(probability, 1e-45)))

function colourByProbability(lists: Lists, end: 'top' | 'bottom'): Colouring {
  if (end === 'top' || !lists.bottomProbabilities)
    return {
      values: lists.topProbabilities,
      scale: { position: (value) => value, ticks: [0, 1] },
      caption: 'Probability of the shown token',
      show: (value) => showNumber(value),
    }
  const values = lists.bottomProbabilities.map(surprise)
  return {
    values,
    scale: rangeScale(values.filter((_, index) => !lists.masked?.[index])),
    caption: 'How improbable the shown token is, −log₁₀ p',
    show: (value) => value.toFixed(1),
  }
}

function colourByRank(lists: Lists, run: RunFacts, fromLast: boolean): Colouring {
  const size = run.model.vocabularySize
  const target = showToken(run.rankedTarget?.text ?? 'the target')
  return {
    values: lists.targetRank.map((rank) =>
      rank < 0 ? Number.NaN : fromLast ? size - 1 - rank : rank,
    ),
    scale: placeScale(size),
    caption: `Places of ${target} from the ${fromLast ? 'least' : 'most'} probable token (log)`,
    show: (value) => showNumber(value, 6),
  }
}

const NORM_OF: Readonly<Record<FactorName, string>> = {
  VJP: 'Norm of the VJP, |δ|',
  INPUT: 'Norm of the input, |x|',
}

function colourByNorm(values: readonly number[], caption: string): Colouring {
  const finite = values.filter((value) => value > 0)
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY)
  const high = finite.reduce((most, value) => Math.max(most, value), 0)
  const spread = low > high * 0.35
  return {
    values,
    scale: spread ? rangeScale(finite) : linearScale(values),
    caption,
    show: (value) => showNumber(value),
  }
}

function chooseColour(
  colour: Colour,
  lists: Lists,
  run: RunFacts,
  shown: FactorName | null,
  view: LensView,
): Colouring {
  const { surface, show, sign } = view
  const readable = surface === 'HIDDEN' || shown === matrixFacts(surface).projectable
  if (colour === 'probability' && readable)
    return colourByProbability(
      lists,
      endOf(show === 'removed' ? 'removed' : 'written', surface, sign),
    )
  if (colour === 'rank' && readable)
    return colourByRank(lists, run, surface !== 'HIDDEN' && shown === 'VJP')
  if (!shown) return colourByNorm(lists.norm, 'Norm of the hidden state')
  if (colour === 'other' && lists.other)
    return colourByNorm(lists.other, NORM_OF[shown === 'VJP' ? 'INPUT' : 'VJP'])
  return colourByNorm(lists.norm, NORM_OF[shown])
}

function columnsOf(run: RunFacts): GridColumn[] {
  return run.tokens.map((token, position) => ({
    position,
    id: token.id,
    text: showToken(token.text),
    forced:
      run.promptLength !== null && run.promptLength !== undefined && position >= run.promptLength,
  }))
}

export function textOf(texts: unknown, id: number): string {
  const text = (texts as Readonly<Record<string, string>> | null)?.[String(id)]
  return text === undefined ? `#${id}` : showToken(text)
}

interface Words {
  readonly text: string
  readonly hit: boolean
}

function wordReader(lists: Lists, run: RunFacts, view: LensView): (index: number) => Words {
  const idAt = (end: 'top' | 'bottom', index: number) =>
    (end === 'bottom' && lists.bottomIds ? lists.bottomIds : lists.topIds)[index] ?? -1
  const ends =
    view.show === 'both' && lists.bottomIds
      ? [endOf('written', view.surface, view.sign), endOf('removed', view.surface, view.sign)]
      : [endOf(view.show === 'removed' ? 'removed' : 'written', view.surface, view.sign)]
  return (index) => {
    const ids = ends.map((end) => idAt(end, index))
    return {
      text: ids.map((id) => textOf(run.texts, id)).join(' ∖ '),
      hit: run.rankedTarget ? ids.includes(run.rankedTarget.id) : false,
    }
  }
}

export function buildGrid(source: GridSource, run: RunFacts, view: LensView): GridModel {
  const surface: Surface = source.kind === 'hidden' ? 'HIDDEN' : source.grid.matrix
  const own = source.kind === 'hidden' ? null : source.grid.factor
  const factor = own && (view.factor ?? own)
  const readable = factor === own
  const lists = listsOf(source, factor)
  const colouring = chooseColour(view.colour, lists, run, factor, { ...view, surface })
  const words = wordReader(lists, run, { ...view, surface })
  const drawn: (GridCell | undefined)[] = []
  const draw = (layer: number, position: number): GridCell => {
    const index = layer * lists.positions + position
    const silent = lists.masked?.[index] ?? false
    const masked = silent && factor === 'VJP'
    const value = colouring.values[index] ?? Number.NaN
    const shown = masked
      ? { text: '–', hit: false }
      : readable
        ? words(index)
        : { text: showNumber(lists.norm[index]), hit: false }
    const reason =
      silent && surface !== 'HIDDEN'
        ? maskReason(surface, layer, lists.layers, position, lists.positions)
        : null
    return {
      layer,
      position,
      ...shown,
      masked,
      reason,
      value,
      tone: masked ? 0 : colouring.scale.position(value),
    }
  }
  const upwards = Array.from({ length: lists.layers }, (_, layer) => layer)
  return {
    layers: lists.layers,
    columns: columnsOf(run).slice(0, lists.positions),
    order: view.flipped ? upwards : upwards.toReversed(),
    surface,
    factor,
    readable,
    caption: colouring.caption,
    ticks: colouring.scale.ticks.map(colouring.show),
    cell: (layer, position) =>
      (drawn[layer * lists.positions + position] ??= draw(layer, position)),
  }
}

/** Where to look first: the strongest cell that writes the target, else the strongest; in hidden states the last one. */
export function strongestCell(
  source: GridSource,
  target: number | null,
): { readonly layer: number; readonly position: number } {
  const { positions, layers } = source.grid
  if (source.kind === 'hidden') return { layer: layers - 1, position: positions - 1 }
  const { vjpNorm, bottomIds, factor } = source.grid
  const writesTarget = (index: number) => factor === 'VJP' && bottomIds[index] === target
  const strength = (index: number) =>
    (vjpNorm[index] ?? 0) + (writesTarget(index) && (vjpNorm[index] ?? 0) > 0 ? 1e9 : 0)
  const best = vjpNorm.reduce(
    (most, _, index) => (strength(index) > strength(most) ? index : most),
    0,
  )
  return { layer: Math.floor(best / positions), position: best % positions }
}
