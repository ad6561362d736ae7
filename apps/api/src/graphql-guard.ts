// The one guard of both transports: what a document may cost is checked before anything of it is executed.
import { createRequire } from 'node:module'
import {
  GraphQLError,
  Kind,
  Source,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
} from 'graphql'
import type {
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from 'graphql'

// Its ES build loads a second copy of graphql, whose types this schema's are not instances of.
const { fieldExtensionsEstimator, getComplexity, simpleEstimator } = createRequire(import.meta.url)(
  'graphql-query-complexity',
) as typeof import('graphql-query-complexity')

export const guardLimits = {
  tokens: 2_000,
  depth: 10,
  fields: 2_000,
  aliases: 30,
  directives: 20,
  complexity: 10_000,
} as const

const refusal = (message: string, code: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status: 400 } } })

/** Parses with a limit on tokens, so that a huge document costs no more than a small one. */
export function parseGuarded(query: string): DocumentNode {
  return parse(new Source(query), { maxTokens: guardLimits.tokens })
}

interface Walk {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly entered: Set<string>
  fields: number
  aliases: number
  directives: number
}

function walk(selections: SelectionSetNode | undefined, depth: number, state: Walk): void {
  for (const selection of selections?.selections ?? []) {
    state.directives += selection.directives?.length ?? 0
    if (state.directives > guardLimits.directives)
      throw refusal('The operation has too many directives.', 'TOO_MANY_DIRECTIVES')
    if (state.fields > guardLimits.fields)
      throw refusal('The operation selects too many fields.', 'TOO_MANY_FIELDS')
    if (selection.kind === Kind.FRAGMENT_SPREAD) walkFragment(selection.name.value, depth, state)
    else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, depth, state)
    else {
      state.fields += 1
      if (selection.alias !== undefined) state.aliases += 1
      if (depth > guardLimits.depth)
        throw refusal(`The operation is deeper than ${guardLimits.depth} levels.`, 'TOO_DEEP')
      if (state.aliases > guardLimits.aliases)
        throw refusal('The operation has too many aliases.', 'TOO_MANY_ALIASES')
      walk(selection.selectionSet, depth + 1, state)
    }
  }
}

function walkFragment(name: string, depth: number, state: Walk): void {
  const fragment = state.fragments.get(name)
  if (fragment === undefined || state.entered.has(name)) return
  state.fields += 1
  state.entered.add(name)
  walk(fragment.selectionSet, depth, state)
  state.entered.delete(name)
}

/** The schema describes itself deeper than any data goes; graphql-js limits that itself (MaxIntrospectionDepthRule). */
function isIntrospection(
  document: DocumentNode,
  operationName: string | null | undefined,
): boolean {
  const selections = getOperationAST(document, operationName)?.selectionSet.selections ?? []
  return (
    selections.length > 0 &&
    selections.every((one) => one.kind === Kind.FIELD && one.name.value.startsWith('__'))
  )
}

export interface GuardedOperation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operationName?: string | null | undefined
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined
}

/** What documents cost that are asked again and again, by operation and variables. */
const knownCosts = new WeakMap<DocumentNode, Map<string, number>>()
/** Per document: as many costs, of variables of at most so many characters. */
const [mostKnown, longestKnown] = [50, 1_000] as const

/**
 * What the operation costs with these variables.
 * @throws GraphQLError when it is too deep, too wide or too costly
 */
export function guardOperation(guarded: GuardedOperation): number {
  const { document, operationName, variables } = guarded
  const key = JSON.stringify([operationName ?? null, variables ?? null])
  const known = knownCosts.get(document) ?? new Map<string, number>()
  knownCosts.set(document, known)
  const found = known.get(key)
  if (found !== undefined) return found
  const cost = costOf(guarded)
  if (known.size < mostKnown && key.length <= longestKnown) known.set(key, cost)
  return cost
}

function costOf({ schema, document, operationName, variables }: GuardedOperation): number {
  const operation = getOperationAST(document, operationName)
  if (operation === null || operation === undefined || isIntrospection(document, operationName))
    return 1
  const fragments = new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  )
  requireVariables(schema, operation, variables)
  walk(operation.selectionSet, 1, {
    fragments,
    entered: new Set(),
    ...{ fields: 0, aliases: 0, directives: 0 },
  })
  const cost = getComplexity({
    schema,
    query: document,
    ...(operationName ? { operationName } : {}),
    variables: { ...variables },
    estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
  })
  if (cost <= guardLimits.complexity) return cost
  throw refusal(
    `The operation costs ${cost}; at most ${guardLimits.complexity} is allowed. Ask for smaller pages.`,
    'TOO_COSTLY',
  )
}

/** Counting the cost needs the variables' values; wrong ones are the asker's mistake. @throws GraphQLError BAD_USER_INPUT */
function requireVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: GuardedOperation['variables'],
): void {
  const declared = operation.variableDefinitions ?? []
  const { errors } = getVariableValues(schema, declared, { ...variables }, { maxErrors: 10 })
  if (errors?.[0]) throw refusal(errors[0].message.slice(0, 2_000), 'BAD_USER_INPUT')
}

export interface GuardedSubscription {
  readonly document: DocumentNode
  readonly cost: number
}

/** For the WebSocket: parse, validate and guard a subscription; queries and mutations belong to HTTP. */
export function guardSubscription(
  schema: GraphQLSchema,
  payload: {
    readonly query: string
    readonly operationName?: string | null | undefined
    readonly variables?: Readonly<Record<string, unknown>> | null | undefined
  },
  hideSchema = false,
): readonly GraphQLError[] | GuardedSubscription {
  try {
    const { operationName, variables } = payload
    const document = parseGuarded(payload.query)
    if (getOperationAST(document, operationName)?.operation !== 'subscription')
      return [
        refusal(
          'Only subscriptions are served over the WebSocket; send queries and mutations by HTTP.',
          'NOT_A_SUBSCRIPTION',
        ),
      ]
    const cost = guardOperation({ schema, document, operationName, variables })
    const errors = validate(schema, document)
    if (errors.length === 0) return { document, cost }
    return hideSchema ? errors.map(withoutSuggestions) : errors
  } catch (error) {
    if (error instanceof GraphQLError) return [error]
    throw error
  }
}

/** As Apollo does over HTTP: a typing mistake does not tell what there is. */
function withoutSuggestions(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message.replace(/ Did you mean .+?\?$/, ''), {
    nodes: error.nodes ?? null,
  })
}
