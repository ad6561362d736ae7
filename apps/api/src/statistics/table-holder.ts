// Keeps the vectors of evaluations that are looked at, and answers what is asked of them.
import type pg from 'pg'
import { densityOf, distributionsOf } from './case-histograms.js'
import type { Density, Distribution } from './case-histograms.js'
import { chooseCases, sortCases } from './case-filter.js'
import type { FlipChoice, Verdicts } from './case-filter.js'
import { joinEvaluations, outcomes, promptOf } from './case-table.js'
import type { ArmVectors, CaseTable, EvaluationVectors } from './case-table.js'
import { RecentlyUsed } from './recently-used.js'
import type {
  ArmCounts,
  ColumnsAnswer,
  DensityQuestion,
  TableAnswers,
  TableQuestion,
  WindowAnswer,
  WindowQuestion,
  WindowRow,
} from './table-calls.js'
import { loadVectors, loadVerdicts } from './vectors.repository.js'

interface Chosen {
  readonly table: CaseTable
  readonly cases: Int32Array
}

/** Bytes of vectors and texts that are kept. */
const largest = 400 * 2 ** 20

export class TableHolder implements TableAnswers {
  readonly #pool: pg.Pool
  readonly #evaluations = new RecentlyUsed<Promise<EvaluationVectors>>(largest)
  readonly #tables = new RecentlyUsed<Promise<CaseTable>>(6)
  readonly #choices = new RecentlyUsed<Promise<Chosen>>(12)
  readonly #orders = new RecentlyUsed<Int32Array>(12)
  readonly #verdicts = new RecentlyUsed<Promise<Verdicts>>(60)

  constructor(pool: pg.Pool) {
    this.#pool = pool
  }

  async columns(question: TableQuestion): Promise<ColumnsAnswer> {
    const { table, cases } = await this.#choose(question)
    const arms = question.armIds.flatMap((id) => table.arms.get(id) ?? [])
    const gathered = (values: Float64Array): Float64Array => gather(values, cases, table.metrics)
    const models = [...new Set(arms.map(({ modelId }) => modelId))]
    const isAsked = (index: number) => (arm: ArmVectors) =>
      arm.outcomes[index] !== outcomes.notAsked
    const askedOfAny = (some: readonly ArmVectors[]): number =>
      count(cases, (index) => some.some(isAsked(index)))
    const sharedCases = count(cases, (index) => arms.every(isAsked(index)))
    return {
      ...{ cases: cases.length, shared: sharedCases === cases.length, sharedCases },
      arms: arms.map((arm) => countsOf(arm, cases)),
      columns: {
        relations: table.relations,
        relationOf: Int32Array.from(cases, (index) => table.relationOf[index] as number),
        arms: arms.map((arm) => ({
          ...{ id: arm.id, values: gathered(arm.values), asked: askedOfAny([arm]) },
        })),
        before: models.map((model) => {
          const first = arms.find(({ modelId }) => modelId === model)!
          // Read beside every arm of the model, chosen or not.
          const beside = [...table.arms.values()].filter(({ modelId }) => modelId === model)
          const values = gathered(table.before.get(model) as Float64Array)
          return { id: first.id, values, asked: askedOfAny(beside) }
        }),
      },
    }
  }

  async window({ table: asked, sort, offset, limit }: WindowQuestion): Promise<WindowAnswer> {
    const chosen = await this.#choose(asked)
    const key = JSON.stringify([asked, sort])
    const order = this.#orders.get(key) ?? sortCases(chosen.table, chosen.cases, sort)
    this.#orders.set(key, order)
    const rows = Array.from(order.subarray(offset, offset + limit), (index) =>
      windowRow(chosen.table, asked.armIds, index),
    )
    return { total: order.length, rows }
  }

  async distributions(question: { table: TableQuestion; metric: number }): Promise<Distribution[]> {
    const { table, cases } = await this.#choose(question.table)
    return distributionsOf(table, cases, question.table.armIds, question.metric)
  }

  async density({ table: asked, x, y, bins }: DensityQuestion): Promise<Density> {
    const { table, cases } = await this.#choose(asked)
    return densityOf(table, cases, { x, y }, bins)
  }

