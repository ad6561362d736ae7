// Runs the engine in a child process: one run at a time, others wait in order; a dead child is replaced, a cancelled run
// ends its child, and no child outlives this process.
import { setTimeout as delay } from 'node:timers/promises'
import type { EditAnswer, EditTask } from '../editing/edit-task.js'
import { LensEngineError } from '../errors.js'
import type { LensResult } from '../lens/lens-result.js'
import { resolveHome } from '../models/home.js'
import { memoryCapacity } from '../models/memory-capacity.js'
import type { ModelDescription } from '../runtime/describe-model.js'
import type { CasesAnswer, CasesTask } from './cases-task.js'
import { EngineProcess } from './engine-process.js'
import type { EngineAnswer, EngineCall, EngineReply, EngineTask } from './engine-protocol.js'
import { explainExit, explainFailedStart } from './explain-exit.js'
import type {
  CallOptions,
  EngineEvent,
  EngineStatus,
  EngineSupervisorOptions,
} from './supervisor-options.js'

interface Job {
  readonly id: number
  readonly call: EngineCall
  readonly options: CallOptions
  readonly resolve: (answer: EngineAnswer) => void
  readonly reject: (error: unknown) => void
}

const START_ATTEMPTS = 3
const LONGEST_BACK_OFF = 10_000

export class EngineSupervisor {
  readonly #options: Required<Omit<EngineSupervisorOptions, 'log'>>
  readonly #log: (event: EngineEvent) => void
  readonly #queue: Job[] = []
  readonly #disposal = new AbortController()
  readonly #endWithParent = () => this.#process?.endNow()
  #process: EngineProcess | null = null
  #starting: Promise<EngineProcess> | null = null
  #running: Job | null = null
  #working = false
  #nextId = 1
  #runs = 0
  #crashes = 0
  #crashesInARow = 0

  constructor(options: EngineSupervisorOptions = {}) {
    const memory = memoryCapacity()
    this.#options = {
      home: options.home ?? resolveHome(),
      runsPerChild: options.runsPerChild ?? 200,
      maximumBytes: options.maximumBytes ?? 0.9 * memory,
      recycleBytes: options.recycleBytes ?? 0.6 * memory,
      backOff: options.backOff ?? 250,
    }
    this.#log = options.log ?? (() => {})
    process.on('exit', this.#endWithParent)
  }

  /** Starts the child, so that the first run need not wait for it. @throws ENGINE_UNAVAILABLE when it does not start */
  async start(): Promise<void> {
    await this.#readyProcess()
  }

  /**
   * Runs a task after those asked for before it.
   * @throws what the run throws; RUN_CANCELLED when its signal aborts or its time is over; ENGINE_CRASHED or
   * ENGINE_OUT_OF_MEMORY when the child ends in mid-run, ENGINE_UNAVAILABLE when none starts. It is not tried again.
   */
  async run(task: EngineTask, options: CallOptions = {}): Promise<readonly LensResult[]> {
    const answer = await this.#ask({ kind: 'run', task }, options)
    return answer.kind === 'run' ? answer.results : []
  }

  /**
   * Computes a task about edits after what was asked for before it.
   * @throws what the task throws (`runEditTask`), and as `run`
   */
  async edit<T extends EditTask>(task: T, options: CallOptions = {}): Promise<EditAnswer<T>> {
    const answer = await this.#ask({ kind: 'edit', task }, options)
    if (answer.kind !== 'edit') throw new TypeError(`the engine answered ${answer.kind}`)
    return answer.answer as EditAnswer<T>
  }

  /**
   * Computes a task about evaluation cases after what was asked for before it.
   * @throws what the task throws (`evaluateCases`, `answerCases`), and as `run`
   */
  async evaluate<T extends CasesTask>(task: T, options: CallOptions = {}): Promise<CasesAnswer<T>> {
    const answer = await this.#ask({ kind: 'evaluate', task }, options)
    if (answer.kind !== 'evaluate') throw new TypeError(`the engine answered ${answer.kind}`)
    return answer.answer as CasesAnswer<T>
  }

  /** Describes a model, importing it at first use. @throws as `openModel` */
  async describeModel(model: string, options: CallOptions = {}): Promise<ModelDescription> {
    const answer = await this.#ask({ kind: 'describe', model }, options)
    if (answer.kind !== 'describe') throw new TypeError(`the engine answered ${answer.kind}`)
    return answer.description
  }

  status(): EngineStatus {
    const idle = this.#process === null ? 'stopped' : 'idle'
    return {
      state: this.#disposal.signal.aborted ? 'disposed' : this.#running === null ? idle : 'running',
      processId: this.#process?.id ?? null,
      queued: this.#queue.length,
      runs: this.#runs,
      crashes: this.#crashes,
      residentBytes: this.#process?.residentBytes() ?? null,
    }
  }

