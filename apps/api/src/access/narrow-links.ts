// What a share link does not show is answered as if it were not there: nothing by id, empty lists, no way from row to row.
import {
  defaultFieldResolver,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { GraphQLField, GraphQLOutputType, GraphQLResolveInfo, GraphQLSchema } from 'graphql'
import type { RequestContext } from '../context.js'
import { UserFailure } from '../errors/user-failure.js'
import type { Viewer } from '../features/account/viewer.js'
import { isEdgeOpen, isWithinLink } from './shared-operations.js'
import type { Values } from './shared-operations.js'

/** Types of stored rows: whoever holds one can ask on from it. */
export const rowTypes: readonly string[] = [
  ...['Activity', 'Annotation', 'ApiKey', 'AuditEvent', 'Collection', 'CollectionItem', 'Comment'],
  ...['Dataset', 'DatasetImport', 'Edit', 'EditTask', 'Evaluation', 'FigureSet', 'InboxItem'],
  ...['InterferenceMap', 'Invitation', 'LensRun', 'Member', 'Model', 'ModelImport'],
  ...['NeuronSurvey', 'Project', 'Prompt', 'Review', 'SearchHit', 'ShareLink', 'Slice', 'Team'],
  'WayToSignIn',
]

interface Asked {
  readonly operation: string
  readonly values: Values
  readonly info: GraphQLResolveInfo
}

/** The answer of a root field, or an empty one where the link does not show what is asked for. */
export function answerWithin(viewer: Viewer, asked: Asked, answer: () => unknown): unknown {
  const { operation, values, info } = asked
  if (info.operation.operation === 'subscription') return answer()
  if (isWithinLink(viewer, operation, values)) return answer()
  return emptyOf(info.returnType, operation)
}

/** @throws UserFailure FORBIDDEN for a link whose page does not show it */
export function requireWithinLink(viewer: Viewer, operation: string, values: Values): void {
  if (!isWithinLink(viewer, operation, values)) throw beyondLink(operation)
}

/** `Type.field` of every field that leads from an object to a stored row. */
export function edgesOf(schema: GraphQLSchema): [string, GraphQLField<unknown, RequestContext>][] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  return Object.values(schema.getTypeMap()).flatMap((type) => {
    if (!isObjectType(type) || type.name.startsWith('__')) return []
    if (roots.includes(type) || /(Edge|Connection|Payload)$/.test(type.name)) return []
    return Object.values(type.getFields())
      .filter((field) => rowTypes.includes(rowNameOf(field.type)))
      .map((field): [string, typeof field] => [`${type.name}.${field.name}`, field])
  })
}

export function closeEdges(schema: GraphQLSchema): void {
  for (const [edge, field] of edgesOf(schema)) {
    const { resolve = defaultFieldResolver } = field
    field.resolve = (source, values, context, info) =>
      isEdgeOpen(context.viewer, edge)
        ? resolve(source, values, context, info)
        : emptyOf(field.type, edge)
  }
}

const rowNameOf = (type: GraphQLOutputType): string =>
  getNamedType(type).name.replace(/Connection$/, '')

/** @throws UserFailure FORBIDDEN where there is no empty answer */
function emptyOf(type: GraphQLOutputType, what: string): unknown {
  if (!isNonNullType(type)) return null
  const bare = getNullableType(type)
  if (isListType(bare)) return []
  if (!getNamedType(bare).name.endsWith('Connection')) throw beyondLink(what)
  const ends = { startCursor: null, endCursor: null }
  return {
    edges: [],
    pageInfo: { hasNextPage: false, hasPreviousPage: false, ...ends },
    totalCount: 0,
  }
}

const beyondLink = (what: string): UserFailure =>
  new UserFailure('FORBIDDEN', `This link does not show ${what}.`, {
    cure: 'Sign in to see more of the project.',
  })
