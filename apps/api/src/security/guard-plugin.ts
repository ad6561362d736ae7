// Before anything is executed: may this viewer look at the schema, what does the operation cost, is that still allowed?
import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError, Kind, getOperationAST, visit } from 'graphql'
import type { DocumentNode, GraphQLSchema } from 'graphql'
import { isSignedIn } from '../access/authorize.js'
import type { RequestContext } from '../context.js'
import type { Environment } from '../env.js'
import type { Viewer } from '../features/account/viewer.js'
import { guardOperation } from '../graphql-guard.js'
import type { CostLimits, LimitHeaders } from './cost-limits.js'

export interface GuardParts {
  readonly schema: GraphQLSchema
  readonly introspection: Environment['introspection']
  readonly costs: CostLimits
}

/** Seconds of operations that wait for something on purpose. */
const patience = 35

export function guardPlugin({
  schema,
  introspection,
  costs,
}: GuardParts): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => {
      let headers: LimitHeaders | null = null
      return {
        didResolveOperation: async ({ document, operationName, request, contextValue }) => {
          if (asksSchema(document)) requireIntrospection(contextValue.viewer, introspection)
          const { variables } = request
          const cost = guardOperation({ schema, document, operationName, variables })
          if (waits(document, operationName)) contextValue.allowSeconds(patience)
          headers = await costs.spend(contextValue, cost)
        },
        willSendResponse: async ({ response, contextValue }) => {
          headers ??= await costs.left(contextValue)
          for (const [name, value] of Object.entries(headers))
            if (!response.http.headers.has(name)) response.http.headers.set(name, value)
        },
      }
    },
  }
}

/** Names of the schema are no secret where everyone may ask for it. */
export const hidesSchema = ({ introspection, accountSettings }: Environment): boolean =>
  introspection === 'off' || (introspection === 'people' && !accountSettings.singleUser)

/** Of documents that are kept to be asked again, which they mostly are. */
const knownToAsk = new WeakMap<DocumentNode, boolean>()

function asksSchema(document: DocumentNode): boolean {
  const known = knownToAsk.get(document)
  if (known !== undefined) return known
  let asks = false
  visit(document, {
    Field: ({ name }) => {
      asks ||= name.value === '__schema' || name.value === '__type'
    },
  })
  knownToAsk.set(document, asks)
  return asks
}

/** Whether every root field is one of a long poll. */
function waits(document: DocumentNode, operationName: string | null | undefined): boolean {
  const fields = getOperationAST(document, operationName)?.selectionSet.selections ?? []
  return fields.every((one) => one.kind === Kind.FIELD && one.name.value.startsWith('await'))
}

/** @throws GraphQLError INTROSPECTION_OFF */
function requireIntrospection(viewer: Viewer, mode: Environment['introspection']): void {
  const allowed = mode === 'on' || viewer.via === 'api-key' || viewer.via === 'single-user'
  if (allowed || (mode === 'people' && isSignedIn(viewer))) return
  throw new GraphQLError(
    'This server describes its schema only to API keys and people with an account.',
    {
      extensions: { code: 'INTROSPECTION_OFF', http: { status: 400 } },
    },
  )
}
