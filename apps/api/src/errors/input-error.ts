// Mistakes in a request's form (not in its content) that end the operation with BAD_USER_INPUT.
import { GraphQLError } from 'graphql'

export function badInput(message: string, field: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', field } })
}

export function badCursor(_cursor: string): GraphQLError {
  return badInput(
    'This cursor was not made by this list. Pass an edge’s `cursor` unchanged.',
    'after',
  )
}
