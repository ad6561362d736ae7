// Outputs of a lens graph -> packed cells of one prompt of the batch.
import type { Fetch } from '../runtime/ort.js'
import type { Batch } from './batch-feeds.js'
import { normOutput } from './factor-norms.js'
import { projectableIndex, type FactorEntry } from './factor-table.js'
import { gramOutput } from './gram-graph.js'
import type { LensLayout } from './lens-outputs.js'
import type { StackPlace } from './value-stacks.js'
import type { ImprintAndShift, PackedCells, PackedHiddenStates } from './lens-result.js'

export type Fetches = Readonly<Record<string, Fetch>>

/** Outputs `losses` and `next.*`, seen from one prompt. */
export interface HeadView {
  readonly fetches: Fetches
  readonly batch: Batch
  /** Index of the prompt in the batch. */
  readonly prompt: number
  readonly topK: number
}

/** The outputs of the lens, or of one layer of it, seen from one prompt. */
export interface PromptView extends HeadView {
  readonly layout: LensLayout
}

export function floats(fetches: Fetches, name: string): Float32Array {
  return (fetches[name] as Fetch).data as Float32Array
}

export function integers(fetches: Fetches, name: string): Int32Array {
  return (fetches[name] as Fetch).data as Int32Array
}

const length = (view: PromptView): number =>
  (view.batch.prompts[view.prompt] as Batch['prompts'][number]).inputIds.length

/** First row of the prompt within group `group` of projected or normed rows. */
const firstRow = (view: PromptView, group: number): number =>
  group * view.batch.rows + view.prompt * view.batch.positions

/** Where value `index` lies in the stacked outputs. */
export const placeOf = (view: PromptView, index: number): StackPlace =>
  view.layout.places[index] as StackPlace

/** Norms of value `index` at the prompt's positions. */
function normsOf(view: PromptView, index: number): Float32Array {
  const { width, place } = placeOf(view, index)
  const start = firstRow(view, place)
  return floats(view.fetches, normOutput(width)).slice(start, start + length(view))
}

/** Ends and ranks of projected group `group` at the prompt's positions. */
function projectionOf(view: PromptView, group: number) {
  const { fetches, topK } = view
  const [start, count] = [firstRow(view, group), length(view)]
  const [from, to] = [start * topK, (start + count) * topK]
  const idsOf = (name: string) => integers(fetches, name).slice(from, to)
  const valuesOf = (name: string) => floats(fetches, name).slice(from, to)
  return {
    topIds: idsOf('top.ids'),
    topLogits: valuesOf('top.logits'),
    topProbabilities: valuesOf('top.probabilities'),
    bottomIds: idsOf('bottom.ids'),
    bottomLogits: valuesOf('bottom.logits'),
    bottomProbabilities: valuesOf('bottom.probabilities'),
    targetRank: integers(fetches, 'rank.target').slice(start, start + count),
    answerRank: integers(fetches, 'rank.answer').slice(start, start + count),
  }
}

export function unpackCells(view: PromptView, entry: FactorEntry): PackedCells {
  const projection = projectionOf(view, view.layout.projected.indexOf(projectableIndex(entry)))
  const vjpNorm = normsOf(view, entry.vjp)
  const masked = Uint8Array.from(vjpNorm, (norm) => (norm === 0 ? 1 : 0))
  if (entry.projectable === 'vjp') {
    masked.forEach((isMasked, position) => {
      if (isMasked === 0) return
      projection.targetRank[position] = -1
      projection.answerRank[position] = -1
    })
  }
  return {
    ...entry.address,
    ...projection,
    positions: length(view),
    k: view.topK,
    projectable: entry.projectable,
    inputNorm: normsOf(view, entry.input),
    vjpNorm,
    masked,
  }
}

/** @param place index into the layout's hidden layers */
export function unpackHiddenStates(view: PromptView, place: number): PackedHiddenStates {
  const { layout } = view
  return {
    layer: layout.hidden[place] as number,
    ...projectionOf(view, layout.projected.length + place),
    positions: length(view),
    k: view.topK,
    norm: normsOf(view, layout.widths.length + place),
  }
}

export function unpackImprint(view: PromptView, place: number): ImprintAndShift {
  const { fetches } = view
  const { layer, matrix } = view.layout.imprint[place] as LensLayout['imprint'][number]
  const neurons = (fetches['imprint.own.ids'] as Fetch).shape[2] as number
  const [start, count] = [firstRow(view, place), length(view)]
  const idsOf = (name: string) =>
    integers(fetches, name).slice(start * neurons, (start + count) * neurons)
  const changeOf = (name: string) =>
    floats(fetches, name).slice(start * neurons, (start + count) * neurons)
  const rowsOf = (name: string) => floats(fetches, name).slice(start, start + count)
  return {
    layer,
    matrix,
    positions: count,
    neurons,
    ownIds: idsOf('imprint.own.ids'),
    ownChange: changeOf('imprint.own.change'),
    fullIds: idsOf('imprint.full.ids'),
    fullChange: changeOf('imprint.full.change'),
    shiftOwnNorm: rowsOf('shift.own.norm'),
    shiftFullNorm: rowsOf('shift.full.norm'),
    shiftTargetLogit: rowsOf('shift.target'),
  }
}

/** Rows of the prompt from an output [rows, width]. */
export function promptRows(view: PromptView, name: string, width: number): Float32Array {
  const start = firstRow(view, 0) * width
  return floats(view.fetches, name).slice(start, start + length(view) * width)
}

/** The prompt's square [n, n] of value `index` from the stacked Gram matrices. */
export function promptGram(view: PromptView, index: number): Float64Array {
  const { positions, prompts } = view.batch
  const { width, place } = placeOf(view, index)
  const all = (view.fetches[gramOutput(width)] as Fetch).data as Float64Array
  const n = length(view)
  const square = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const start = ((place * prompts.length + view.prompt) * positions + i) * positions
    square.set(all.subarray(start, start + n), i * n)
  }
  return square
}
