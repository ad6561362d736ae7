import { getNamedType, isInputObjectType, isObjectType } from 'graphql'
import type { GraphQLInputType, GraphQLResolveInfo } from 'graphql'
import { expect, it } from 'vitest'
import type { Viewer } from '../features/account/viewer.js'
import { importName } from '../features/request-names.js'
import { buildImprintSchema } from '../schema.js'
import { namesOf } from './refuse-names.js'

const name = 'clientMutationId'
const mutations = Object.values(buildImprintSchema().getMutationType()?.getFields() ?? {})

/** Paths to the names that an argument or a field of this type may have. */
function pathsOf(type: GraphQLInputType, path: string[], seen: readonly string[] = []): string[][] {
  const bare = getNamedType(type)
  if (path.at(-1) === name) return [path]
  if (!isInputObjectType(bare) || seen.includes(bare.name)) return []
  return Object.values(bare.getFields()).flatMap((field) =>
    pathsOf(field.type, [...path, field.name], [...seen, bare.name]),
  )
}

const named = mutations.flatMap((field) =>
  field.args
    .flatMap((argument) => pathsOf(argument.type, [argument.name]))
    .map((path) => [field.name, path, field] as const),
)

it('mutations that take a name are many', () => {
  expect(named.length).toBeGreaterThan(10)
  expect(named.map(([operation]) => operation)).toEqual(
    expect.arrayContaining(['createLensRun', 'createEdit', 'startEvaluation']),
  )
})

it.each(named)('%s takes no name of an import', async (_operation, path, field) => {
  const values = path.reduceRight<unknown>(
    (inner, key) => ({ [key]: inner }),
    importName('d'.repeat(64)),
  ) as Record<string, unknown>
  expect(namesOf(values)).toHaveLength(1)
  const payload = getNamedType(field.type)
  expect(isObjectType(payload) && Object.keys(payload.getFields())).toContain('errors')
  const viewer = { role: 'admin', via: 'session', scopes: null, writes: { recorded: 0 } }
  const context = { viewer: viewer as unknown as Viewer, services: {} }
  const answer: unknown = await field.resolve?.({}, values, context, {
    operation: { operation: 'mutation' },
  } as GraphQLResolveInfo)
  expect(answer).toEqual({
    errors: [expect.objectContaining({ code: 'BAD_ARGUMENT', field: name })],
  })
})
