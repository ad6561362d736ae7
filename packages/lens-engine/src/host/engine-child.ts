// The engine's own process: takes one call after another from the supervisor and dies with it.
// ONNX Runtime blocks the whole process while it computes, so it must never be the process that serves anybody.
import { Worker } from 'node:worker_threads'
import type { EditTask, EditTaskProgress } from '../editing/edit-task.js'
import { lensUnder } from '../editing/lens-under-edits.js'
import { runEditTask } from '../editing/run-edit-task.js'
import { LensEngineError } from '../errors.js'
import { runLens } from '../lens/run-lens.js'
import type { LensResult } from '../lens/lens-result.js'
import type { LensProgress } from '../lens/stream-watch.js'
import { resolveHome } from '../models/home.js'
import { openModel } from '../models/model-store.js'
import { editSessions } from '../resources/edit-sessions.js'
import { describeModel } from '../runtime/describe-model.js'
import type { LoadedModel } from '../runtime/load-model.js'
import type { CasesTask } from './cases-task.js'
import {
  parentVariable,
  type EngineAnswer,
  type EngineCall,
  type EngineMessage,
  type EngineReply,
  type EngineStage,
  type EngineTask,
  type SentError,
} from './engine-protocol.js'
import { LoadedModels } from './loaded-models.js'
import { runCasesTask } from './run-cases-task.js'

/** Models kept loaded at once. */
const LOADED_MODELS = 2

const home = resolveHome()
const models = new LoadedModels(home, LOADED_MODELS)

interface Listeners {
  readonly onStage: (stage: EngineStage, progress?: LensProgress) => void
  readonly onProgress: (progress: EditTaskProgress) => void
}

type Answers = {
  readonly [Kind in EngineCall['kind']]: (
    call: Extract<EngineCall, { kind: Kind }>,
    listeners: Listeners,
  ) => Promise<Extract<EngineAnswer, { kind: Kind }>>
}

const answers: Answers = {
  describe: ({ model }) =>
    Promise.resolve({ kind: 'describe', description: describeModel(openModel(model, { home })) }),
  run: async ({ task }, listeners) => ({ kind: 'run', results: await run(task, listeners) }),
  edit: async ({ task }, listeners) => {
    const loaded = await loadToEdit(task, listeners)
    return { kind: 'edit', answer: await runEditTask(loaded, task, { home, ...listeners }) }
  },
  evaluate: async ({ task }, listeners) => {
    const loaded = await loadToEdit(task, listeners)
    return { kind: 'evaluate', answer: await runCasesTask(loaded, task, { home, ...listeners }) }
  },
}

async function answer(call: EngineCall, listeners: Listeners): Promise<EngineAnswer> {
  const compute = answers[call.kind] as (
    call: EngineCall,
    listeners: Listeners,
  ) => Promise<EngineAnswer>
  return compute(call, listeners)
}

async function run(
  { model, requests, edits = [], provider, threads, seed, streaming }: EngineTask,
  { onStage }: Listeners,
): Promise<readonly LensResult[]> {
  onStage('loading')
  const loaded = await models.get(model, {
    ...(provider === undefined ? {} : { provider }),
    ...(threads === undefined ? {} : { threads }),
    streaming: streaming ?? 'auto',
  })
  return runLens(loaded, requests, {
    ...(seed === undefined ? {} : { seed }),
    ...(edits.length === 0 ? {} : { under: lensUnder(loaded, edits) }),
    onStage,
  })
}

/** A model with as many sessions as edits of many kinds want. */
async function loadToEdit(
  { model, provider, threads }: EditTask | CasesTask,
  { onStage, onProgress }: Listeners,
): Promise<LoadedModel> {
  onStage('loading')
  onProgress({ stage: 'loading the model', done: null, total: null })
  return models.get(model, {
    ...(provider === undefined ? {} : { provider }),
    ...(threads === undefined ? {} : { threads }),
    ...editSessions(openModel(model, { home })),
  })
}

async function serve({ id, call }: EngineMessage): Promise<void> {
  try {
    const given = await answer(call, {
      onStage: (stage, progress) =>
        send({ type: 'stage', id, stage, ...(progress === undefined ? {} : { progress }) }),
      onProgress: (progress) => send({ type: 'progress', id, progress }),
    })
    send({ type: 'answer', id, answer: given })
  } catch (error) {
    send({ type: 'error', id, error: toSentError(error) })
  }
}

function toSentError(error: unknown): SentError {
  if (error instanceof LensEngineError) return error.toJSON()
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    code: 'ENGINE_CRASHED',
    message: `the engine failed in a way it does not know: ${message.slice(0, 2000)}`,
    cure: 'Run again; if it fails the same way, report it with this message.',
    details: {},
  }
}

function send(reply: EngineReply): void {
  if (process.connected) process.send?.(reply)
}

// A busy main thread never sees its parent go, so a second thread watches for it.
new Worker(new URL('./parent-watch.js', import.meta.url), {
  workerData: { parent: Number(process.env[parentVariable] ?? process.ppid) },
}).unref()
process.on('disconnect', () => process.exit(0))

let last: Promise<void> = Promise.resolve()
process.on('message', (message: EngineMessage) => {
  last = last.then(() => serve(message))
})
send({ type: 'ready' })
