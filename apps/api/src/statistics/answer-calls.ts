// The other end of thread-calls.ts: inside the thread, each call goes to its handler.
import { parentPort } from 'node:worker_threads'
import type { Transferable } from 'node:worker_threads'
import type { AnswerMessage, CallMessage, Handlers } from './thread-calls.js'

/** An answer whose buffers move to the other thread instead of being copied. */
export class Moved<Value> {
  readonly value: Value
  readonly buffers: readonly Transferable[]

  constructor(value: Value, buffers: readonly Transferable[]) {
    this.value = value
    this.buffers = buffers
  }
}

export function answerCalls(handlers: Handlers): void {
  const port = parentPort
  if (port === null) throw new Error('This file runs in a thread of the API or of a worker.')
  const answer = async ({ id, name, argument }: CallMessage): Promise<void> => {
    try {
      const value = await handlers[name]?.(argument as never)
      const moved = value instanceof Moved
      const message: AnswerMessage = { id, value: moved ? value.value : value }
      port.postMessage(message, moved ? [...value.buffers] : [])
    } catch (error) {
      const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
      port.postMessage({ id, error: { message, stack } } satisfies AnswerMessage)
    }
  }
  port.on('message', (call: CallMessage) => void answer(call))
}
