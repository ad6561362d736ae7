// Calls into a thread of its own, so that counting never holds up the API: one message there, one answer back.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Transferable } from 'node:worker_threads'

/** What a thread can be asked, by name. */
export type Handlers = Readonly<Record<string, (argument: never) => unknown>>

export interface CallMessage {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

export type AnswerMessage =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: { readonly message: string; readonly stack: string } }

/** A thread ended, or what it was asked failed. */
export class ThreadFailure extends Error {
  override readonly name = 'ThreadFailure'
}

interface Waiting {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

/** One thread, begun with the first call and begun again after it ended by itself. */
export class ThreadCalls<Known extends Handlers> {
  readonly #script: string
  readonly #data: unknown
  readonly #waiting = new Map<number, Waiting>()
  #thread: Worker | null = null
  #last = 0

  /** @param script name of a built file in this folder, such as `table-thread.js` */
  constructor(script: string, data: unknown = null) {
    this.#script = script
    this.#data = data
  }

  /** Begins the thread before the first call, which then need not wait until its code is read. */
  start(): void {
    this.#thread ??= this.#begin()
    if (this.#waiting.size === 0) this.#thread.unref()
  }

  /** @throws ThreadFailure */
  call<Name extends keyof Known & string>(
    name: Name,
    argument: Parameters<Known[Name]>[0],
    transfer: readonly Transferable[] = [],
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    const thread = (this.#thread ??= this.#begin())
    const id = ++this.#last
    thread.ref()
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      thread.postMessage({ id, name, argument } satisfies CallMessage, [...transfer])
    })
  }

  async close(): Promise<void> {
    await this.#thread?.terminate()
  }

  #begin(): Worker {
    const thread = new Worker(builtScript(this.#script), { workerData: this.#data })
    thread.on('message', (answer: AnswerMessage) => this.#settle(thread, answer))
    thread.on('error', (error) => this.#lose(thread, String(error)))
    thread.on('exit', (code) => this.#lose(thread, `exit code ${code}`))
    return thread
  }

  #settle(thread: Worker, answer: AnswerMessage): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (this.#waiting.size === 0) thread.unref()
    if ('value' in answer) return waiting?.resolve(answer.value as never)
    const failure = new ThreadFailure(answer.error.message)
    failure.stack = answer.error.stack
    waiting?.reject(failure)
  }

  #lose(thread: Worker, how: string): void {
    if (this.#thread !== thread) return
    this.#thread = null
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of waiting) reject(new ThreadFailure(`The thread ended (${how}).`))
  }
}

/** The built thread, also when this file runs from the sources. */
function builtScript(name: string): string {
  const beside = fileURLToPath(new URL(`./${name}`, import.meta.url))
  if (existsSync(beside)) return beside
  return fileURLToPath(new URL(`../../dist/statistics/${name}`, import.meta.url))
}
