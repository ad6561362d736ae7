// The JSON of an editor's checkpoint -> a checked record: everything but its arrays. Trusts nothing.
import { matrixNames, type MatrixName } from '../../architectures/hook-points.js'
import type { EditedModel } from '../edit.js'
import { defaultTrainingSettings, type LossPoint, type TrainingSettings } from './training-state.js'

export interface MatrixRecord {
  readonly layer: number
  readonly matrix: MatrixName
  readonly inputWidth: number
  readonly outputWidth: number
}

/** Rows seen, by key of the network. */
export type CountRecord = Readonly<Record<string, number>>

export interface CheckpointRecord {
  readonly model: EditedModel
  readonly matrices: readonly MatrixRecord[]
  readonly rank: number
  readonly settings: TrainingSettings
  /** sha256 of the prepared examples. */
  readonly examples: string
  readonly updates: number
  readonly counts: CountRecord
  readonly curve: readonly LossPoint[]
  readonly validations: readonly LossPoint[]
  readonly best: {
    readonly updates: number
    readonly loss: number
    readonly counts: CountRecord
  } | null
}

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isSize: Check = (value) => isCount(value) && (value as number) > 0
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

const isCounts: Check = (value) => isObject(value) && Object.values(value).every(isCount)

const isPoint = objectOf({ updates: isCount, total: isNumber, edit: isNumber, locality: isNumber })

const fields: Readonly<Record<keyof CheckpointRecord, Check>> = {
  model: objectOf({
    name: isText,
    family: isText,
    weightsDigest: isText,
    configDigest: isText,
    tokenizerDigest: (value) => value === null || isText(value),
  }),
  matrices: listOf(
    objectOf({
      layer: isCount,
      matrix: (value) => matrixNames.includes(value as MatrixName),
      inputWidth: isSize,
      outputWidth: isSize,
    }),
  ),
  rank: isSize,
  settings: objectOf(
    Object.fromEntries(Object.keys(defaultTrainingSettings).map((name) => [name, isNumber])),
  ),
  examples: isText,
  updates: isCount,
  counts: isCounts,
  curve: listOf(isPoint),
  validations: listOf(isPoint),
  best: (value) =>
    value === null || objectOf({ updates: isCount, loss: isNumber, counts: isCounts })(value),
}

/** The record, or what is wrong with it. */
export function parseCheckpointRecord(text: string): CheckpointRecord | { problem: string } {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { problem: 'its description is no JSON' }
  }
  if (!isObject(value)) return { problem: 'its description is no object' }
  const record = value
  const wrong = Object.entries(fields).find(([name, check]) => !check(record[name]))
  return wrong === undefined
    ? (record as unknown as CheckpointRecord)
    : { problem: `"${wrong[0]}" of its description is absent or of another kind` }
}
