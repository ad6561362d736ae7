// An operation that does not end in time is answered without it; the database ends its own statements by itself.
import type { RequestHandler, Response } from 'express'

interface Deadline {
  allow(seconds: number): void
}

const deadlines = new WeakMap<Response, Deadline>()
const answered = new WeakSet<Response>()

/** @param seconds after which the answer is TIMEOUT with status 503 */
export function endInTime(seconds: number): RequestHandler {
  return (_request, response, next) => {
    const begun = Date.now()
    let timer = setTimeout(() => giveUp(response), seconds * 1_000)
    deadlines.set(response, {
      allow: (more) => {
        clearTimeout(timer)
        timer = setTimeout(() => giveUp(response), begun + more * 1_000 - Date.now())
      },
    })
    response.once('close', () => clearTimeout(timer))
    next()
  }
}

/** Gives a request more seconds, counted from its beginning. */
export function allowSeconds(response: Response, seconds: number): void {
  deadlines.get(response)?.allow(seconds)
}

/** Whether the answer was given before the operation ended. */
export const wasGivenUp = (response: Response): boolean => answered.has(response)

function giveUp(response: Response): void {
  if (response.headersSent) return
  answered.add(response)
  const message = 'The operation took too long. Ask for less at once.'
  response.status(503).json({ errors: [{ message, extensions: { code: 'TIMEOUT' } }] })
}
