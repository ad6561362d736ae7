// Answers about evaluations that are shared by everybody who looks: each is found once a version, and once a second at most.

/** An evaluation at one moment. */
export interface EvaluationHead {
  readonly evaluationId: string
  readonly version: number
  /** Whether it has ended: then nothing older than its version will do. */
  readonly ended: boolean
}

interface Kept<Value> {
  readonly version: number
  /** Until when it will do for later versions, too. */
  readonly until: number
  readonly value: Promise<Value>
}

const restMilliseconds = 1_000
/** Finding an answer takes at most this part of the time. */
const share = 0.1
const mostKept = 500

export class SharedCounts<Value> {
  readonly #kept = new Map<string, Kept<Value>>()

  get(
    { evaluationId, version, ended }: EvaluationHead,
    find: () => Promise<Value>,
  ): Promise<Value> {
    const known = this.#kept.get(evaluationId)
    const recent = known !== undefined && !ended && Date.now() < known.until
    if (known !== undefined && (recent || known.version >= version)) return known.value
    const started = Date.now()
    const value = find()
    this.#keep(evaluationId, { version, until: started + restMilliseconds, value })
    value.then(
      () => {
        const now = Date.now()
        const until = Math.max(started + restMilliseconds, now + (now - started) / share)
        if (this.#kept.get(evaluationId)?.value === value)
          this.#keep(evaluationId, { version, until, value })
      },
      () => {
        if (this.#kept.get(evaluationId)?.value === value) this.#kept.delete(evaluationId)
      },
    )
    return value
  }

  /** The oldest are forgotten first. */
  #keep(evaluationId: string, kept: Kept<Value>): void {
    this.#kept.delete(evaluationId)
    this.#kept.set(evaluationId, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest)
  }
}
