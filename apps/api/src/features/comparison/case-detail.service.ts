// One case in full under every arm, and the way from it to an edit that can be looked at with the lens.
import type { EvaluationCase } from '../../engine/protocol-library.js'
import { badInput } from '../../errors/input-error.js'
import { UserFailure, notFound } from '../../errors/user-failure.js'
import { isUuid } from '../../pagination/time-cursor.js'
import type { Viewer } from '../account/viewer.js'
import { toDatasetCase } from '../dataset/dataset.service.js'
import type { DatasetCase } from '../dataset/dataset.type.js'
import type { EditService } from '../edit/edit.service.js'
import type { CreateEditInput } from '../edit/edit.input.js'
import type { Edit } from '../edit/edit.type.js'
import { toCaseError, toGenerations, toPromptDetail } from './case-values.js'
import type { CaseArmDetail } from './case-window.type.js'
import { labelArms } from './compared-arms.js'
import type { LabelledArm } from './compared-arms.js'
import type { ComparedArmRow, ComparisonRepository, WholeRow } from './comparison.repository.js'
import type { ComparedEvaluation } from './comparison.repository.js'
import { toComparedArm } from './comparison.service.js'

export interface CaseDetailParts {
  readonly repository: ComparisonRepository
  readonly edits: EditService
  readonly titleOf: (method: string) => string
}

export interface FoundCase {
  readonly place: number
  readonly caseId: string
  readonly relation: string
  readonly datasetCase: DatasetCase
  readonly arms: CaseArmDetail[]
}

/** What an edit can be measured with; a case may have more. */
const mostProbes = { paraphrases: 20, neighbors: 20, generationPrompts: 5 } as const

export class CaseDetailService {
  readonly #parts: CaseDetailParts

  constructor(parts: CaseDetailParts) {
    this.#parts = parts
  }

  /** @param place in the data set; null when there is no such case. @throws BAD_USER_INPUT */
  async detail(viewer: Viewer, ids: readonly string[], place: number): Promise<FoundCase | null> {
    const { repository } = this.#parts
    if (ids.length === 0 || ids.length > 10)
      throw badInput('Name 1 to 10 evaluations.', 'evaluationIds')
    const evaluations = await repository.evaluations(viewer.projectId, ids.filter(isUuid))
    const [first] = evaluations
    if (first === undefined) return null
    const found = await repository.caseOf(first.datasetId, place)
    if (found === null) return null
    const own = evaluations.filter(({ datasetId }) => datasetId === first.datasetId)
    const rows = await repository.rowsOfCase(
      own.map(({ id }) => id),
      place,
    )
    const rowOf = new Map(rows.map((row) => [row.armId, row]))
    const record = found.record as unknown as EvaluationCase
    return {
      ...{ place, caseId: found.caseId, relation: found.relation },
      datasetCase: toDatasetCase({ place, record, known: null }),
      arms: labelArms(own).map((arm) => this.#armDetail(arm, record, rowOf.get(arm.id))),
    }
  }

  #armDetail(arm: LabelledArm, one: EvaluationCase, row: WholeRow | undefined): CaseArmDetail {
    const compared = toComparedArm(arm, undefined, this.#parts.titleOf)
    if (row === undefined) return { ...nothingYet, arm: { ...compared, missing: 1 } }
    const { error, warnings } = row.record as {
      readonly error?: Parameters<typeof toCaseError>[0]
      readonly warnings?: string[]
    }
    const failed = row.kind === 'FAILURE'
    const outcome = failed ? 'FAILED' : row.skipped ? 'SKIPPED' : 'EDITED'
    return {
      arm: { ...compared, n: failed ? 0 : 1, failed: +failed, skipped: +row.skipped },
      outcome,
      error: error === undefined ? null : toCaseError(error),
      warnings: warnings ?? [],
      prompts: failed ? [] : row.prompts.map((prompt) => toPromptDetail(one, prompt)),
      generations: toGenerations(one, row),
      editMilliseconds: row.editMilliseconds,
      record: row.record,
    }
  }

  /**
   * Saves the edit that an arm made of a case; asked again, the same edit.
   * @throws UserFailure
   */
  async openEdit(viewer: Viewer, armId: string, place: number): Promise<Edit> {
    const { repository, edits } = this.#parts
    const evaluation = isUuid(armId)
      ? await repository.evaluationOfArm(viewer.projectId, armId)
      : null
    const arm = evaluation?.arms.find(({ id }) => id === armId.toLowerCase())
    if (!evaluation || arm === undefined) throw notFound('arm', 'armId')
    const found = await repository.caseOf(evaluation.datasetId, place)
    if (found === null) throw notFound('case', 'place')
    const one = found.record as unknown as EvaluationCase
    return edits.create(viewer, editOf(evaluation, arm, one, place))
  }
}

const nothingYet: Omit<CaseArmDetail, 'arm'> = {
  ...{ outcome: null, error: null, warnings: [], prompts: [], generations: [] },
  ...{ editMilliseconds: null, record: null },
}

function editOf(
  { seed, name }: ComparedEvaluation,
  { id, modelId, method, hyperparameters }: ComparedArmRow,
  { request, paraphrases, neighbors, generationPrompts }: EvaluationCase,
  place: number,
): CreateEditInput {
  const { prompt, subject, targetNew: target, targetTrue: truth } = request
  if (target === null)
    throw new UserFailure('BAD_ARGUMENT', 'The case asks for no edit.', {
      field: 'place',
      cure: 'Choose a case with a new target.',
    })
  return {
    ...{ modelId, method, hyperparameters, seed },
    requests: [{ prompt, subject, target }],
    probes: {
      truth,
      paraphrases: paraphrases.slice(0, mostProbes.paraphrases),
      neighbors: neighbors
        .slice(0, mostProbes.neighbors)
        .map((one) => ({ prompt: one.prompt, target: one.target })),
      generationPrompts: generationPrompts.slice(0, mostProbes.generationPrompts),
    },
    name: `${subject} → ${target} (${name})`.slice(0, 200),
    clientMutationId: `case ${id} ${place}`,
  }
}
