// Every argument of every operation with values nobody means: refused or taken as data, never a fault of the server.
import { getNamedType, getNullableType, isEnumType, isInputObjectType, isListType } from 'graphql'
import type { GraphQLInputType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nobody } from '../features/account/viewer.js'
import { buildImprintSchema } from '../schema.js'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { askWith, setUpOwner } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { fillProject } from './testing/fill-project.js'
import type { OwnIds } from './testing/fill-project.js'
import { rootFieldsOf, selectionOf, valueFor } from './testing/schema-values.js'

const schema = buildImprintSchema()
/** Entering and leaving would end what the others ask with; what awaits does so for seconds. */
const apart = ['signOut', 'removeMember', 'awaitEvaluation', 'awaitLensRun', 'deleteProject']

let api: TestApi
let owner: TestPerson
let ids: OwnIds
beforeAll(async () => {
  api = await startTestApi({
    singleUser: false,
    variables: { IMPRINT_COST_PER_MINUTE: '100000000' },
  })
  owner = await setUpOwner(api)
  ids = await fillProject(api, owner, 'quetzalcoatl')
})
afterAll(() => api.stop())

/** All of them take minutes; `npm run test:security` does. */
const thorough = process.env['IMPRINT_SLOW_CHECKS'] === '1'
const some = <Value>(all: readonly Value[], few: number): readonly Value[] =>
  thorough ? all : all.slice(0, few)
const texts = some(
  ['a\u0000b', '', '\ud800 ', 'x'.repeat(100_000), '../../etc/passwd%00', "'; --"],
  2,
)
const hostile: Readonly<Record<string, readonly unknown[]>> = {
  String: texts,
  ID: texts,
  Int: some([2 ** 31 - 1, -1, -(2 ** 31)], 2),
  Float: some([-1e308, 1e308, 5e-324], 1),
  DateTime: ['0000-01-01T00:00:00Z', '275760-09-13T00:00:00Z', 'x'],
  JSON: [{ ['__proto__']: { polluted: 1 } }, deep(2_000), 'x'.repeat(50_000), [null]],
}

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = { a: value }
  return value
}

type Path = readonly (string | number)[]

/** Where a leaf is, and what to put there. */
function* places(
  type: GraphQLInputType,
  path: Path,
  seen: readonly string[] = [],
): Generator<[Path, unknown]> {
  const bare = getNullableType(type)
  if (isListType(bare)) {
    if (thorough) yield [path, []]
    yield [path, Array.from({ length: 2_000 }, () => valueFor(bare.ofType, idFor, ''))]
    yield* places(bare.ofType, [...path, 0], seen)
  } else if (isInputObjectType(bare)) {
    if (seen.includes(bare.name)) return
    if (thorough) yield [[...path, 'notThere'], 1]
    for (const field of Object.values(bare.getFields()))
      yield* places(field.type, [...path, field.name], [...seen, bare.name])
  } else if (!isEnumType(bare))
    for (const value of hostile[getNamedType(bare).name] ?? texts) yield [path, value]
}

let operation = ''
/** One of our own ids, guessed by the names of the place and of the operation. */
function idFor(place: string): string {
  const names = Object.keys(ids ?? {}).sort((a, b) => b.length - a.length)
  const word = (text: string) =>
    names.find((name) => text.toLowerCase().includes(name.toLowerCase()))
  const found = word(place.split('.').at(-1) ?? '') ?? word(operation)
  return found === undefined ? nobody : (ids[found] as string)
}

/** A copy in which `value` stands at `path`. */
function put(target: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  const inner = (target as Record<string, unknown> | undefined)?.[key]
  const next = put(inner, rest, value)
  if (typeof key === 'number') return [next]
  return { ...(target as object), [key]: next }
}

describe.each(['Query', 'Mutation'] as const)('%s', (kind) => {
  const fields = rootFieldsOf(schema, kind).filter(
    ({ name, args }) => args.length > 0 && !apart.includes(name),
  )
  it.each(fields.map((field) => [field.name, field] as const))('%s', async (name, field) => {
    operation = name
    const plain = Object.fromEntries(
      field.args.map((arg) => [arg.name, valueFor(arg.type, idFor, arg.name)]),
    )
    const declared = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ')
    const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`).join(', ')
    const query = `${kind.toLowerCase()}(${declared}) { ${name}(${passed}) ${selectionOf(field.type, 0)} }`
    const faults: string[] = []
    for (const arg of field.args)
      for (const [path, value] of places(arg.type, [arg.name])) {
        const { status, body } = await askWith(
          api,
          { cookie: owner.cookies },
          query,
          put(plain, path, value) as object,
        )
        const code = body.errors?.[0]?.extensions?.['code']
        const told = JSON.stringify(body)
        if (
          status >= 500 ||
          code === 'INTERNAL_SERVER_ERROR' ||
          /node_modules|prisma|\.js:\d/i.test(told)
        )
          faults.push(
            `${path.join('.')} = ${JSON.stringify(value).slice(0, 60)}: ${status} ${told.slice(0, 300)}`,
          )
        if (told.length > 200_000)
          faults.push(`${path.join('.')}: an answer of ${told.length} characters`)
      }
    expect(faults).toEqual([])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
