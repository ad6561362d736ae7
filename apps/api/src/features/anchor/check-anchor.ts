// An anchor as sent -> the anchor as stored, once every field its kind needs is there and the thing exists in the project.
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { AnchorKindKey } from '../../vocabulary/talk-names.js'
import { anchorKinds } from '../../vocabulary/talk-names.js'
import { checkText } from '../text-rules.js'
import type { EvaluationHead, Heads, RunHead, WantedHeads } from './anchor-heads.js'
import { headOf } from './anchor-heads.js'
import type { AnchorInput } from './anchor.input.js'
import { configKey, isRowKind, modelKey, neuronKey, rowKey } from './anchor.js'
import type { CheckedAnchor, RowKind, StoredAnchor } from './anchor.js'
import { pageSubject } from './page-subject.js'

export interface AnchorChecks {
  readonly heads: Heads
  /** Neurons of each layer of the model in a directory; null when its files are not here. */
  readonly innerWidth: (directory: string) => number | null
  /** The input field that holds the anchor, such as `anchor`. */
  readonly field: string
}

const nouns: Readonly<Record<RowKind, string>> = {
  ...{ RUN: 'run', EDIT: 'edit', EVALUATION: 'evaluation', ANNOTATION: 'annotation' },
  ...{ REVIEW: 'review', PROMPT: 'prompt', DATASET: 'dataset', FIGURE_SET: 'figures' },
  COLLECTION: 'collection',
}
const longest = { page: 500, chart: 100 } as const

/** What an anchor needs to be looked up; ids that are none are left out, so that they are not found. */
export function wantHeads(input: AnchorInput, wanted: WantedHeads): void {
  const { kind, id, runId, modelId, evaluationId, page } = input
  const want = (row: RowKind, value: string | null | undefined): void => {
    if (value && isUuid(value)) wanted.add(row, value.toLowerCase())
  }
  if (isRowKind(kind)) want(kind, id)
  if (kind === 'CELL') want('RUN', runId)
  if (kind === 'CASE') want('EVALUATION', evaluationId)
  if (kind === 'NEURON' && modelId && isUuid(modelId)) wanted.models.add(modelId.toLowerCase())
  const subject = kind === 'CHART' && page ? pageSubject(page) : null
  if (subject !== null) want(subject.kind, subject.id)
}

/** @throws UserFailure BAD_ANCHOR for a field that is missing or out of range, ..._NOT_FOUND naming the field */
export function checkAnchor(input: AnchorInput, checks: AnchorChecks): CheckedAnchor {
  if (isRowKind(input.kind)) return checkRow(input.kind, input, checks)
  return checkers[input.kind](input, checks)
}

type CompoundKind = Exclude<AnchorKindKey, RowKind>
type Check = (input: AnchorInput, checks: AnchorChecks) => CheckedAnchor

const checkers: Readonly<Record<CompoundKind, Check>> = {
  CELL: checkCell,
  NEURON: checkNeuron,
  CASE: checkCase,
  CHART: checkChart,
}

const checked = (stored: StoredAnchor, rest: Partial<CheckedAnchor> = {}): CheckedAnchor => ({
  ...{ kind: stored.kind, key: stored.key, stored, partOf: [], parts: [stored.key] },
  ...{ modelId: null, layer: null, neuron: null, ...rest },
})

function checkRow(kind: RowKind, input: AnchorInput, checks: AnchorChecks): CheckedAnchor {
  const head = found(kind, needed(input, 'id', checks), 'id', checks)
  const stored: StoredAnchor = { kind, id: head.id, key: rowKey(kind, head.id) }
  if (kind !== 'RUN') return checked(stored)
  const { configDigest, modelId } = head as RunHead
  const config = configKey(configDigest)
  return checked(stored, { partOf: [config], parts: [stored.key, config], modelId })
}

function checkCell(input: AnchorInput, checks: AnchorChecks): CheckedAnchor {
  const run = found('RUN', needed(input, 'runId', checks), 'runId', checks) as RunHead
  const { configDigest, modelId } = run
  const layer = within(input, 'layer', run.layers, checks)
  const position = within(input, 'position', run.positions, checks)
  const matrix = needed(input, 'matrix', checks)
  const factor = needed(input, 'factor', checks)
  if (!run.matrices.includes(matrix))
    throw bad(checks, 'matrix', `The run has no ${matrix}.`, `Use ${run.matrices.join(', ')}.`)
  const key = `cell:${configDigest}/${layer}/${position}/${matrix}/${factor}`
  const stored = { kind: 'CELL', key, configDigest, layer, position, matrix, factor } as const
  return checked(stored, { partOf: [configKey(configDigest)], modelId, layer })
}

