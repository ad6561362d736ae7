// A whole API on a free port with its own database and a tiny model, and, if wanted, a worker in the same process.
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { openRunNotifications } from '../database/index.js'
import type { EngineHost } from '../engine/engine-host.js'
import { writeTinyModel } from '../engine/testing/tiny-model.js'
import { readEnvironment } from '../env.js'
import type { Environment } from '../env.js'
import type { Viewer } from '../features/account/viewer.js'
import { startWorkerProcess } from '../jobs/worker-process.js'
import type { WorkerProcess, WorkerProcessParts } from '../jobs/worker-process.js'
import type { Logger } from '../logger.js'
import { buildImprintSchema } from '../schema.js'
import { startApiServer } from '../server.js'
import { createServices } from '../services.js'
import type { Services } from '../services.js'
import { createTestDatabase, silentLogger } from './test-database.js'
import type { TestDatabase } from './test-database.js'

export interface GraphqlAnswer {
  readonly data?: any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests read whatever they asked for
  readonly errors?: { message: string; extensions?: Record<string, unknown> }[]
}

export interface TestApi {
  readonly url: string
  readonly webSocketUrl: string
  readonly modelId: string
  readonly viewer: Viewer
  readonly services: Services
  readonly database: TestDatabase
  readonly environment: Environment
  graphql(query: string, variables?: Record<string, unknown>): Promise<GraphqlAnswer>
  startWorker(engine: EngineHost, options?: Partial<WorkerProcessParts>): Promise<WorkerProcess>
  stop(): Promise<void>
}

const schema = buildImprintSchema()

export interface TestApiOptions {
  /** Everyone is the local owner; false: people sign in (testing/test-people.ts). */
  readonly singleUser?: boolean
  /** More environment variables. */
  readonly variables?: Readonly<Record<string, string>>
  readonly logger?: Logger
}

export async function startTestApi({
  singleUser = true,
  variables = {},
  logger = silentLogger,
}: TestApiOptions = {}): Promise<TestApi> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'imprint-api-home-'))
  const database = await createTestDatabase()
  const environment = readEnvironment({
    DATABASE_URL: database.url,
    IMPRINT_API_PORT: '0',
    IMPRINT_HOME: home,
    IMPRINT_SINGLE_USER: singleUser ? '1' : '0',
    IMPRINT_OPERATION_SECONDS: '60',
    // A slow machine is no fault of what is tested; load-guard.test.ts has a limit of its own.
    IMPRINT_LONGEST_LAG: '600000',
    ...variables,
  })
  const notifications = openRunNotifications(database.url, () => undefined)
  const services = createServices(database, notifications, environment)
  const viewer = await services.accounts.ensureLocalViewer()
  const model = await services.models.register(viewer, writeTinyModel(home), false)
  const server = await startApiServer({
    schema,
    services,
    database,
    environment,
    logger,
  })
  const url = `http://127.0.0.1:${server.port}`
  const workers: WorkerProcess[] = []
  return {
    ...{ url, viewer, services, database, environment, modelId: model.id },
    webSocketUrl: `ws://127.0.0.1:${server.port}/graphql`,
    graphql: (query, variables = {}) => postGraphql(url, { query, variables }),
    startWorker: async (engine, options = {}) => {
      const worker = await startWorkerProcess({
        environment,
        engine,
        logger: silentLogger,
        pollInterval: 200,
        ...options,
      })
      workers.push(worker)
      return worker
    },
    stop: async () => {
      for (const worker of workers) await worker.stop()
      await server.close()
      await services.datasetImporter.stop()
      await notifications.close()
      await database.drop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** One more API process, as it were, on the same database: with services and sockets of its own. */
export async function startOtherServer({ database, environment }: TestApi): Promise<{
  readonly url: string
  readonly webSocketUrl: string
  close(): Promise<void>
}> {
  const notifications = openRunNotifications(database.url, () => undefined)
  const services = createServices(database, notifications, environment)
  const parts = { schema, services, database, environment, logger: silentLogger }
  const server = await startApiServer(parts)
  return {
    url: `http://127.0.0.1:${server.port}`,
    webSocketUrl: `ws://127.0.0.1:${server.port}/graphql`,
    close: async () => {
      await server.close()
      await services.datasetImporter.stop()
      await notifications.close()
    },
  }
}

async function postGraphql(url: string, body: object): Promise<GraphqlAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return (await response.json()) as GraphqlAnswer
}

/** Asks again and again until the answer pleases; fails with the last answer after so many milliseconds. */
export async function eventually<Value>(
  ask: () => Promise<Value>,
  pleases: (value: Value) => boolean,
  milliseconds = 20_000,
): Promise<Value> {
  const deadline = Date.now() + milliseconds
  for (;;) {
    const value = await ask()
    if (pleases(value)) return value
    if (Date.now() > deadline)
      throw new Error(`Still not after ${milliseconds} ms: ${JSON.stringify(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
