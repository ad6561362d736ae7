// Puts the table of operations before every root field of the schema, so that a resolver cannot forget to ask.
import { defaultFieldResolver } from 'graphql'
import type { GraphQLField, GraphQLSchema } from 'graphql'
import type { RequestContext } from '../context.js'
import { answerWithin, closeEdges, requireWithinLink } from './narrow-links.js'
import { recordWrite } from './record-write.js'
import { refuseNames } from './refuse-names.js'
import { authorize } from './authorize.js'

type RootField = GraphQLField<unknown, RequestContext>

/** Also each event of a subscription is asked for, with what the viewer may do by then. */
export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    recordWrite(field)
    refuseNames(field)
    guardResolve(field, `Mutation.${field.name}`)
  }
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {}))
    guardResolve(field, `Query.${field.name}`)
  for (const field of Object.values(schema.getSubscriptionType()?.getFields() ?? {})) {
    guardResolve(field, `Subscription.${field.name}`)
    guardSubscribe(field, `Subscription.${field.name}`)
  }
  closeEdges(schema)
  return schema
}

function guardResolve(field: RootField, operation: string): void {
  const { resolve = defaultFieldResolver } = field
  field.resolve = (source, values, context, info) => {
    authorize(context.viewer, operation)
    return answerWithin(context.viewer, { operation, values, info }, () =>
      resolve(source, values, context, info),
    )
  }
}

function guardSubscribe(field: RootField, operation: string): void {
  const { subscribe } = field
  if (subscribe === undefined) throw new Error(`${operation} has no source of events`)
  field.subscribe = (source, values, context, info) => {
    authorize(context.viewer, operation)
    requireWithinLink(context.viewer, operation, values)
    return subscribe(source, values, context, info)
  }
}
