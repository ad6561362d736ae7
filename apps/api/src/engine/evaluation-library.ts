// What the engine says of evaluations without computing: complete arms, numbers of a record, which cases a protocol can score,
// and the plans that repeat a paper's table.
import {
  evaluationArms,
  fitsProtocol as fits,
  openModel,
  paperNames,
  promptNumbers,
  reproductionPlan,
  rowMetrics as vectorOf,
} from '@imprint/lens-engine'
import type {
  ArmRequest,
  EvaluationArm,
  EvaluationCase,
  ModelFiles,
  ProtocolName,
  ReproductionPlan,
  RowRecord,
  Side,
} from '@imprint/lens-engine'

export { paperNames, promptNumbers }
export type { ArmRequest, EvaluationArm, ReproductionPlan }

/** Metrics of a row in the order of the protocol's table; NaN is not available. */
export function rowMetrics(protocol: string, row: RowRecord, side: Side): number[] {
  return [...vectorOf(protocol as ProtocolName, row, side)]
}

/** Why a protocol cannot score a case, as its row keeps it; null when it can. */
export function fitsProtocol(protocol: string, record: unknown): string | null {
  return fits(protocol as ProtocolName, record as EvaluationCase)
}

export class EvaluationLibrary {
  readonly #home: string
  readonly #files = new Map<string, ModelFiles>()

  constructor(home: string) {
    this.#home = home
  }

  /** One arm with every hyperparameter. @throws BAD_ARGUMENT naming what is wrong */
  completeArm(directory: string, request: ArmRequest): EvaluationArm {
    const [arm] = evaluationArms(this.#open(directory), [request])
    return arm as EvaluationArm
  }

  /** The evaluations that repeat the tables of papers, for a model. @throws LensEngineError when it cannot be opened */
  plans(directory: string): readonly ReproductionPlan[] {
    return paperNames.map((paper) => reproductionPlan(paper, this.#open(directory)))
  }

  #open(directory: string): ModelFiles {
    const known = this.#files.get(directory)
    if (known !== undefined) return known
    const files = openModel(directory, { home: this.#home })
    this.#files.set(directory, files)
    return files
  }
}