  /** Ends the child and fails what waits or runs with RUN_CANCELLED. Afterwards no process is left. */
  async dispose(): Promise<void> {
    this.#disposal.abort()
    process.off('exit', this.#endWithParent)
    for (const job of this.#queue.splice(0)) job.reject(cancelled('the engine was shut down'))
    this.#running?.reject(cancelled('the engine was shut down'))
    this.#process?.endNow()
    await this.#starting?.catch(() => null)
    await this.#process?.end()
    this.#process = null
  }

  #ask(call: EngineCall, options: CallOptions): Promise<EngineAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#disposal.signal.aborted) return reject(cancelled('the engine was shut down'))
      if (options.signal?.aborted) return reject(cancelled('it was cancelled before it began'))
      const job: Job = { id: this.#nextId++, call, options, resolve, reject }
      this.#queue.push(job)
      options.signal?.addEventListener('abort', () => this.#cancelQueued(job), { once: true })
      if (this.#running !== null || this.#queue.length > 1) tellQueued(options)
      void this.#work()
    })
  }

  #cancelQueued(job: Job): void {
    const place = this.#queue.indexOf(job)
    if (place < 0) return
    this.#queue.splice(place, 1)
    job.reject(cancelled('it was cancelled while it waited'))
  }

  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      this.#running = job
      await this.#serve(job).then(job.resolve, job.reject)
      this.#running = null
    }
    this.#working = false
  }

  async #serve(job: Job): Promise<EngineAnswer> {
    const child = await unlessAborted(this.#readyProcess(), job.options.signal)
    // Nobody listens to the signal between that wait and the exchange.
    if (job.options.signal?.aborted) throw cancelled('it was cancelled before it began')
    const answer = await this.#exchange(child, job).catch(async (error: unknown) => {
      // A process that could not get memory is left with as little of it, and is no place for the next run.
      if (error instanceof LensEngineError && error.code === 'ENGINE_OUT_OF_MEMORY')
        await child.end()
      throw error
    })
    this.#crashesInARow = 0
    this.#runs++
    await this.#recycleIfWorn(child)
    return answer
  }

  /** Sends a call and waits for its answer, its cancellation, its timeout, or the end of the child. */
  #exchange(child: EngineProcess, job: Job): Promise<EngineAnswer> {
    const { signal, timeout, onStage, onProgress } = job.options
    return new Promise<EngineAnswer>((resolve, reject) => {
      let ending: LensEngineError | null = null
      const end = (why: string) => {
        ending ??= cancelled(why)
        child.endNow()
      }
      const abort = () => end('it was cancelled in mid-run')
      const timer =
        timeout === undefined
          ? null
          : setTimeout(() => end(`it took longer than ${timeout} ms`), timeout)
      const settle = (action: () => void) => {
        signal?.removeEventListener('abort', abort)
        if (timer !== null) clearTimeout(timer)
        child.onReply = () => {}
        action()
      }
      signal?.addEventListener('abort', abort, { once: true })
      child.onReply = (reply: EngineReply) => {
        if (!('id' in reply) || reply.id !== job.id) return
        if (reply.type === 'stage') onStage?.(reply.stage, reply.progress)
        else if (reply.type === 'progress') onProgress?.(reply.progress)
        else if (reply.type === 'answer') settle(() => resolve(reply.answer))
        else
          settle(() =>
            reject(new LensEngineError(reply.error.code, reply.error.message, reply.error)),
          )
      }
      void child.gone.then((exit) => settle(() => reject(ending ?? explainExit(exit))))
      child.send({ id: job.id, call: job.call })
    })
  }

  #readyProcess(): Promise<EngineProcess> {
    if (this.#process?.alive) return Promise.resolve(this.#process)
    this.#starting ??= this.#startProcess().finally(() => (this.#starting = null))
    return this.#starting
  }

  async #startProcess(): Promise<EngineProcess> {
    for (let attempt = 1; ; attempt++) {
      await this.#waitBackOff()
      const { home, maximumBytes } = this.#options
      const child = new EngineProcess({ home, maximumBytes })
      this.#process = child
      this.#runs = 0
      if (await child.ready) {
        void child.gone.then((exit) => this.#noticeEnd(child, explainExit(exit)))
        this.#log({ type: 'started', processId: child.id })
        return child
      }
      const error = explainFailedStart(await child.gone)
      this.#noticeEnd(child, error)
      if (attempt === START_ATTEMPTS || this.#disposal.signal.aborted) throw error
    }
  }

  /** Counts a child that ended without being told to, and starts the next one in the background. */
  #noticeEnd(child: EngineProcess, error: LensEngineError): void {
    const expected = this.#process !== child || child.told
    if (this.#process === child) this.#process = null
    if (this.#disposal.signal.aborted) return
    if (!expected) {
      this.#crashes++
      this.#crashesInARow++
      this.#log({ type: 'crashed', processId: child.id, error })
    }
    this.#readyProcess().catch(() => null)
  }

  async #waitBackOff(): Promise<void> {
    const { signal } = this.#disposal
    const pause =
      this.#crashesInARow < 2 ? 0 : this.#options.backOff * 2 ** (this.#crashesInARow - 2)
    await delay(Math.min(pause, LONGEST_BACK_OFF), undefined, { signal }).catch(() => {})
    if (signal.aborted) throw cancelled('the engine was shut down')
  }

  async #recycleIfWorn(child: EngineProcess): Promise<void> {
    const heavy = (child.residentBytes() ?? 0) > this.#options.recycleBytes
    if (!heavy && this.#runs < this.#options.runsPerChild) return
    this.#log({ type: 'recycled', processId: child.id })
    await child.end()
  }
}

/** A start may be tried several times, which nobody who cancels need wait for. @throws RUN_CANCELLED */
async function unlessAborted<T>(start: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const why = 'it was cancelled while the engine started'
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => (abort = () => reject(cancelled(why))))
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort, { once: true })
  return Promise.race([start, aborted]).finally(() => signal?.removeEventListener('abort', abort))
}

function tellQueued({ onStage, onProgress }: CallOptions): void {
  onStage?.('queued')
  onProgress?.({ stage: 'queued', done: null, total: null })
}

function cancelled(why: string): LensEngineError {
  return new LensEngineError('RUN_CANCELLED', `the run did not finish: ${why}`, {
    details: { reason: why },
    cure: 'Start it again when you want its result.',
  })
}
