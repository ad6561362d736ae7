// Answers about evaluations that are shared by everybody who looks: each is found once a version, and once a second at most. What
// depends on other things, too, is found anew for each version and after each second.
import { Turns } from '../../observability/turns.js'

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
  /** Whether the value is there. */
  readonly found: boolean
}

const restMilliseconds = 1_000
/** Finding an answer takes at most this part of the time. */
const share = 0.1
const mostKept = 500
/** Of those who wait for an answer, how many go on in one turn of the event loop. */
const together = 8

export class SharedCounts<Value> {
  readonly #lasting: boolean
  readonly #kept = new Map<string, Kept<Value>>()
  readonly #turns = new Turns(together)

  /** @param lasting whether an answer stays true of its version; false: of no version for longer than its rest */
  constructor({ lasting = true }: { readonly lasting?: boolean } = {}) {
    this.#lasting = lasting
  }

  get(head: EvaluationHead, find: () => Promise<Value>): Promise<Value> {
    const { evaluationId, version } = head
    const known = this.#kept.get(evaluationId)
    if (known !== undefined && this.#willDo(known, head))
      return known.found ? known.value : this.#behind(known.value)
    const started = Date.now()
    const value = find()
    this.#keep(evaluationId, { version, until: started + restMilliseconds, value, found: false })
    value.then(
      () => {
        const now = Date.now()
        const until = Math.max(started + restMilliseconds, now + (now - started) / share)
        if (this.#kept.get(evaluationId)?.value === value)
          this.#keep(evaluationId, { version, until, value, found: true })
      },
      () => {
        if (this.#kept.get(evaluationId)?.value === value) this.#kept.delete(evaluationId)
      },
    )
    return value
  }

  #willDo({ version: of, until, found }: Kept<Value>, { version, ended }: EvaluationHead): boolean {
    const rests = Date.now() < until
    if (this.#lasting) return of >= version || (rests && !ended)
    return of >= version && (rests || !found)
  }

  /** Hundreds may wait for it: they go on a few at a time. */
  async #behind(value: Promise<Value>): Promise<Value> {
    const found = await value
    await this.#turns.take()
    return found
  }

  /** The oldest are forgotten first. */
  #keep(evaluationId: string, kept: Kept<Value>): void {
    this.#kept.delete(evaluationId)
    this.#kept.set(evaluationId, kept)
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest)
  }
}
