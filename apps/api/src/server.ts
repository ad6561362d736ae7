// The API's HTTP server: GraphQL by POST, subscriptions by WebSocket, files, health and metrics.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { expressMiddleware } from '@as-integrations/express5'
import cors from 'cors'
import type { CorsOptions } from 'cors'
import express from 'express'
import type { Express } from 'express'
import helmet from 'helmet'
import type { Registry } from 'prom-client'
import { createContext } from './context.js'
import type { RequestContext } from './context.js'
import { keepComparisons } from './features/comparison/kept-comparisons.js'
import { serveFiles } from './file-routes.js'
import type { Environment } from './env.js'
import { createErrorFormatter } from './graphql-errors.js'
import { guardLimits } from './graphql-guard.js'
import { requireKnownHost } from './host-check.js'
import { watchOperations } from './observability/graphql-watch.js'
import { watchRequests } from './observability/http-watch.js'
import {
  addPoolMetrics,
  addQueueMetrics,
  addSocketMetrics,
  createRegistry,
} from './observability/instance-metrics.js'
import type { OpenSockets } from './observability/instance-metrics.js'
import { LoadGuard } from './observability/load-guard.js'
import { ReadinessRepository } from './observability/readiness.repository.js'
import { healthRoute, metricsRoute, readyRoute } from './observability/status-routes.js'
import { beginByTurns } from './observability/turns.js'
import { createDocumentStore } from './parsed-documents.js'
import { serveAuth } from './security/auth-routes.js'
import { CostLimits } from './security/cost-limits.js'
import { guardPlugin, hidesSchema } from './security/guard-plugin.js'
import { allowSeconds, endInTime, wasGivenUp } from './security/operation-deadline.js'
import { callerOf, viewerOf } from './security/request-viewer.js'
import type { ApiServerParts } from './server-parts.js'
import { attachSubscriptions } from './subscriptions.js'

export interface ApiServer {
  readonly port: number
  /** Stops accepting, lets running operations finish, closes sockets. */
  close(): Promise<void>
}

const largestBody = '256kb'
/** Operations that begin in one turn of the event loop: some milliseconds of work. */
const operationsInATurn = 2

interface Watch {
  readonly registry: Registry
  readonly guard: LoadGuard
  readonly readiness: ReadinessRepository
}

/** Starts the server; resolves when it accepts connections. */
export async function startApiServer(parts: ApiServerParts): Promise<ApiServer> {
  const { schema, environment, logger } = parts
  const app = express()
  const httpServer = createServer(app)
  const { introspection } = environment
  const costs = new CostLimits(environment.costPerMinute)
  const subscriptions = attachSubscriptions(httpServer, parts, costs)
  const watch = watchServer(parts, subscriptions.open)
  const apollo = new ApolloServer<RequestContext>({
    schema,
    parseOptions: { maxTokens: guardLimits.tokens },
    maxRecursiveSelections: true,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: hidesSchema(environment),
    persistedQueries: false,
    documentStore: createDocumentStore(),
    csrfPrevention: true,
    // shutdown.ts does; Apollo would send itself the signal a second time.
    stopOnTerminationSignals: false,
    executionOptions: { maxCoercionErrors: 10 },
    formatError: createErrorFormatter(logger),
    logger,
    plugins: [
      watchOperations(watch.registry, logger),
      guardPlugin({ schema, introspection, costs }),
      keepComparisons(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer }),
      { serverWillStart: async () => ({ drainServer: () => subscriptions.close() }) },
    ],
  })
  await apollo.start()
  addRoutes(app, apollo, parts, watch)
  await new Promise<void>((resolve, reject) => {
    httpServer.once('error', reject)
    httpServer.listen(environment.apiPort, environment.apiHost, resolve)
  })
  const close = async (): Promise<void> => {
    await apollo.stop()
    watch.guard.close()
  }
  return { port: (httpServer.address() as AddressInfo).port, close }
}

/** What this server tells of itself, and the guard that keeps it from being asked too much. */
function watchServer({ database, environment }: ApiServerParts, open: () => OpenSockets): Watch {
  const registry = createRegistry()
  addQueueMetrics(registry, database)
  addPoolMetrics(registry, database)
  addSocketMetrics(registry, open)
  const { requests, requestsPerClient, longestLag } = environment
  const guard = new LoadGuard({ requests, requestsPerClient, lag: longestLag }, registry)
  return { registry, guard, readiness: new ReadinessRepository(database) }
}

function addRoutes(
  app: Express,
  apollo: ApolloServer<RequestContext>,
  parts: ApiServerParts,
  { registry, guard, readiness }: Watch,
): void {
  const { environment, services, logger } = parts
  app.disable('x-powered-by')
  app.set('trust proxy', [...environment.accountSettings.trustedProxies])
  app.use(watchRequests(logger))
  app.use(helmet())
  app.use(requireKnownHost(environment.allowedHosts))
  app.get('/healthz', healthRoute)
  app.get(
    '/readyz',
    readyRoute(() => readiness.read()),
  )
  app.get('/metrics', metricsRoute(registry, environment.metrics.token))
  app.use(cors(corsFor(environment)))
  app.use(guard.admit)
  serveFiles(app, services, environment)
  serveAuth(app, services.providerSignIn)
  app.all('/graphql', (request, response, next) => {
    if (request.method === 'POST') return next()
    const message = 'Send GraphQL operations by POST; subscriptions by WebSocket.'
    response
      .status(405)
      .set('Allow', 'POST')
      .json({ errors: [{ message, extensions: { code: 'METHOD_NOT_ALLOWED' } }] })
  })
  app.use('/graphql', requireUtf8)
  app.use('/graphql', express.json({ limit: largestBody, inflate: true }))
  app.use('/graphql', endInTime(environment.operationSeconds))
  app.use('/graphql', beginByTurns(operationsInATurn))
  app.use(
    '/graphql',
    expressMiddleware(apollo, {
      context: async ({ req: request, res: response }) => {
        const caller = callerOf(request, response)
        const viewer = await viewerOf(services.viewers, caller)
        return createContext(services, viewer, caller, (more) => allowSeconds(response, more))
      },
    }),
  )
  app.use(bodyErrors)
}

/** Pages of our own origins may send cookies and read what is left of a limit; no other page may read anything. */
const corsFor = ({ webOrigins }: Environment): CorsOptions => ({
  origin: [...webOrigins],
  methods: ['GET', 'POST'],
  credentials: true,
  exposedHeaders: ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'Retry-After'],
  maxAge: 600,
})

/** JSON is UTF-8; other encodings only serve to hide something from whoever looks at the bytes. */
const requireUtf8: express.RequestHandler = (request, response, next) => {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1]
  if (charset === undefined || /^utf-?8$/i.test(charset)) return next()
  const message = 'Send JSON in UTF-8.'
  response.status(415).json({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] })
}

/** Bodies that are no JSON, too large or oddly encoded end here with their status and nothing of the inside. */
const bodyErrors: express.ErrorRequestHandler = (
  error: { status?: number; type?: string },
  _request,
  response,
  next,
) => {
  if (wasGivenUp(response)) return
  if (response.headersSent) return next(error)
  const status = error.status ?? 500
  const message =
    status < 500
      ? `The request’s body was refused (${error.type ?? 'malformed'}).`
      : 'Something went wrong on the server.'
  response.status(status).json({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] })
}
