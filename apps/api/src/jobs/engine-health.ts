// Whether this worker's engine can compute. One that does not start is the worker's fault: it rests, longer and longer, claims
// nothing meanwhile, and says so; what it held it gives back untouched.
import type { EngineHost } from '../engine/engine-host.js'
import { failureOf } from './attempt-failure.js'
import type { AttemptFailure } from './run-lease.repository.js'

export interface RestTimes {
  /** Milliseconds after the first failure; each further one doubles them. */
  readonly first: number
  readonly longest: number
}

const defaultRestTimes: RestTimes = { first: 1_000, longest: 60_000 }

/** Whether a failure says nothing of what was to be computed, only of the machine. */
export const isFaultOfWorker = ({ code }: Pick<AttemptFailure, 'code'>): boolean =>
  code === 'ENGINE_UNAVAILABLE'

export class EngineHealth {
  readonly #onChange: (trouble: AttemptFailure | null) => void
  readonly #times: RestTimes
  readonly #stopped: Promise<void>
  #stop: () => void = () => undefined
  #ended = false
  #engine: EngineHost | null = null
  #trouble: AttemptFailure | null = null
  /** Whether a start has met the trouble, and not work: then a start that succeeds is the end of it. */
  #metAtStart = false
  /** Whether the engine has started since: work will show whether it computes, too. */
  #startedSince = false
  #rest = 0
  #until = 0

  /** @param onChange told why nothing can be computed, and null when the engine starts and computes again */
  constructor(
    onChange: (trouble: AttemptFailure | null) => void,
    times: RestTimes = defaultRestTimes,
  ) {
    this.#onChange = onChange
    this.#times = times
    this.#stopped = new Promise((resolve) => (this.#stop = resolve))
  }

  /** The same engine; how its work ends is noted. */
  watch(engine: EngineHost): EngineHost {
    this.#engine = engine
    return {
      ...engine,
      run: (job) => this.#note(engine.run(job)),
      edit: (job) => this.#note(engine.edit(job)),
      evaluate: (job) => this.#note(engine.evaluate(job)),
    }
  }

  /** Whether it rests just now. */
  get resting(): boolean {
    return this.#rest > 0 && Date.now() < this.#until
  }

  /** False while it rests; after a rest true once the engine has started: what is then tried shows whether it computes. */
  async canCompute(): Promise<boolean> {
    if (this.#rest === 0) return true
    if (this.resting) return false
    if (this.#trouble === null || this.#startedSince) return true
    try {
      await Promise.race([this.#engine?.start(), this.#stopped])
    } catch (error) {
      this.#fail(failureOf(error), true)
      return false
    }
    if (this.#ended) return false
    this.#startedSince = true
    if (this.#metAtStart) this.#set(null)
    return true
  }

  /** Waits for no start any more. */
  stop(): void {
    this.#ended = true
    this.#stop()
  }

  async #note<Answer>(work: Promise<Answer>): Promise<Answer> {
    try {
      const answer = await work
      this.#rest = 0
      this.#set(null)
      return answer
    } catch (error) {
      const failure = failureOf(error)
      if (isFaultOfWorker(failure)) this.#fail(failure, false)
      throw error
    }
  }

  #fail(failure: AttemptFailure, atStart: boolean): void {
    this.#metAtStart = atStart
    this.#startedSince = false
    const { first, longest } = this.#times
    this.#rest = Math.min(longest, this.#rest === 0 ? first : 2 * this.#rest)
    this.#until = Date.now() + this.#rest
    this.#set(failure)
  }

  #set(trouble: AttemptFailure | null): void {
    const changed =
      trouble?.code !== this.#trouble?.code || trouble?.message !== this.#trouble?.message
    this.#trouble = trouble
    if (changed) this.#onChange(trouble)
  }
}
