// What many wait for -> a few of them served in each turn of the event loop, so that others are answered between.
import type { RequestHandler } from 'express'

export class Turns {
  readonly #together: number
  readonly #waiting: (() => void)[] = []
  #serving = false

  /** @param together how many are served in one turn */
  constructor(together: number) {
    this.#together = together
  }

  /** Resolves in the next turn of the event loop or, behind others who wait, in a later one; in the order of the calls. */
  take(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      if (this.#serving) return
      this.#serving = true
      setImmediate(() => this.#serve())
    })
  }

  #serve(): void {
    for (const resolve of this.#waiting.splice(0, this.#together)) resolve()
    this.#serving = this.#waiting.length > 0
    if (this.#serving) setImmediate(() => this.#serve())
  }
}

/** Begins a few requests in each turn: however many arrive at once, sockets and answers that are ready are served between them. */
export function beginByTurns(together: number): RequestHandler {
  const turns = new Turns(together)
  return (_request, response, next) => {
    void turns.take().then(() => {
      // Nobody waits for it any more: it was given up, or its client has gone.
      if (!response.headersSent && !response.destroyed) next()
    })
  }
}
