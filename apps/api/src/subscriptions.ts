// GraphQL subscriptions over WebSocket, behind the same guard as HTTP.
import type { Server } from 'node:http'
import { GraphQLError } from 'graphql'
import type { ExecutionArgs } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import { createContext } from './context.js'
import { createErrorFormatter } from './graphql-errors.js'
import { guardSubscription } from './graphql-guard.js'
import { isKnownHost } from './host-check.js'
import type { ApiServerParts } from './server-parts.js'

const socketLimits = { message: 64 * 1024, operations: 20, sockets: 200 } as const

/** Serves `ws://host:port/graphql`; `close` ends every socket in good order. */
export function attachSubscriptions(
  httpServer: Server,
  parts: ApiServerParts,
): { close(): Promise<void> } {
  const { schema, services, viewer } = parts
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: socketLimits.message,
    perMessageDeflate: false,
  })
  httpServer.on('upgrade', (request, socket, head) => {
    const status = refusalOf(request, webSockets.clients.size, parts)
    if (status !== null) {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    webSockets.handleUpgrade(request, socket, head, (client) =>
      webSockets.emit('connection', client, request),
    )
  })
  const format = createErrorFormatter(parts.logger)
  const cleanup = useServer(
    {
      schema,
      connectionInitWaitTimeout: 3_000,
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
      onError: (_context, _id, _payload, errors) =>
        errors.map((error) => format(error.toJSON(), error)),
      onNext: (_context, _id, _payload, _args, result) =>
        result.errors
          ? {
              data: result.data ?? null,
              errors: result.errors.map((error) => format(error.toJSON(), error)),
            }
          : undefined,
    },
    webSockets,
  )
  return { close: async () => cleanup.dispose() }
}

function refusalOf(
  request: {
    url?: string | undefined
    headers: { origin?: string | undefined; host?: string | undefined }
  },
  open: number,
  { environment }: ApiServerParts,
): string | null {
  const { origin, host } = request.headers
  if ((request.url ?? '').split('?')[0] !== '/graphql') return '404 Not Found'
  if (!isKnownHost(host, environment.allowedHosts)) return '421 Misdirected Request'
  if (origin !== undefined && !environment.webOrigins.includes(origin)) return '403 Forbidden'
  return open >= socketLimits.sockets ? '503 Service Unavailable' : null
}
