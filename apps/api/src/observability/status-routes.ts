// /healthz, /readyz and /metrics, for the API and for a worker alike.
import type { RequestHandler } from 'express'
import type { Registry } from 'prom-client'
import { textOf } from './instance-metrics.js'
import { mayReadMetrics } from './metrics-access.js'
import type { Readiness } from './readiness.repository.js'

/** The process runs and its event loop turns: a supervisor restarts it otherwise. */
export const healthRoute: RequestHandler = (_request, response) => {
  response.json({
    status: 'ok',
    processId: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    residentBytes: process.memoryUsage.rss(),
  })
}

/** Whether it can serve: 503 without its database or with migrations missing. */
export function readyRoute(read: () => Promise<Readiness>): RequestHandler {
  return async (_request, response) => {
    const { ready, ...detail } = await read()
    response.status(ready ? 200 : 503).json(detail)
  }
}

export function metricsRoute(registry: Registry, token: string | undefined): RequestHandler {
  return async (request, response) => {
    if (!mayReadMetrics(request, token)) {
      const message =
        'Metrics are for programs on this machine, or for whoever has IMPRINT_METRICS_TOKEN.'
      return void response.status(403).json({ errors: [{ message }] })
    }
    response.type('text/plain; version=0.0.4; charset=utf-8').send(await textOf(registry))
  }
}
