// What a worker is doing, for the page of workers: seen at its engine, told to the database at changes and every ten seconds.
import path from 'node:path'
import type { EngineHost } from '../engine/engine-host.js'
import type { LargeModel } from './large-models.js'
import type { AttemptFailure } from './run-lease.repository.js'

/** The `status` column of a worker. */
export interface WorkerStatus {
  readonly processId: number
  readonly model: string | null
  readonly doing: string | null
  readonly evaluationId: string | null
  readonly casesPerSecond: number | null
  readonly residentBytes: number | null
  readonly engines: readonly {
    readonly provider: string
    readonly processId: number | null
    readonly residentBytes: number | null
  }[]
  /** Models that evaluations need and this machine lacks. */
  readonly missingModels: readonly string[]
  /** The same by id, as names are only of one project; absent of older workers. */
  readonly missingModelIds?: readonly string[]
  /** Models that do not fit into its memory; absent of older workers. */
  readonly largeModels?: readonly LargeModel[]
  /** Why it can compute nothing at all; absent or null when it can. */
  readonly trouble?: AttemptFailure | null
}

export interface MissingModel {
  readonly id: string
  readonly name: string
}

const rateSeconds = 60

const taskNames: Readonly<Record<string, string>> = {
  'evaluate-cases': 'computing cases of an evaluation',
  'known-cases': 'asking the model what it knows',
  'observe-prompts': 'observing prompts for figures',
  'survey-neurons': 'surveying neurons',
  'compute-edit': 'computing an edit',
  'preview-edit': 'previewing an edit',
  'try-edits': 'trying edits',
  'diff-edits': 'comparing edits',
  'export-edits': 'writing edits into a new model',
  'map-interference': 'measuring how edits disturb each other',
}

export class WorkerActivity {
  readonly #onChange: () => void
  readonly #tellNow: () => Promise<void>
  #engine: EngineHost | null = null
  #model: string | null = null
  #doing: string | null = null
  #evaluationId: string | null = null
  #missing: readonly MissingModel[] = []
  #large: readonly LargeModel[] = []
  #trouble: AttemptFailure | null = null
  #providers: readonly string[] | null = null
  #counted: { readonly at: number; readonly rows: number }[] = []

  /**
   * @param onChange called whenever something else is done
   * @param tellNow writes the status down, and tells those who watch evaluations when that changes why they wait
   */
  constructor(onChange: () => void, tellNow: () => Promise<void>) {
    this.#onChange = onChange
    this.#tellNow = tellNow
  }

  /** The same engine, watched. */
  watch(engine: EngineHost): EngineHost {
    this.#engine = engine
    return {
      run: (job) => this.#during('computing a lens run', job.directory, () => engine.run(job)),
      edit: (job) => this.#during(nameOf(job.task.kind), job.task.model, () => engine.edit(job)),
      evaluate: (job) =>
        this.#during(nameOf(job.task.kind), job.task.model, () => engine.evaluate(job)),
      start: () => engine.start(),
      children: () => engine.children(),
      devices: async () => {
        const found = await engine.devices()
        this.#providers = found.devices
          .filter(({ state }) => state !== 'refused')
          .map(({ provider }) => provider)
        return found
      },
      close: () => engine.close(),
    }
  }

  /** Providers that can be used here; null while that is not known. */
  providers(): readonly string[] | null {
    return this.#providers
  }

  evaluating(evaluationId: string | null): void {
    this.#evaluationId = evaluationId
  }

  /** Counts rows of cases that were stored. */
  count(rows: number): void {
    this.#counted.push({ at: Date.now(), rows })
  }

  /** Names models that evaluations wait for and this machine lacks. */
  async lacks(models: readonly MissingModel[]): Promise<void> {
    const changed = idsOf(models).join() !== idsOf(this.#missing).join()
    this.#missing = models
    if (changed) await this.#tellNow()
  }

  /** Says why nothing can be computed here; null when it can again. */
  cannotCompute(trouble: AttemptFailure | null): Promise<void> {
    this.#trouble = trouble
    return this.#tellNow()
  }

  /**
   * Names all models that do not fit here just now. Of one more it is said before its batch goes back: whoever then reads the
   * evaluation can say why it waits.
   */
  tooLarge(models: readonly LargeModel[]): Promise<void> {
    this.#large = models
    return this.#tellNow()
  }

  status(): WorkerStatus {
    return {
      processId: process.pid,
      model: this.#model,
      doing: this.#doing,
      evaluationId: this.#evaluationId,
      casesPerSecond: this.#rate(),
      residentBytes: process.memoryUsage.rss(),
      engines: (this.#engine?.children() ?? []).map((child) => ({
        provider: child.provider,
        processId: child.processId,
        residentBytes: child.residentBytes,
      })),
      missingModels: this.#missing.map(({ name }) => name),
      missingModelIds: idsOf(this.#missing),
      largeModels: this.#large,
      trouble: this.#trouble,
    }
  }

  async #during<Answer>(
    doing: string,
    directory: string,
    work: () => Promise<Answer>,
  ): Promise<Answer> {
    this.#model = nameOfModel(directory)
    this.#set(doing)
    return work().finally(() => this.#set(null))
  }

  #set(doing: string | null): void {
    this.#doing = doing
    this.#onChange()
  }

  /** Rows a second over the last minute; null when there was none. */
  #rate(): number | null {
    const since = Date.now() - rateSeconds * 1_000
    this.#counted = this.#counted.filter(({ at }) => at > since)
    if (this.#counted.length === 0) return null
    return this.#counted.reduce((sum, { rows }) => sum + rows, 0) / rateSeconds
  }
}

const idsOf = (models: readonly MissingModel[]): string[] => models.map(({ id }) => id)

/** The store's directories end in a part of the digest. */
const nameOfModel = (directory: string): string =>
  path.basename(directory).replace(/-[0-9a-f]{12}$/, '')

const nameOf = (kind: string): string => taskNames[kind] ?? kind
