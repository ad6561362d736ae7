// What every log line of one request shares, carried along its asynchronous calls.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

export interface RequestTrace {
  /** The caller's x-request-id, or one made here. */
  readonly requestId: string
  /** Name of the GraphQL operation, once it is known. */
  operation?: string
  /** Aborted when the answer is out or the client has gone. */
  readonly gone?: AbortSignal
}

const storage = new AsyncLocalStorage<RequestTrace>()
/** Longer or stranger ones could forge log lines or fill a disk. */
const wellFormed = /^[\w.:-]{1,128}$/

/** The caller's own id when it is well-formed, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && wellFormed.test(header) ? header : randomUUID()
}

/** Calls `work` so that everything it starts, also later, belongs to the request. */
export function inRequest<Result>(trace: RequestTrace, work: () => Result): Result {
  return storage.run(trace, work)
}

/** For what only happens to be noticed during a request, such as a connection that breaks. */
export function outsideRequests<Result>(work: () => Result): Result {
  return storage.exit(work)
}

export function currentRequest(): RequestTrace | undefined {
  return storage.getStore()
}

/** Fields that the logger adds to every line. */
export function requestFields(): object {
  const trace = storage.getStore()
  if (trace === undefined) return {}
  const { requestId, operation } = trace
  return operation === undefined ? { requestId } : { requestId, operation }
}
