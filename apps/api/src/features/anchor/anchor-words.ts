// Stored anchors -> what people read and where it opens.
import { factorNames, matrixNames } from '../../vocabulary/names.js'
import { headOf } from './anchor-heads.js'
import type { Heads, WantedHeads } from './anchor-heads.js'
import type { NewestRun } from './anchor.repository.js'
import { isRowKind } from './anchor.js'
import type { RowKind, StoredAnchor } from './anchor.js'

export interface AnchorWords {
  readonly title: string
  readonly path: string
  /** Of a run or cell: the run that opens it; null when none is left. */
  readonly runId: string | null
}

const nouns: Readonly<Record<RowKind, string>> = {
  ...{ RUN: 'Run', EDIT: 'Edit', EVALUATION: 'Evaluation', ANNOTATION: 'Annotation' },
  ...{ REVIEW: 'Review', PROMPT: 'Prompt', DATASET: 'Data set', FIGURE_SET: 'Figures' },
  COLLECTION: 'Collection',
}

const rowPaths: Readonly<Record<RowKind, (id: string) => string>> = {
  RUN: (id) => `/lens?run=${id}`,
  EDIT: (id) => `/edits/${id}`,
  EVALUATION: (id) => `/evaluations/${id}`,
  ANNOTATION: (id) => `/annotations/${id}`,
  REVIEW: (id) => `/reviews/${id}`,
  PROMPT: (id) => `/prompts?prompt=${id}`,
  DATASET: (id) => `/datasets/${id}`,
  FIGURE_SET: (id) => `/figures/${id}`,
  COLLECTION: (id) => `/collections/${id}`,
}

/** The page of a thing that has one of its own. */
export const pathOfRow = (kind: RowKind, id: string): string => rowPaths[kind](id)

/** What must be looked up to say an anchor in words; cells by their configuration, apart. */
export function wantWords(anchor: StoredAnchor, wanted: WantedHeads): void {
  const { kind, id, modelId, evaluationId } = anchor
  if (isRowKind(kind) && id !== undefined) wanted.add(kind, id)
  if (kind === 'NEURON' && modelId !== undefined) wanted.models.add(modelId)
  if (kind === 'CASE' && evaluationId !== undefined) wanted.add('EVALUATION', evaluationId)
}

export function wordsOf(
  anchor: StoredAnchor,
  heads: Heads,
  newest: ReadonlyMap<string, NewestRun>,
): AnchorWords {
  const { kind, id } = anchor
  if (isRowKind(kind) && id !== undefined) {
    const head = headOf(heads, kind, id)
    const title = head === null ? `${nouns[kind]} (deleted)` : `${nouns[kind]} ${head.title}`
    return { title, path: pathOfRow(kind, id), runId: kind === 'RUN' ? id : null }
  }
  if (kind === 'CELL') return cellWords(anchor, newest)
  return { ...compoundWords(anchor, heads), runId: null }
}

function cellWords(
  { layer, position, matrix, factor, configDigest }: StoredAnchor,
  newest: ReadonlyMap<string, NewestRun>,
): AnchorWords {
  const matrixLabel = matrix === undefined ? '' : matrixNames.toEngine(matrix)
  const factorLabel = factor === undefined ? '' : factorNames.toEngine(factor)
  const title = `Cell layer ${layer} · position ${position} · ${matrixLabel} · ${factorLabel}`
  const runId = newest.get(configDigest ?? '')?.id ?? null
  const place = `cell=${layer}.${position}&matrix=${matrixLabel}&factor=${factorLabel}`
  return { title, runId, path: runId === null ? '/runs' : `/lens?run=${runId}&${place}` }
}

function compoundWords(anchor: StoredAnchor, heads: Heads): Omit<AnchorWords, 'runId'> {
  const { kind, modelId, layer, index, evaluationId, caseIndex, page, chart } = anchor
  if (kind === 'NEURON') {
    const model = heads.models.get(modelId ?? '')?.title ?? 'a deleted model'
    const path = `/models/${modelId}/neurons/${layer}/${index}`
    return { title: `Neuron ${layer}/${index} of ${model}`, path }
  }
  if (kind === 'CASE') {
    const name = headOf(heads, 'EVALUATION', evaluationId ?? '')?.title ?? 'a deleted evaluation'
    const path = `/evaluations/${evaluationId}?case=${caseIndex}`
    return { title: `Case ${caseIndex} of ${name}`, path }
  }
  return { title: `Chart ${chart}`, path: `${page}#${encodeURIComponent(chart ?? '')}` }
}
