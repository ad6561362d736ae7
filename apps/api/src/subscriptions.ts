// GraphQL subscriptions over WebSocket, behind the same guard as HTTP.
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { GraphQLError } from 'graphql'
import type { ExecutionArgs, GraphQLFormattedError } from 'graphql'
import type { Context } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { createContext } from './context.js'
import { createErrorFormatter } from './graphql-errors.js'
import { guardSubscription } from './graphql-guard.js'
import { isKnownHost } from './host-check.js'
import type { Logger } from './logger.js'
import type { OpenSockets } from './observability/instance-metrics.js'
import { inRequest, requestIdFrom } from './observability/request-context.js'
import type { RequestTrace } from './observability/request-context.js'
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
export function attachSubscriptions(httpServer: Server, parts: ApiServerParts): Subscriptions {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: socketLimits.message,
    perMessageDeflate: false,
  })
  const clients = new SocketClients()
  const contexts = new Set<Context>()
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
  const cleanup = serveOperations(webSockets, parts, contexts)
  const countOf = ({ subscriptions }: Context): number => Object.keys(subscriptions).length
  return {
    close: async () => cleanup.dispose(),
    open: () => ({
      sockets: webSockets.clients.size,
      subscriptions: [...contexts].reduce((sum, context) => sum + countOf(context), 0),
    }),
  }
}

/** graphql-ws on the sockets; `contexts` holds one for each that said hello. */
function serveOperations(
  webSockets: WebSocketServer,
  { schema, services, viewer, logger }: ApiServerParts,
  contexts: Set<Context>,
): { dispose(): void | Promise<void> } {
  const formatted = formatErrors(logger)
  return useServer(
    {
      schema,
      connectionInitWaitTimeout: 3_000,
      onConnect: (context) => void contexts.add(context),
      onClose: (context) => void contexts.delete(context),
      onSubscribe: (context, _id, payload) => {
        if (Object.keys(context.subscriptions).length > socketLimits.operations) {
          return [
            new GraphQLError('Too many subscriptions on one socket.', {
              extensions: { code: 'TOO_MANY_FIELDS' },
            }),
          ]
        }
        const guarded = guardSubscription(schema, payload)
        if ('length' in guarded) return guarded
        const args: ExecutionArgs = {
          schema,
          document: guarded,
          operationName: payload.operationName ?? null,
          variableValues: payload.variables ?? null,
          contextValue: createContext(services, viewer),
        }
        return args
      },
      onError: ({ extra }, id, payload, errors) =>
        formatted(traceOf(extra.request, id, payload), errors),
      onNext: ({ extra }, id, payload, _args, { data, errors }) =>
        errors
          ? { data: data ?? null, errors: formatted(traceOf(extra.request, id, payload), errors) }
          : undefined,
    },
    webSockets,
  )
}

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