  #choose(question: TableQuestion): Promise<Chosen> {
    const key = JSON.stringify(question)
    return this.#choices.remember(key, async () => {
      const table = await this.#table(question)
      const { flips } = question.choice
      const verdicts = flips === null ? null : await this.#flipVerdicts(question, table, flips)
      const cases = chooseCases(table, question.armIds, question.choice, verdicts)
      return { table, cases }
    })
  }

  #table({ evaluations, metrics }: TableQuestion): Promise<CaseTable> {
    return this.#tables.remember(JSON.stringify(evaluations), async () =>
      joinEvaluations(
        await Promise.all(
          evaluations.map(({ id, version }) => this.#evaluation(id, version, metrics)),
        ),
      ),
    )
  }

  #evaluation(id: string, version: number, metrics: number): Promise<EvaluationVectors> {
    return this.#evaluations.remember(`${id} ${version}`, async () => {
      const loaded = await loadVectors(this.#pool, id, metrics)
      if (loaded === null) throw new Error(`Evaluation ${id} is gone`)
      this.#evaluations.weigh(`${id} ${version}`, bytesOf(loaded))
      return loaded
    })
  }

  async #flipVerdicts(
    question: TableQuestion,
    table: CaseTable,
    { firstArmId, secondArmId, kind }: FlipChoice,
  ): Promise<readonly [Verdicts, Verdicts]> {
    const read = async (armId: string): Promise<Verdicts> => {
      for (const { id, version } of question.evaluations) {
        const own = await this.#evaluation(id, version, question.metrics)
        if (!own.arms.some((arm) => arm.id === armId)) continue
        const found = await this.#verdicts.remember(`${armId} ${version} ${kind}`, () =>
          loadVerdicts(this.#pool, { evaluationId: id, armId, kind }),
        )
        const rows = new Map(Array.from(own.places, (place, row) => [place, row]))
        return Array.from(table.places, (place) => found[rows.get(place) ?? -1] ?? null)
      }
      return []
    }
    return [await read(firstArmId), await read(secondArmId)]
  }
}

function gather(values: Float64Array, cases: Int32Array, metrics: number): Float64Array {
  const gathered = new Float64Array(cases.length * metrics)
  cases.forEach((index, row) =>
    gathered.set(values.subarray(index * metrics, (index + 1) * metrics), row * metrics),
  )
  return gathered
}

function count(cases: Int32Array, test: (index: number) => boolean): number {
  let found = 0
  for (const index of cases) if (test(index)) found++
  return found
}

function countsOf(arm: ArmVectors, cases: Int32Array): ArmCounts {
  const tally = [0, 0, 0, 0, 0]
  for (const index of cases) tally[arm.outcomes[index] as number]!++
  const [missing, edited, skipped, failed] = tally as [number, number, number, number]
  const { id, secondsPerEdit, peakBytes } = arm
  return { id, n: edited + skipped, missing, failed, skipped, secondsPerEdit, peakBytes }
}

function windowRow(table: CaseTable, armIds: readonly string[], index: number): WindowRow {
  const text = table.texts[index]!
  return {
    ...text,
    place: table.places[index] as number,
    prompt: promptOf(text),
    cells: armIds.flatMap((armId) => {
      const arm = table.arms.get(armId)
      if (arm === undefined) return []
      return {
        ...{ armId, outcome: arm.outcomes[index] as number },
        metrics: vectorAt(arm.values, index, table.metrics),
        before: vectorAt(table.before.get(arm.modelId), index, table.metrics),
      }
    }),
  }
}

function vectorAt(
  values: Float64Array | undefined,
  index: number,
  metrics: number,
): (number | null)[] {
  const vector = values?.subarray(index * metrics, (index + 1) * metrics) ?? []
  return Array.from(vector, (value) => (Number.isNaN(value) ? null : value))
}

/** Numbers take eight bytes; a text is taken for 300. */
const bytesOf = ({ places, metrics, arms, before }: EvaluationVectors): number =>
  places.length * (300 + 8 * metrics * (arms.length + before.size))
