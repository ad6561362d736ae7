// The JSON of an edit file -> a checked record: everything of an edit but its arrays. Trusts nothing.
import { matrixNames, type MatrixName } from '../architectures/hook-points.js'
import type { Edit } from './edit.js'
import { editMethodNames, type EditMethodName } from './edit-method.js'

export interface DeltaRecord {
  readonly kind: 'low-rank' | 'dense'
  readonly layer: number
  readonly matrix: MatrixName
  readonly inputWidth: number
  readonly outputWidth: number
  readonly rank: number | null
  readonly bias: boolean
}

export type EditRecord = Omit<Edit, 'deltas'> & { readonly deltas: readonly DeltaRecord[] }

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isTextOrNull: Check = (value) => value === null || isText(value)
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const isSize: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check)

const objectOf =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, check]) => check(value[name]))

const isPlainValue: Check = (value) =>
  value === null ||
  typeof value === 'boolean' ||
  isText(value) ||
  isNumber(value) ||
  listOf((one) => isText(one) || isNumber(one))(value)

const isDelta: Check = (value) =>
  objectOf({
    kind: (kind) => kind === 'low-rank' || kind === 'dense',
    layer: (layer) => Number.isSafeInteger(layer) && (layer as number) >= 0,
    matrix: (matrix) => matrixNames.includes(matrix as MatrixName),
    inputWidth: isSize,
    outputWidth: isSize,
    bias: (bias) => typeof bias === 'boolean',
  })(value) &&
  ((value as DeltaRecord).kind === 'dense'
    ? (value as DeltaRecord).rank === null
    : isSize((value as DeltaRecord).rank))

const isOutcome: Check = (value) =>
  isObject(value) &&
  (value['kind'] === 'edited' || (value['kind'] === 'skipped' && isText(value['reason'])))

/** Every field of a record and what it must be. */
const fields: Readonly<Record<keyof EditRecord, Check>> = {
  id: (value) => isText(value) && /^[0-9a-f]{64}$/.test(value as string),
  method: (value) => editMethodNames.includes(value as EditMethodName),
  hyperparameters: (value) => isObject(value) && Object.values(value).every(isPlainValue),
  requests: listOf(objectOf({ prompt: isText, subject: isText, target: isText })),
  model: objectOf({
    name: isText,
    family: isText,
    weightsDigest: isText,
    configDigest: isText,
    tokenizerDigest: isTextOrNull,
  }),
  outcome: isOutcome,
  deltas: listOf(isDelta),
  trace: listOf(objectOf({ name: isText, unit: isText, values: listOf(isNumber) })),
  warnings: listOf(isText),
  cost: objectOf({
    forwardPasses: isNumber,
    backwardPasses: isNumber,
    sequences: isNumber,
    tokens: isNumber,
    milliseconds: isNumber,
    peakBytes: isNumber,
  }),
  receipt: objectOf({
    engineVersion: isText,
    runtimeVersion: isText,
    provider: isText,
    dtype: isText,
    threads: isNumber,
    seed: isNumber,
    graphDigests: listOf(isText),
    defaults: isText,
    onTopOf: listOf(isText),
  }),
}

/** The record, or what is wrong with it. */
export function parseEditRecord(text: string): EditRecord | { readonly problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'its record is not JSON' }
  }
  if (!isObject(value)) return { problem: 'its record is not a JSON object' }
  const wrong = Object.entries(fields).find(([name, check]) => !check(value[name]))
  return wrong === undefined
    ? (value as unknown as EditRecord)
    : { problem: `the field "${wrong[0]}" of its record is missing or malformed` }
}
