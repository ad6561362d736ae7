// Computes what is asked about edits: claims the next task, has the engine compute it, stores it under the lease's epoch.
import { rmSync } from 'node:fs'
import path from 'node:path'
import type { RunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import type { EditAnswer, EditTask } from '../engine/engine-vocabulary.js'
import type { ImportHost } from '../engine/import-host.js'
import type { EditContentRepository } from '../features/edit/edit-content.repository.js'
import type { EditQuestion, ExportQuestion, TaskInputs } from '../features/edit/task-input.js'
import { toModelValues } from '../features/model/model-values.js'
import type { Logger } from '../logger.js'
import type { EditTaskKindKey } from '../vocabulary/edit-names.js'
import { failureOf } from './attempt-failure.js'
import { Attempts } from './attempts.js'
import { loadEdits, toDiffTask, toTryTask, toWantedEdit } from './edit-engine-task.js'
import type { ClaimedEditTask, EditLeaseRepository } from './edit-lease.repository.js'
import { EditProgressWriter } from './edit-progress-writer.js'
import type { EditResultRepository } from './edit-result.repository.js'
import type { LeaseTimes } from './lease-keeper.js'

export interface EditJobsParts {
  readonly leases: EditLeaseRepository
  readonly contents: EditContentRepository
  readonly results: EditResultRepository
  readonly engine: EngineHost
  /** Brings an exported model into the store. */
  readonly imports: ImportHost
  readonly home: string
  readonly notifications: RunNotifications
  readonly logger: Logger
  readonly leaseTimes?: LeaseTimes | undefined
}

const worthRetrying: ReadonlySet<string> = new Set([
  'ENGINE_CRASHED',
  'ENGINE_OUT_OF_MEMORY',
  'IMPORT_CRASHED',
  'UNEXPECTED',
])

type Work<Kind extends EditTaskKindKey> = (
  claimed: ClaimedEditTask,
  input: TaskInputs[Kind],
  signal: AbortSignal,
) => Promise<boolean>

export class EditJobs {
  readonly #parts: EditJobsParts
  readonly #attempts: Attempts<ClaimedEditTask>

  constructor(parts: EditJobsParts) {
    this.#parts = parts
    const { leases, notifications, leaseTimes, logger } = parts
    this.#attempts = new Attempts({
      ...{ leases, notifications, leaseTimes, logger, failureOf, worthRetrying },
      noun: 'editTask',
      logFields: ({ kind, editId }: ClaimedEditTask) => ({
        kind,
        ...(editId === null ? {} : { editId }),
      }),
      logErrors: true,
    })
  }

  /** Computes the next task; false when there was none. */
  async serveNext(owner: string): Promise<boolean> {
    const claimed = await this.#parts.leases.claim(owner)
    if (claimed === null) return false
    const work = this.#work[claimed.kind] as Work<EditTaskKindKey>
    await this.#attempts.make(claimed, (signal) => work(claimed, claimed.input, signal))
    return true
  }

  async failExhausted(): Promise<void> {
    await this.#parts.leases.failExhausted()
  }

  /** Gives the present task back. */
  stop(): void {
    this.#attempts.stop()
  }

  readonly #work: { readonly [Kind in EditTaskKindKey]: Work<Kind> } = {
    COMPUTE: async (claimed, input, signal) => {
      const task = { kind: 'compute-edit', ...(await this.#wanted(claimed, input)) } as const
      return this.#parts.results.storeEdit(claimed, await this.#ask(claimed, task, signal))
    },
    PREVIEW: async (claimed, input, signal) => {
      const task = { kind: 'preview-edit', ...(await this.#wanted(claimed, input)) } as const
      return this.#parts.results.storeAnswer(claimed, await this.#ask(claimed, task, signal))
    },
    TRY: async (claimed, input, signal) => {
      const task = await toTryTask(claimed.directory, input, this.#parts.contents)
      return this.#parts.results.storeAnswer(claimed, await this.#ask(claimed, task, signal))
    },
    DIFF: async (claimed, input, signal) => {
      const task = await toDiffTask(claimed.directory, input, this.#parts.contents)
      return this.#parts.results.storeAnswer(claimed, await this.#ask(claimed, task, signal))
    },
    EXPORT: (claimed, input, signal) => this.#export(claimed, input, signal),
  }

  #wanted({ directory }: ClaimedEditTask, question: EditQuestion) {
    return toWantedEdit(directory, question, this.#parts.contents)
  }

  async #ask<Task extends EditTask>(
    claimed: ClaimedEditTask,
    task: Task,
    signal: AbortSignal,
  ): Promise<EditAnswer<Task>> {
    const { engine, leases } = this.#parts
    const progress = new EditProgressWriter(leases, claimed)
    const onProgress = progress.report.bind(progress)
    return engine.edit({ task, signal, onProgress }).finally(() => progress.end())
  }

  /** Written beside the store, then brought in like any other model: its files are linked, not copied. */
  async #export(
    claimed: ClaimedEditTask,
    { editIds, name }: ExportQuestion,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { contents, home, imports, results } = this.#parts
    const directory = path.join(home, 'exports', `${claimed.id}-${claimed.leaseEpoch}`)
    const edits = await loadEdits(contents, editIds)
    const task = { kind: 'export-edits', model: claimed.directory, edits, directory } as const
    try {
      const { bytes, checkedTensors, largestDifference } = await this.#ask(claimed, task, signal)
      const model = await imports.run({
        task: { source: { kind: 'directory', path: directory }, name, home },
        ...{ signal, onProgress: () => undefined, onNote: () => undefined },
      })
      const place = { source: name, directory: model.directory, bundled: false }
      const values = toModelValues(model.description, place)
      return await results.storeModel(claimed, values, { bytes, checkedTensors, largestDifference })
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  }
}
