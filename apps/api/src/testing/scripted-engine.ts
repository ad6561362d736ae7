// An engine host for tests of the queue: it answers with made-up results, waits, or dies, as the script says.
import type { EditJob, EngineHost, EngineJob, EvaluationJob } from '../engine/engine-host.js'
import { LensEngineError } from '../engine/engine-vocabulary.js'
import type { EditAnswer, EditTask, FoundDevices, LensResult } from '../engine/engine-vocabulary.js'
import type { EvaluationAnswer, EvaluationTask } from '../engine/evaluation-task.js'
import { sampleAnswers } from '../engine/testing/sample-edit.js'
import { sampleEvaluationAnswers } from '../engine/testing/sample-evaluation.js'
import { sampleResult } from './sample-result.js'

export type Behaviour = 'answer' | 'cannot-start' | 'crash' | 'hang' | 'refuse'

export interface ScriptedEngine extends EngineHost {
  /** What the next runs do; when the script is empty they answer. A start takes a `cannot-start` from it. */
  readonly script: Behaviour[]
  readonly jobs: EngineJob[]
  readonly editTasks: EditTask[]
  readonly evaluationTasks: EvaluationTask[]
}

/** A machine with a processor, WebGPU in software and no CUDA. */
export const sampleDevices: FoundDevices = {
  auto: { provider: 'cpu', device: 'Test processor', reason: 'auto: cuda: no GPU; cpu' },
  devices: [
    { provider: 'cuda', state: 'refused', device: null, reason: 'no GPU on this machine' },
    { provider: 'webgpu', state: 'software', device: 'llvmpipe', reason: 'only llvmpipe' },
    { provider: 'cpu', state: 'usable', device: 'Test processor', reason: null },
  ],
}

const failures = {
  'cannot-start': new LensEngineError(
    'ENGINE_UNAVAILABLE',
    'the engine does not start on this machine: its process ended at once (exit code 9)',
    { cure: 'Install it again.' },
  ),
  crash: new LensEngineError(
    'ENGINE_CRASHED',
    "the engine's process ended in mid-run (signal SIGKILL)",
    { cure: 'Run again.' },
  ),
  refuse: new LensEngineError('NOT_FINITE', 'the loss is NaN', { cure: 'Check the weights.' }),
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void =>
      reject(
        new LensEngineError('RUN_CANCELLED', 'the run did not finish', { cure: 'Start it again.' }),
      )
    if (signal.aborted) end()
    signal.addEventListener('abort', end, { once: true })
  })
}

export function createScriptedEngine(): ScriptedEngine {
  const script: Behaviour[] = []
  const jobs: EngineJob[] = []
  const editTasks: EditTask[] = []
  const evaluationTasks: EvaluationTask[] = []
  const run = async (job: EngineJob): Promise<LensResult> => {
    jobs.push(job)
    const behaviour = script.shift() ?? 'answer'
    job.onStage('loading')
    job.onStage('computing')
    if (behaviour === 'hang') return untilAborted(job.signal)
    if (behaviour !== 'answer') throw failures[behaviour]
    job.onStage('projecting')
    return sampleResult(job.request)
  }
  const edit = async <Task extends EditTask>(job: EditJob<Task>): Promise<EditAnswer<Task>> => {
    editTasks.push(job.task)
    const behaviour = script.shift() ?? 'answer'
    job.onProgress({ stage: 'optimising the value', done: 1, total: 2, loss: 3 })
    if (behaviour === 'hang') return untilAborted(job.signal)
    if (behaviour !== 'answer') throw failures[behaviour]
    return sampleAnswers[job.task.kind](job.task as never) as EditAnswer<Task>
  }
  const evaluate = async <Task extends EvaluationTask>(
    job: EvaluationJob<Task>,
  ): Promise<EvaluationAnswer<Task>> => {
    evaluationTasks.push(job.task)
    const behaviour = script.shift() ?? 'answer'
    job.onProgress({ stage: 'editing', done: 0, total: job.task.cases.length })
    if (behaviour === 'hang') return untilAborted(job.signal)
    if (behaviour !== 'answer') throw failures[behaviour]
    return sampleEvaluationAnswers[job.task.kind](job.task as never) as EvaluationAnswer<Task>
  }
  const devices = async (): Promise<FoundDevices> => sampleDevices
  const start = async (): Promise<void> => {
    if (script[0] !== 'cannot-start') return
    script.shift()
    throw failures['cannot-start']
  }
  const close = async (): Promise<void> => undefined
  const seen = { script, jobs, editTasks, evaluationTasks }
  return { ...seen, start, run, edit, evaluate, children: () => [], devices, close }
}
