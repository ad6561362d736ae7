// What a worker is doing, for the page of workers: seen at its engine, told to the database at changes and every ten seconds.
import path from 'node:path'
import type { EngineHost } from '../engine/engine-host.js'

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
  #engine: EngineHost | null = null
  #model: string | null = null
  #doing: string | null = null
  #evaluationId: string | null = null
  #missing: readonly string[] = []
  #providers: readonly string[] | null = null
  #counted: { readonly at: number; readonly rows: number }[] = []

  /** @param onChange called whenever something else is done */
  constructor(onChange: () => void = () => undefined) {
    this.#onChange = onChange
  }

  /** The same engine, watched. */
  watch(engine: EngineHost): EngineHost {
    this.#engine = engine
    return {
      run: (job) => this.#during('computing a lens run', job.directory, () => engine.run(job)),
      edit: (job) => this.#during(nameOf(job.task.kind), job.task.model, () => engine.edit(job)),
      evaluate: (job) =>
        this.#during(nameOf(job.task.kind), job.task.model, () => engine.evaluate(job)),
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
  lacks(models: readonly string[]): void {
    const changed = models.join('\0') !== this.#missing.join('\0')
    this.#missing = models
    if (changed) this.#onChange()
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
      missingModels: this.#missing,
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

/** The store's directories end in a part of the digest. */
const nameOfModel = (directory: string): string =>
  path.basename(directory).replace(/-[0-9a-f]{12}$/, '')

const nameOf = (kind: string): string => taskNames[kind] ?? kind
