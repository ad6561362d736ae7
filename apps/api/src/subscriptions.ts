// GraphQL subscriptions over WebSocket, behind the same guard as HTTP.
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { GraphQLError } from 'graphql'
import type { ExecutionArgs, GraphQLFormattedError } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { createContext } from './context.js'
import type { RequestContext } from './context.js'
import type { Caller } from './security/caller.js'
import { createErrorFormatter } from './graphql-errors.js'
import { guardSubscription } from './graphql-guard.js'
import type { GuardedSubscription } from './graphql-guard.js'
import { isKnownHost } from './host-check.js'
import { forgetLoaded } from './loaders.js'
import type { Logger } from './logger.js'
import type { OpenSockets } from './observability/instance-metrics.js'
import { inRequest, requestIdFrom } from './observability/request-context.js'
import type { RequestTrace } from './observability/request-context.js'
import type { CostLimits } from './security/cost-limits.js'
import { hidesSchema } from './security/guard-plugin.js'
import type { RequestCredentials } from './security/request-credentials.js'
import { SocketWatch } from './security/socket-watch.js'
import type { SocketContext } from './security/socket-watch.js'
import type { ApiServerParts } from './server-parts.js'

const socketLimits = {
  message: 64 * 1024,
  operations: 20,
  sockets: 2_000,
  socketsPerClient: 1_000,
} as const

const retryAfter = 'Retry-After: 1'

export interface Subscriptions {
  /** Ends every socket in good order. */
  close(): Promise<void>
  readonly open: () => OpenSockets
}

/** Serves `ws://host:port/graphql`. */
export function attachSubscriptions(
  httpServer: Server,
  parts: ApiServerParts,
  costs: CostLimits,
): Subscriptions {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: socketLimits.message,
    perMessageDeflate: false,
  })
  const clients = new SocketClients()
  const contexts = new Set<SocketContext>()
  const watch = new SocketWatch(parts.services.viewers, parts.environment.socketsPerPerson)
  httpServer.on('upgrade', (request, socket, head) => {
    const status = refusalOf(request, clients, parts)
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    clients.enter(request.socket)
    webSockets.handleUpgrade(request, socket, head, (client) =>
      webSockets.emit('connection', client, request),
    )
  })
  const cleanup = serveOperations(webSockets, parts, { contexts, watch, costs })
  const countOf = ({ subscriptions }: SocketContext): number => Object.keys(subscriptions).length
  return {
    close: async () => {
      watch.close()
      await cleanup.dispose()
    },
    open: () => ({
      sockets: webSockets.clients.size,
      subscriptions: [...contexts].reduce((sum, context) => sum + countOf(context), 0),
    }),
  }
}

interface SocketParts {
  /** One for each socket that said hello. */
  readonly contexts: Set<SocketContext>
  readonly watch: SocketWatch
  readonly costs: CostLimits
}

/** graphql-ws on the sockets: who they belong to is asked when they open and with every event. */
function serveOperations(
  webSockets: WebSocketServer,
  parts: ApiServerParts,
  { contexts, watch, costs }: SocketParts,
): { dispose(): void | Promise<void> } {
  const formatted = formatErrors(parts.logger)
  return useServer(
    {
      schema: parts.schema,
      connectionInitWaitTimeout: 3_000,
      onConnect: async (context: SocketContext) => {
        contexts.add(context)
        return watch.enter(context)
      },
      onClose: (context: SocketContext) => {
        contexts.delete(context)
        watch.leave(context)
      },
      onSubscribe: (context: SocketContext, _id, payload) =>
        beginSubscription(context, payload, parts, { watch, costs }),
      onError: ({ extra }, id, payload, errors) =>
        formatted(traceOf(extra.request, id, payload), errors),
      onNext: async (context: SocketContext, id, payload, args, { data, errors }) => {
        forgetLoaded((args.contextValue as RequestContext).loaders)
        if (!(await watch.check(context))) return { data: null }
        if (!errors) return undefined
        const trace = traceOf(context.extra.request, id, payload)
        return { data: data ?? null, errors: formatted(trace, errors) }
      },
    },
    webSockets,
  )
}

/** What is executed, or why not: too many at once, too costly, or not for whom the socket belongs to. */
async function beginSubscription(
  context: SocketContext,
  payload: SubscribePayload,
  { schema, services, environment }: ApiServerParts,
  { watch, costs }: Pick<SocketParts, 'watch' | 'costs'>,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  if (Object.keys(context.subscriptions).length > socketLimits.operations)
    return [
      new GraphQLError('Too many subscriptions on one socket.', {
        extensions: { code: 'TOO_MANY_FIELDS' },
      }),
    ]
  const guarded = guardSubscription(schema, payload, hidesSchema(environment))
  if (Array.isArray(guarded)) return guarded as readonly GraphQLError[]
  const { document, cost } = guarded as GuardedSubscription
  const owner = (await watch.check(context)) ? watch.of(context) : null
  if (owner === null) return [new GraphQLError('This socket is closed.')]
  const caller = callerOnSocket(context.extra.request, owner.credentials)
  try {
    await costs.spend({ viewer: owner.viewer, caller }, cost)
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
  return {
    ...{ schema, document, operationName: payload.operationName ?? null },
    variableValues: payload.variables ?? null,
    contextValue: createContext(services, owner.viewer, caller),
  }
}

const callerOnSocket = (request: IncomingMessage, credentials: RequestCredentials): Caller => ({
  address: request.socket.remoteAddress,
  userAgent: request.headers['user-agent'] ?? null,
  cookies: credentials.cookies,
  credentials,
  setCookies: () => undefined,
})

/** What a client may see of errors; the log has the rest, under the request they belong to. */
function formatErrors(logger: Logger) {
  const format = createErrorFormatter(logger)
  return (trace: RequestTrace, errors: readonly GraphQLError[]): GraphQLFormattedError[] =>
    inRequest(trace, () => errors.map((error) => format(error.toJSON(), error)))
}

/** The id of the request that opened the socket, and of the operation on it. */
function traceOf(
  request: IncomingMessage,
  id: string,
  { operationName }: { readonly operationName?: string | null | undefined },
): RequestTrace {
  const requestId = `${requestIdFrom(request.headers['x-request-id'])}.${id}`
  return { requestId, ...(operationName ? { operation: operationName } : {}) }
}

/** How many sockets are open, of all and of each address. */
class SocketClients {
  readonly #counts = new Map<string, number>()
  all = 0

  enter(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    this.all += 1
    this.#counts.set(address, this.of(address) + 1)
    socket.once('close', () => {
      this.all -= 1
      if (this.of(address) > 1) this.#counts.set(address, this.of(address) - 1)
      else this.#counts.delete(address)
    })
  }

  of(address: string | undefined): number {
    return this.#counts.get(address ?? '') ?? 0
  }
}

function refusalOf(
  request: IncomingMessage,
  clients: SocketClients,
  { environment }: ApiServerParts,
): string | null {
  const { origin, host } = request.headers
  if ((request.url ?? '').split('?')[0] !== '/graphql') return '404 Not Found'
  if (!isKnownHost(host, environment.allowedHosts)) return '421 Misdirected Request'
  if (origin !== undefined && !environment.webOrigins.includes(origin)) return '403 Forbidden'
  if (clients.of(request.socket.remoteAddress) >= socketLimits.socketsPerClient)
    return `429 Too Many Requests\r\n${retryAfter}`
  return clients.all >= socketLimits.sockets ? `503 Service Unavailable\r\n${retryAfter}` : null
}
