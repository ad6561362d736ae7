// The edits of one arm and the base's readings of their cases -> one record for each case.
import type { Edit } from '../edits/edit.js'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import type { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { succeeded, type Attempt } from './attempt.js'
import type {
  EvaluationArm,
  FailureRecord,
  GenerationSettings,
  ResultRecord,
  RowRecord,
  TimingRecord,
} from './evaluation-record.js'
import { generateForCases, type CaseDeltas } from './generate-for-cases.js'
import { measureEdited, type BaseReading, type EditedReading } from './measure-prompts.js'
import type { PromptRow, TextReading } from './metrics/case-row.js'
import type { PreparedCase, PreparedPrompt } from './prepare-case.js'

export interface MeasureSettings {
  readonly seed: number
  readonly divergence: boolean
  readonly generation: GenerationSettings | null
  readonly signal?: AbortSignal | undefined
}

/** An edit and the digests of the covariances it read. */
export interface ComputedEdit {
  readonly edit: Edit
  readonly covariances: Readonly<Record<string, string>>
}

/** One case of an arm. */
export interface ArmCase {
  readonly prepared: PreparedCase
  readonly computed: Attempt<ComputedEdit>
  readonly base: BaseReading
  readonly baseTexts: readonly string[] | null
}

/** A record of one case under one arm, and its timing where an edit was made. */
export interface MeasuredCase {
  readonly record: ResultRecord
  readonly timing: TimingRecord | null
}

/**
 * Measures the edits of one arm. An edit that wrote nothing leaves the base's readings, bit for bit, and is not run.
 * @throws RUN_CANCELLED
 */
export async function measureArm(
  model: LoadedModel,
  arm: EvaluationArm,
  cases: readonly ArmCase[],
  settings: MeasureSettings,
): Promise<readonly MeasuredCase[]> {
  const started = performance.now()
  const edited = cases.flatMap(({ prepared, computed, base }) => {
    if (!succeeded(computed) || computed.edit.deltas.length === 0) return []
    return [{ prepared, base, deltas: computed.edit.deltas }]
  })
  const found = await measureEdited(model, edited, settings)
  const sound = edited.filter((_, index) => succeeded(found[index] as Attempt<EditedReading>))
  const texts = await writeTexts(model, sound, settings)
  const readings = new Map(edited.map(({ prepared }, index) => [prepared, found[index]]))
  const written = new Map(sound.map(({ prepared }, index) => [prepared, texts[index] ?? null]))
  const each = (performance.now() - started) / Math.max(1, edited.length)
  return cases.map((one): MeasuredCase => {
    const { prepared, computed } = one
    if (!succeeded(computed)) {
      return { record: failureOf(prepared.case, arm, computed), timing: null }
    }
    const reading = readings.get(prepared) ?? unchanged(one)
    const timing = timingOf(one, arm, computed.edit, readings.has(prepared) ? each : 0)
    if (!succeeded(reading)) return { record: failureOf(prepared.case, arm, reading), timing }
    const own = readings.has(prepared) ? (written.get(prepared) ?? null) : one.baseTexts
    return { record: rowOf(one, arm, computed, { reading, texts: own }), timing }
  })
}

/** Texts of each case; none where no texts are asked for. @throws RUN_CANCELLED */
export async function writeTexts(
  model: LoadedModel,
  cases: readonly CaseDeltas[],
  { generation, seed, signal }: MeasureSettings,
): Promise<readonly (readonly string[])[]> {
  if (generation === null) return []
  return generateForCases(model, cases, { ...generation, seed, signal })
}

const unchanged = ({ prepared, base }: ArmCase): EditedReading => ({
  prompts: base.prompts,
  divergence: prepared.prompts.map(({ kind }) => (kind === 'neighborhood' ? 0 : null)),
})

const timingOf = (
  { prepared }: ArmCase,
  arm: EvaluationArm,
  { cost }: Edit,
  measureMilliseconds: number,
): TimingRecord => ({
  caseId: prepared.case.id,
  method: arm.name,
  editMilliseconds: cost.milliseconds,
  measureMilliseconds,
  peakBytes: cost.peakBytes,
})

interface AfterEdit {
  readonly reading: EditedReading
  readonly texts: readonly string[] | null
}

function rowOf(
  { prepared, base, baseTexts }: ArmCase,
  arm: EvaluationArm,
  { edit, covariances }: ComputedEdit,
  { reading, texts }: AfterEdit,
): RowRecord {
  const { forwardPasses, backwardPasses, sequences, tokens } = edit.cost
  const prompts = prepared.prompts.map(({ kind, index }: PreparedPrompt, place): PromptRow => {
    const [before, after] = [base.prompts[place], reading.prompts[place]]
    if (before === undefined || after === undefined) throw new RangeError('a reading is missing')
    return { kind, index, before, after, klToBase: reading.divergence[place] ?? null }
  })
  return {
    kind: 'row',
    caseId: prepared.case.id,
    relation: prepared.case.relation.id,
    method: arm.name,
    edit: edit.id,
    outcome: edit.outcome,
    warnings: edit.warnings,
    covariances,
    cost: { forwardPasses, backwardPasses, sequences, tokens },
    prompts,
    before: textReading(baseTexts),
    after: textReading(texts),
  }
}

/** Reference texts and a perplexity corpus are data that a user must supply. */
const textReading = (generations: readonly string[] | null): TextReading => ({
  generations,
  references: null,
  perplexity: null,
})

export function failureOf(
  { id, relation }: EvaluationCase,
  { name }: EvaluationArm,
  { code, message, cure, details }: LensEngineError,
): FailureRecord {
  const error = { code, message, cure, details }
  return { kind: 'failure', caseId: id, relation: relation.id, method: name, error }
}
