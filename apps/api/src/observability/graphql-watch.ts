// Every GraphQL operation: its time into a histogram, one line into the log, its name into all lines it causes.
import type { ApolloServerPlugin } from '@apollo/server'
import { Counter, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'
import type { RequestContext } from '../context.js'
import type { Logger } from '../logger.js'
import { OperationNames } from './operation-names.js'
import { currentRequest } from './request-context.js'

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export interface OperationEnd {
  readonly name: string
  readonly type: string
  readonly milliseconds: number
  /** Codes of the errors in the answer. */
  readonly errors: readonly string[]
}

export function createOperationMetrics(registry: Registry) {
  const registers = [registry]
  const seconds = new Histogram({
    name: 'imprint_graphql_seconds',
    help: 'Time from a GraphQL operation’s arrival to its answer, by name; names beyond 200 are `other`',
    labelNames: ['operation', 'type', 'outcome'] as const,
    ...{ buckets, registers },
  })
  const failures = new Counter({
    name: 'imprint_graphql_errors_total',
    help: 'Errors in answers to GraphQL operations, by code',
    labelNames: ['code'] as const,
    registers,
  })
  return ({ name, type, milliseconds, errors }: OperationEnd): void => {
    const outcome = errors.length === 0 ? 'ok' : 'error'
    seconds.observe({ operation: name, type, outcome }, milliseconds / 1000)
    for (const code of errors) failures.inc({ code })
  }
}

const codesOf = (errors: readonly { extensions?: Record<string, unknown> }[] = []): string[] =>
  errors.map(({ extensions }) => String(extensions?.['code'] ?? 'UNKNOWN'))

/** Operations that never got as far as having a name are `invalid`. */
export function watchOperations(
  registry: Registry,
  logger: Logger,
): ApolloServerPlugin<RequestContext> {
  const names = new OperationNames()
  const count = createOperationMetrics(registry)
  return {
    requestDidStart: async () => {
      const started = performance.now()
      let name = 'invalid'
      let type = 'none'
      return {
        didResolveOperation: async ({ operation, operationName }) => {
          name = names.labelOf(operationName)
          type = operation?.operation ?? type
          const trace = currentRequest()
          if (trace !== undefined) trace.operation = name
        },
        willSendResponse: async ({ response }) => {
          const milliseconds = Math.round((performance.now() - started) * 10) / 10
          const errors =
            response.body.kind === 'single' ? codesOf(response.body.singleResult.errors) : []
          count({ name, type, milliseconds, errors })
          const line = { operation: name, type, milliseconds }
          if (errors.length > 0) logger.warn({ ...line, errors }, 'operation with errors')
          else logger.info(line, 'operation')
        },
      }
    },
  }
}
