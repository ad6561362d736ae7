// Some cases and all arms -> their records: every edit first, then the base model once, then each arm's edits together.
import { computeEdit } from '../edits/compute-edit.js'
import type { EditResources } from '../edits/edit-method.js'
import { addressKey } from '../edits/matrix-delta.js'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { attempt, succeeded, type Attempt } from './attempt.js'
import type { EvaluationArm, ResultRecord, TimingRecord } from './evaluation-record.js'
import {
  failureOf,
  measureArm,
  writeTexts,
  type ArmCase,
  type ComputedEdit,
  type MeasuredCase,
  type MeasureSettings,
} from './measure-arm.js'
import { lowestLayer, measureBase, type BaseReading } from './measure-prompts.js'
import { prepareCase, type PreparedCase } from './prepare-case.js'

export interface BatchOptions extends MeasureSettings {
  readonly arms: readonly EvaluationArm[]
  readonly resources: EditResources
  /** After each edit. */
  readonly onEdit?: () => void
  /** After each arm whose edits were measured. */
  readonly onMeasured?: () => void
}

export interface BatchRecords {
  /** Case by case, in each the arms in order. */
  readonly records: readonly ResultRecord[]
  readonly timings: readonly TimingRecord[]
}

/** One case with its edits, arm by arm. */
interface BatchCase {
  readonly prepared: PreparedCase
  readonly edits: readonly Attempt<ComputedEdit>[]
}

/**
 * Evaluates every arm on every case. A case that fails leaves a failure in its row's place.
 * @throws RUN_CANCELLED and other errors that every case would meet, such as KEY_COVARIANCE_MISSING
 */
export async function evaluateBatch(
  model: LoadedModel,
  cases: readonly EvaluationCase[],
  options: BatchOptions,
): Promise<BatchRecords> {
  const prepared: Attempt<PreparedCase>[] = []
  for (const one of cases) prepared.push(await attempt(() => prepareCase(model, one)))
  const usable = prepared.filter(succeeded)
  const computed = await computeEdits(model, usable, options)
  const batch = usable.map((one, index): BatchCase => {
    return { prepared: one, edits: computed.map((arm) => arm[index] as Attempt<ComputedEdit>) }
  })
  const arms = await measureArms(model, batch, options)
  const place = new Map(usable.map((one, index) => [one, index]))
  const found = cases.flatMap((one, index) =>
    options.arms.map((arm, column): MeasuredCase => {
      const own = prepared[index] as Attempt<PreparedCase>
      if (!succeeded(own)) return { record: failureOf(one, arm, own), timing: null }
      return arms[column]?.[place.get(own) as number] as MeasuredCase
    }),
  )
  return {
    records: found.map(({ record }) => record),
    timings: found.flatMap(({ timing }) => (timing === null ? [] : [timing])),
  }
}

/** Edits of each arm, in the order of the cases: one method after another, so that its sessions stay open. */
async function computeEdits(
  model: LoadedModel,
  cases: readonly PreparedCase[],
  options: BatchOptions,
): Promise<readonly (readonly Attempt<ComputedEdit>[])[]> {
  const edits: Attempt<ComputedEdit>[][] = []
  const resources: EditResources = { ...options.resources, values: new Map() }
  for (const arm of options.arms) {
    const own: Attempt<ComputedEdit>[] = []
    for (const one of cases) {
      own.push(await attempt(() => computeOne(model, one, arm, { ...options, resources })))
      options.onEdit?.()
    }
    edits.push(own)
  }
  return edits
}

async function computeOne(
  model: LoadedModel,
  { request }: PreparedCase,
  { method, hyperparameters }: EvaluationArm,
  { seed, resources, signal }: BatchOptions,
): Promise<ComputedEdit> {
  const covariances: Record<string, string> = {}
  const { keyCovariance } = resources
  const noted: EditResources = {
    ...resources,
    ...(keyCovariance === undefined
      ? {}
      : {
          keyCovariance: async (address) => {
            const found = await keyCovariance(address)
            covariances[addressKey(address)] = found.digest
            return found
          },
        }),
  }
  const edit = await computeEdit(model, {
    method,
    requests: [request],
    hyperparameters,
    seed,
    resources: noted,
    ...(signal === undefined ? {} : { signal }),
  })
  return { edit, covariances }
}

/** Arm by arm, the records of the cases in order. */
async function measureArms(
  model: LoadedModel,
  batch: readonly BatchCase[],
  options: BatchOptions,
): Promise<readonly (readonly MeasuredCase[])[]> {
  if (batch.length === 0) return options.arms.map(() => [])
  const deltas = batch
    .flatMap(({ edits }) => edits.filter(succeeded))
    .map(({ edit }) => edit.deltas)
    .filter(({ length }) => length > 0)
  const cases = batch.map(({ prepared }) => prepared)
  const base = await measureBase(model, cases, deltas.map(lowestLayer), options)
  const plain = cases.map((prepared) => ({ prepared, deltas: [] }))
  const texts = await writeTexts(model, plain, options)
  const measured: (readonly MeasuredCase[])[] = []
  for (const [column, arm] of options.arms.entries()) {
    const own = batch.map(({ prepared, edits }, index): ArmCase => {
      const computed = edits[column] as Attempt<ComputedEdit>
      return {
        prepared,
        computed,
        base: base[index] as BaseReading,
        baseTexts: texts[index] ?? null,
      }
    })
    measured.push(await measureArm(model, arm, own, options))
    options.onMeasured?.()
  }
  return measured
}
