// A field of the schema -> an operation that asks it, with well-formed values for everything it requires.
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import type { GraphQLField, GraphQLInputType, GraphQLOutputType, GraphQLSchema } from 'graphql'

export type RootKind = 'Query' | 'Mutation' | 'Subscription'
type RootField = GraphQLField<unknown, unknown>

export const rootTypeOf = (schema: GraphQLSchema, kind: RootKind) =>
  ({
    Query: schema.getQueryType(),
    Mutation: schema.getMutationType(),
    Subscription: schema.getSubscriptionType(),
  })[kind]

export const rootFieldsOf = (schema: GraphQLSchema, kind: RootKind): RootField[] =>
  Object.values(rootTypeOf(schema, kind)?.getFields() ?? {})

/** What goes where an id is asked for; `place` is such as `input.modelId`. */
export type IdAt = (place: string) => unknown

const plain: Readonly<Record<string, unknown>> = {
  ...{ String: 'x', Int: 1, Float: 0.5, Boolean: true, DateTime: '2026-01-01T00:00:00.000Z' },
  ...{ EditMethodName: 'rome', ProtocolName: 'zsre', JSON: {} },
}

/** @param all also what may be left out, one level deep, when it is an id */
export function valueFor(type: GraphQLInputType, idAt: IdAt, place: string): unknown {
  const bare = getNullableType(type)
  if (isListType(bare)) return [valueFor(bare.ofType, idAt, place)]
  if (isEnumType(bare)) return bare.getValues()[0]?.name
  if (isInputObjectType(bare)) {
    const wanted = Object.values(bare.getFields()).filter(
      (field) => isNonNullType(field.type) || getNamedType(field.type).name === 'ID',
    )
    return Object.fromEntries(
      wanted.map((field) => [field.name, valueFor(field.type, idAt, `${place}.${field.name}`)]),
    )
  }
  const { name } = getNamedType(bare)
  return name === 'ID' ? idAt(place) : plain[name]
}

/** Leaves of a type, and those of its objects so many levels down. */
export function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const picked = Object.values(named.getFields()).flatMap((field) => {
    if (field.args.some((arg) => isNonNullType(arg.type))) return []
    if (isLeafType(getNamedType(field.type))) return [field.name]
    const inner = depth > 0 ? selectionOf(field.type, depth - 1) : ''
    return inner === '' ? [] : [`${field.name} ${inner}`]
  })
  return `{ ${['__typename', ...picked].join(' ')} }`
}

/** The operation as text and its variables. */
export function operationFor(kind: RootKind, field: RootField, idAt: IdAt, depth = 1) {
  const asked = field.args.filter((arg) => isNonNullType(arg.type) || hasId(arg.type))
  const variables = Object.fromEntries(
    asked.map((arg) => [arg.name, valueFor(arg.type, idAt, arg.name)]),
  )
  const declared = asked.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
  const passed = asked.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
  const head = `${kind.toLowerCase()}${declared && `(${declared})`}`
  const query = `${head} { ${field.name}${passed && `(${passed})`} ${selectionOf(field.type, depth)} }`
  return { query, variables }
}

/** Whether an argument can name something by id. */
export function hasId(type: GraphQLInputType, seen: readonly string[] = []): boolean {
  const named = getNamedType(type)
  if (named.name === 'ID') return true
  if (!isInputObjectType(named) || seen.includes(named.name)) return false
  return Object.values(named.getFields()).some((field) => hasId(field.type, [...seen, named.name]))
}
