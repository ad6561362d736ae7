// Before every mutation: a request that calls itself what only imports are called is refused, and nothing of it happens.
import { defaultFieldResolver } from 'graphql'
import type { GraphQLField } from 'graphql'
import type { RequestContext } from '../context.js'
import { payloadOf } from '../errors/user-failure.js'
import { requireOwnName } from '../features/request-names.js'

type Values = Readonly<Record<string, unknown>>

export function refuseNames(field: GraphQLField<unknown, RequestContext>): void {
  const { resolve = defaultFieldResolver } = field
  field.resolve = async (source, values, context, info) => {
    const refused = await payloadOf(async () => {
      namesOf(values).forEach(requireOwnName)
      return {}
    })
    return refused.errors.length > 0 ? refused : (resolve(source, values, context, info) as unknown)
  }
}

/** Names that a request gives itself, among its arguments and their fields. */
export function namesOf(values: Values): string[] {
  return [values, ...Object.values(values)].flatMap((place) => {
    const name = isRecord(place) ? place['clientMutationId'] : null
    return typeof name === 'string' ? [name] : []
  })
}

const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null
