// Writes the latest of many progress reports, one at a time and not too often; a new stage is written at once.
const restMilliseconds = 400

export class ProgressWriter<Progress> {
  readonly #write: (latest: Progress) => Promise<unknown>
  readonly #restMilliseconds: number
  #latest: Progress | null = null
  #stage: string | null = null
  #writing: Promise<void> | null = null
  #wake: (() => void) | null = null
  #ended = false

  constructor(write: (latest: Progress) => Promise<unknown>, rest = restMilliseconds) {
    this.#write = write
    this.#restMilliseconds = rest
  }

  offer(progress: Progress, stage: string): void {
    this.#latest = progress
    if (stage !== this.#stage) this.#wake?.()
    this.#stage = stage
    this.#writing ??= this.#work().finally(() => (this.#writing = null))
  }

  /** Writes what is left and resolves when nothing is being written. */
  async end(): Promise<void> {
    this.#ended = true
    this.#wake?.()
    await this.#writing
  }

  /** Progress that could not be written is followed by newer progress, or by the end, which is. */
  async #work(): Promise<void> {
    while (this.#latest !== null) {
      const latest = this.#latest
      this.#latest = null
      await this.#write(latest).catch(() => undefined)
      if (!this.#ended) await this.#rest()
    }
  }

  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#restMilliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
