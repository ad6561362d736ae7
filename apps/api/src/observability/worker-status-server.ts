// A worker's own small HTTP server for /healthz, /readyz and /metrics, on a port that was asked for.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import helmet from 'helmet'
import type { Database } from '../database/index.js'
import type { Logger } from '../logger.js'
import {
  addEngineMetrics,
  addPoolMetrics,
  addQueueMetrics,
  createRegistry,
} from './instance-metrics.js'
import type { EngineState } from './instance-metrics.js'
import { ReadinessRepository } from './readiness.repository.js'
import { healthRoute, metricsRoute, readyRoute } from './status-routes.js'

export interface WorkerStatusParts {
  readonly port: number
  readonly host: string
  readonly token: string | undefined
  readonly database: Database
  readonly engines: () => readonly EngineState[]
  readonly logger: Logger
}

export interface WorkerStatusServer {
  readonly port: number
  close(): Promise<void>
}

/** A port that is taken costs the metrics, not the worker: null, and a line in the log. */
export async function startWorkerStatusServer(
  parts: WorkerStatusParts,
): Promise<WorkerStatusServer | null> {
  const { port, host, token, database, engines, logger } = parts
  const registry = createRegistry()
  addQueueMetrics(registry, database)
  addPoolMetrics(registry, database)
  addEngineMetrics(registry, engines)
  const readiness = new ReadinessRepository(database)
  const app = express().disable('x-powered-by').use(helmet())
  app.get('/healthz', healthRoute)
  app.get(
    '/readyz',
    readyRoute(() => readiness.read()),
  )
  app.get('/metrics', metricsRoute(registry, token))
  const server = createServer(app)
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
  } catch (error) {
    logger.warn({ err: error, port }, 'the port for metrics cannot be had')
    return null
  }
  const bound = (server.address() as AddressInfo).port
  logger.info({ port: bound }, 'metrics ready')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: bound, close }
}
