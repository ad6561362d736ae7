// Gives every HTTP request an id that its answer and its log lines carry.
import type { RequestHandler } from 'express'
import type { Logger } from '../logger.js'
import { inRequest, requestIdFrom } from './request-context.js'

/** Asked every few seconds by programs; their lines would bury the others. */
const quietRoutes: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics'])

/** GraphQL logs its operations itself, so that only what failed before one is logged for it here. */
export function watchRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const gone = new AbortController()
    const requestId = requestIdFrom(request.headers['x-request-id'])
    const trace = { requestId, gone: gone.signal }
    response.set('x-request-id', requestId)
    const { path: route, method } = request
    const started = performance.now()
    response.once('close', () => {
      gone.abort()
      const { statusCode: status, writableFinished: finished } = response
      if (quietRoutes.has(route) || (route === '/graphql' && status < 400)) return
      const milliseconds = Math.round(performance.now() - started)
      const level = status >= 500 ? 'warn' : 'info'
      // Outside of the request's own calls by now.
      inRequest(trace, () =>
        logger[level]({ method, route, status, milliseconds, finished }, 'request'),
      )
    })
    inRequest(trace, next)
  }
}
