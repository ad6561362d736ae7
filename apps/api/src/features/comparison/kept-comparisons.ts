// Answers about finished comparisons, kept as they were resolved: a table of 25 methods has tens of thousands of fields, and
// resolving them costs more than everything else.
import { createHash } from 'node:crypto'
import type { ApolloServerPlugin, GraphQLRequestContextResponseForOperation } from '@apollo/server'
import { getArgumentValues, getVariableValues, Kind } from 'graphql'
import type { FieldNode, OperationDefinitionNode } from 'graphql'
import { mayAsk } from '../../access/authorize.js'
import type { RequestContext } from '../../context.js'
import { RecentlyUsed } from '../../statistics/recently-used.js'
import type { ComparisonInput } from './comparison.input.js'

type Asked = GraphQLRequestContextResponseForOperation<RequestContext>
type Data = Record<string, unknown>

/** Characters of answers that are kept in all. */
const capacity = 30_000_000

/**
 * Serves an operation that asks for one comparison and nothing else from memory, as long as nothing changed of what it shows:
 * its evaluations with their names and arms, and their rows. Who asks is checked as the resolver's guard does, links included.
 */
export function keepComparisons(): ApolloServerPlugin<RequestContext> {
  const kept = new RecentlyUsed<Data>(capacity)
  return {
    requestDidStart: async () => {
      let before: State | null = null
      return {
        responseForOperation: async (asked) => {
          before = await stateOf(asked)
          const data = before?.counted ? kept.get(before.key) : undefined
          if (data === undefined) return null
          before = null
          const { http } = asked.response
          return { http, body: { kind: 'single', singleResult: { data } } }
        },
        willSendResponse: async (asked) => {
          const { body } = asked.response
          if (before === null || !before.whole || body.kind !== 'single') return
          const { data, errors } = body.singleResult
          if (!data || errors) return
          const after = await stateOf(asked as Asked)
          // What changed meanwhile is not kept.
          if (after?.counted && after.key === before.key)
            kept.set(after.key, data, JSON.stringify(data).length)
        },
      }
    },
  }
}

interface State {
  readonly key: string
  readonly counted: boolean
  /** Whether the operation is answered with the whole: a first answer may go out when the whole one has just been counted. */
  readonly whole: boolean
}

/** Null where the answer may not be kept. */
async function stateOf(asked: Asked): Promise<State | null> {
  const { source, request, contextValue } = asked
  const { viewer, services } = contextValue
  const field = onlyComparison(asked.operation)
  const values = field === null ? null : argumentsOf(asked, field)
  if (values === null || !mayAsk(viewer, 'Query.comparison', { ...values })) return null
  const { input, quick } = values
  // What is wrong with it is told by the operation itself, which is then resolved as any other.
  const state = await services.comparisons.stateOf(viewer, input).catch(() => null)
  if (state === null) return null
  const parts = [viewer.projectId, source, request.operationName, request.variables, state.text]
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return { key, counted: state.counted, whole: state.counted || quick !== true }
}

/** The field of an operation that asks for one comparison and nothing else. */
function onlyComparison({ selectionSet }: OperationDefinitionNode): FieldNode | null {
  const [only, ...others] = selectionSet.selections
  if (only?.kind !== Kind.FIELD || others.length > 0 || only.name.value !== 'comparison')
    return null
  return only.directives?.length ? null : only
}

interface ComparisonArguments {
  readonly input: ComparisonInput
  readonly quick?: boolean | null
}

/** As the resolver gets them: a link is checked against what is answered. Null where they do not fit the schema. */
function argumentsOf(
  { schema, request, operation }: Asked,
  field: FieldNode,
): ComparisonArguments | null {
  const definition = schema.getQueryType()?.getFields()['comparison']
  if (definition === undefined) throw new Error('the schema has no comparison')
  const declared = operation.variableDefinitions ?? []
  const { coerced } = getVariableValues(schema, declared, { ...request.variables })
  if (coerced === undefined) return null
  return getArgumentValues(definition, field, coerced) as unknown as ComparisonArguments
}