function checkNeuron(input: AnchorInput, checks: AnchorChecks): CheckedAnchor {
  const asked = needed(input, 'modelId', checks)
  const model = checks.heads.models.get(asked.toLowerCase())
  if (model === undefined) throw notFound('model', `${checks.field}.modelId`)
  const { id: modelId, layers, directory } = model
  const layer = within(input, 'layer', layers, checks)
  const width = checks.innerWidth(directory) ?? Number.MAX_SAFE_INTEGER
  const index = within(input, 'index', width, checks)
  const key = neuronKey(modelId, layer, index)
  const stored = { kind: 'NEURON', key, modelId, layer, index } as const
  return checked(stored, { partOf: [modelKey(modelId)], modelId, layer, neuron: index })
}

function checkCase(input: AnchorInput, checks: AnchorChecks): CheckedAnchor {
  const asked = needed(input, 'evaluationId', checks)
  const { id: evaluationId, cases } = found(
    ...(['EVALUATION', asked, 'evaluationId', checks] as const),
  ) as EvaluationHead
  const caseIndex = within(input, 'caseIndex', cases, checks)
  const key = `case:${evaluationId}/${caseIndex}`
  const stored = { kind: 'CASE', key, evaluationId, caseIndex } as const
  return checked(stored, { partOf: [rowKey('EVALUATION', evaluationId)] })
}

function checkChart(input: AnchorInput, checks: AnchorChecks): CheckedAnchor {
  const page = checkText(needed(input, 'page', checks), `${checks.field}.page`, longest.page)
  const chart = checkText(needed(input, 'chart', checks), `${checks.field}.chart`, longest.chart)
  if (page === null || !isPagePath(page))
    throw bad(checks, 'page', 'This is no path of a page.', 'Use a path such as /evaluations/<id>.')
  if (chart === null) throw missing(checks, 'chart')
  const subject = pageSubject(page)
  const partOf = subject === null ? [] : [found(subject.kind, subject.id, 'page', checks)]
  const region = regionOf(input, checks)
  const stored: StoredAnchor = {
    ...{ kind: 'CHART', key: `chart:${page}#${chart}`, page, chart },
    ...(region === null ? {} : { region }),
  }
  const kind = subject?.kind ?? 'EVALUATION'
  return checked(stored, { partOf: partOf.map(({ id }) => rowKey(kind, id)) })
}

/** Within this site: one slash first, then path and query without spaces, quotes or markup. */
const isPagePath = (page: string): boolean => /^\/(?!\/)[\w\-./~%?=&,:+]*$/.test(page)

function regionOf({ region }: AnchorInput, checks: AnchorChecks): number[] | null {
  if (region === null || region === undefined) return null
  const [x0, y0, x1, y1] = region
  const whole = region.length === 4 && region.every(Number.isFinite)
  if (whole && Number(x0) <= Number(x1) && Number(y0) <= Number(y1)) return [...region]
  const cure = 'Send x0, y0, x1, y1 with x0 <= x1 and y0 <= y1.'
  throw bad(checks, 'region', 'A region is four finite numbers in order.', cure)
}

function found(kind: RowKind, id: string, field: string, { heads, field: base }: AnchorChecks) {
  const head = headOf(heads, kind, id.toLowerCase())
  if (head === null) throw notFound(nouns[kind], `${base}.${field}`)
  return head
}

function needed<Field extends keyof AnchorInput>(
  input: AnchorInput,
  field: Field,
  checks: AnchorChecks,
): NonNullable<AnchorInput[Field]> {
  const value = input[field]
  if (value === null || value === undefined || value === '')
    throw missing(checks, field, anchorKinds.toEngine(input.kind))
  return value
}

function within(
  input: AnchorInput,
  field: 'layer' | 'position' | 'index' | 'caseIndex',
  end: number,
  checks: AnchorChecks,
): number {
  const value = needed(input, field, checks)
  if (value >= 0 && value < end) return value
  const cure = end > 0 ? `Use a whole number from 0 to ${end - 1}.` : 'Choose another.'
  throw bad(checks, field, `${field} is ${value}.`, cure)
}

function bad({ field }: AnchorChecks, part: string, message: string, cure: string): UserFailure {
  return new UserFailure('BAD_ANCHOR', message, { field: `${field}.${part}`, cure })
}

const missing = (checks: AnchorChecks, part: string, kind = 'chart'): UserFailure =>
  bad(checks, part, `An anchor of the kind ${kind} needs ${part}.`, `Send ${part}.`)
