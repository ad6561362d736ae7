// Evaluations side by side as one table of cases: the cases of all of them, each arm's vectors laid on them.

export interface CaseText {
  readonly caseId: string
  readonly relation: string
  readonly subject: string
  /** With `{}` in the subject's place. */
  readonly prompt: string
  readonly targetNew: string | null
  readonly targetTrue: string | null
}

/** The prompt with its subject, whatever signs stand in it. */
export const promptOf = ({ prompt, subject }: Pick<CaseText, 'prompt' | 'subject'>): string =>
  prompt.replace('{}', () => subject)

/** What came of a case under an arm, as one byte. */
export const outcomes = { missing: 0, edited: 1, skipped: 2, failed: 3, notAsked: 4 } as const

export interface ArmVectors {
  readonly id: string
  readonly modelId: string
  /** [cases] */
  readonly outcomes: Uint8Array
  /** [cases x metrics], row by row; NaN is not available. */
  readonly values: Float64Array
  readonly secondsPerEdit: number | null
  readonly peakBytes: number | null
}

/** One evaluation as it is in memory. */
export interface EvaluationVectors {
  readonly evaluationId: string
  readonly version: number
  readonly datasetId: string
  readonly metrics: number
  /** Places in the data set, ascending. */
  readonly places: Int32Array
  readonly texts: readonly CaseText[]
  readonly arms: readonly ArmVectors[]
  /** The unedited models, by id; [cases x metrics]. */
  readonly before: ReadonlyMap<string, Float64Array>
}

export interface CaseTable {
  readonly metrics: number
  readonly places: Int32Array
  readonly texts: readonly CaseText[]
  readonly arms: ReadonlyMap<string, ArmVectors>
  readonly before: ReadonlyMap<string, Float64Array>
  /** Relations in the order of their first case, and [cases] indices into them. */
  readonly relations: readonly string[]
  readonly relationOf: Int32Array
}

/** The table of one evaluation, or of several on one data set: the cases of all of them by their place in it. */
export function joinEvaluations(evaluations: readonly EvaluationVectors[]): CaseTable {
  const [first] = evaluations
  if (first === undefined) throw new Error('A table of no evaluation')
  const same = evaluations.every(({ places }) => equal(places, first.places))
  const texts = new Map<number, CaseText>()
  for (const { places, texts: own } of evaluations)
    places.forEach((place, index) => texts.set(place, own[index] as CaseText))
  const places = same ? first.places : Int32Array.from(texts.keys()).sort()
  const laid = evaluations.map((one) => layOut(one, places, same))
  const ordered = Array.from(places, (place) => texts.get(place) as CaseText)
  return {
    ...{ metrics: first.metrics, places, texts: ordered },
    arms: new Map(laid.flatMap(({ arms }) => arms.map((arm) => [arm.id, arm]))),
    before: mergeBefore(laid.map(({ before }) => before)),
    ...numberRelations(ordered),
  }
}

type Laid = Pick<EvaluationVectors, 'arms' | 'before'>

function layOut(one: EvaluationVectors, places: Int32Array, same: boolean): Laid {
  if (same) return one
  const own = new Map(Array.from(one.places, (place, index) => [place, index]))
  const from = Int32Array.from(places, (place) => own.get(place) ?? -1)
  const spread = (values: Float64Array): Float64Array => {
    const laid = new Float64Array(places.length * one.metrics).fill(NaN)
    from.forEach((source, index) => {
      if (source < 0) return
      const start = source * one.metrics
      laid.set(values.subarray(start, start + one.metrics), index * one.metrics)
    })
    return laid
  }
  return {
    arms: one.arms.map((arm) => ({
      ...arm,
      values: spread(arm.values),
      outcomes: Uint8Array.from(from, (source) =>
        source < 0 ? outcomes.notAsked : (arm.outcomes[source] as number),
      ),
    })),
    before: new Map([...one.before].map(([model, values]) => [model, spread(values)])),
  }
}

/** One model in several evaluations reads the same before its edits: what one lacks, another has. */
function mergeBefore(
  parts: readonly ReadonlyMap<string, Float64Array>[],
): ReadonlyMap<string, Float64Array> {
  const merged = new Map<string, Float64Array>()
  for (const part of parts) {
    for (const [model, values] of part) {
      const found = merged.get(model)
      const filled = found?.map((value, at) => (Number.isNaN(value) ? (values[at] ?? NaN) : value))
      merged.set(model, filled ?? values)
    }
  }
  return merged
}

function numberRelations(texts: readonly CaseText[]): Pick<CaseTable, 'relations' | 'relationOf'> {
  const numbers = new Map<string, number>()
  const relationOf = Int32Array.from(texts, ({ relation }) => {
    const found = numbers.get(relation) ?? numbers.size
    numbers.set(relation, found)
    return found
  })
  return { relations: [...numbers.keys()], relationOf }
}

const equal = (first: Int32Array, second: Int32Array): boolean =>
  first.length === second.length && first.every((value, index) => value === second[index])
