// The one map from failures to what a client may see of them.
import { randomUUID } from 'node:crypto'
import { ApolloServerErrorCode } from '@apollo/server/errors'
import { GraphQLError } from 'graphql'
import type { GraphQLFormattedError } from 'graphql'
import { UserFailure } from './errors/user-failure.js'
import type { Logger } from './logger.js'

const visibleCodes = new Set<unknown>([
  ...Object.values(ApolloServerErrorCode).filter(
    (code) => code !== ApolloServerErrorCode.INTERNAL_SERVER_ERROR,
  ),
  'TOO_DEEP',
  'TOO_MANY_FIELDS',
  'TOO_MANY_ALIASES',
  'TOO_MANY_DIRECTIVES',
  'TOO_COSTLY',
  'NOT_A_SUBSCRIPTION',
  'METHOD_NOT_ALLOWED',
  'INTROSPECTION_OFF',
  'RATE_LIMITED',
])

function causeOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError !== undefined
    ? causeOf(error.originalError)
    : error
}

/** Expected failures keep their message; any other becomes an id that the log knows the rest of. */
export function createErrorFormatter(logger: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = causeOf(error)
    const place = {
      ...(formatted.path && { path: formatted.path }),
      ...(formatted.locations && { locations: formatted.locations }),
    }
    if (cause instanceof UserFailure) {
      const { code, field, cure } = cause
      return { message: cause.message, ...place, extensions: { code, field, cure } }
    }
    const code = formatted.extensions?.['code']
    const raised = cause instanceof GraphQLError
    if (visibleCodes.has(code) || (raised && code === undefined)) {
      const field = formatted.extensions?.['field']
      return {
        message: formatted.message,
        ...place,
        extensions: { code: code ?? 'BAD_REQUEST', ...(field === undefined ? {} : { field }) },
      }
    }
    const id = randomUUID()
    logger.error(
      { err: cause, errorId: id, path: formatted.path },
      'unexpected error in an operation',
    )
    const message = `Something went wrong on the server. The log has the details under ${id}.`
    return { message, ...place, extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: id } }
  }
}
