// The API's HTTP server: GraphQL by POST, subscriptions by WebSocket, vectors, health.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ApolloServer } from '@apollo/server'
import type { ApolloServerPlugin } from '@apollo/server'
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled'
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer'
import { expressMiddleware } from '@as-integrations/express5'
import cors from 'cors'
import express from 'express'
import type { Express } from 'express'
import type { GraphQLSchema } from 'graphql'
import helmet from 'helmet'
import { createContext } from './context.js'
import type { RequestContext } from './context.js'
import { editFileRoute } from './features/edit/edit-file.route.js'
import { vectorFileRoute } from './features/vector-file/vector-file.route.js'
import { createErrorFormatter } from './graphql-errors.js'
import { guardLimits, guardOperation } from './graphql-guard.js'
import { requireKnownHost } from './host-check.js'
import type { ApiServerParts } from './server-parts.js'
import { attachSubscriptions } from './subscriptions.js'

export interface ApiServer {
  readonly port: number
  /** Stops accepting, lets running operations finish, closes sockets. */
  close(): Promise<void>
}

const largestBody = '256kb'

const guardPlugin = (schema: GraphQLSchema): ApolloServerPlugin<RequestContext> => ({
  requestDidStart: async () => ({
    didResolveOperation: async ({ document, operationName, request }) =>
      guardOperation({ schema, document, operationName, variables: request.variables }),
  }),
})

/** Starts the server; resolves when it accepts connections. */
export async function startApiServer(parts: ApiServerParts): Promise<ApiServer> {
  const { schema, environment, logger } = parts
  const app = express()
  const httpServer = createServer(app)
  const subscriptions = attachSubscriptions(httpServer, parts)
  const apollo = new ApolloServer<RequestContext>({
    schema,
    parseOptions: { maxTokens: guardLimits.tokens },
    maxRecursiveSelections: true,
    introspection: environment.introspection,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !environment.introspection,
    persistedQueries: false,
    csrfPrevention: true,
    executionOptions: { maxCoercionErrors: 10 },
    formatError: createErrorFormatter(logger),
    logger,
    plugins: [
      guardPlugin(schema),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer }),
      { serverWillStart: async () => ({ drainServer: () => subscriptions.close() }) },
    ],
  })
  await apollo.start()
  addRoutes(app, apollo, parts)
  await new Promise<void>((resolve, reject) => {
    httpServer.once('error', reject)
    httpServer.listen(environment.apiPort, environment.apiHost, resolve)
  })
  return { port: (httpServer.address() as AddressInfo).port, close: () => apollo.stop() }
}

function addRoutes(
  app: Express,
  apollo: ApolloServer<RequestContext>,
  parts: ApiServerParts,
): void {
  const { environment, services, viewer } = parts
  app.disable('x-powered-by')
  app.use(helmet())
  app.use(requireKnownHost(environment.allowedHosts))
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get('/readyz', async (_request, response) => {
    const { ready, workers } = await services.serverStatus.read(viewer)
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ready' : 'waiting for the database', workers })
  })
  app.use(cors({ origin: [...environment.webOrigins], methods: ['GET', 'POST'], maxAge: 600 }))
  app.get('/api/runs/:id/vectors.safetensors', vectorFileRoute(services, viewer))
  app.get('/api/edits/:id/edit.safetensors', editFileRoute(services, viewer))
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
  app.use(
    '/graphql',
    expressMiddleware(apollo, { context: async () => createContext(services, viewer) }),
  )
  app.use(bodyErrors)
}

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
  if (response.headersSent) return next(error)
  const status = error.status ?? 500
  const message =
    status < 500
      ? `The request’s body was refused (${error.type ?? 'malformed'}).`
      : 'Something went wrong on the server.'
  response.status(status).json({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] })
}
