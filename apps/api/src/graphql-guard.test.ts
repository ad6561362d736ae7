import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { guardLimits, guardOperation, guardSubscription, parseGuarded } from './graphql-guard.js'
import { buildImprintSchema } from './schema.js'

const schema = buildImprintSchema()

function codeOf(query: string, variables: Record<string, unknown> = {}): unknown {
  try {
    guardOperation({ schema, document: parseGuarded(query), variables })
    return null
  } catch (error) {
    return error instanceof GraphQLError ? (error.extensions['code'] ?? 'SYNTAX') : error
  }
}

/** `prompts { edges { node { lastRun { prompt { lastRun ... id } } } } }`, so many levels deep. */
function nested(levels: number): string {
  const middle = Array.from({ length: levels - 4 }, (_, index) =>
    index % 2 === 0 ? 'lastRun' : 'prompt',
  )
  return `{ prompts { edges { node { ${middle.map((name) => `${name} {`).join(' ')} id ${'}'.repeat(middle.length)} } } } }`
}

describe('the guard', () => {
  it('lets ten levels pass and refuses eleven, also through fragments', () => {
    expect(codeOf(nested(10))).toBeNull()
    expect(codeOf(nested(11))).toBe('TOO_DEEP')
    const deep = `fragment F on LensRun { prompt { lastRun { prompt { lastRun { prompt { id } } } } } }
      { shallow: lensRun(id: "x") { ...F } prompts { edges { node { lastRun { ...F } lastRun { prompt { lastRun { ...F } } } } } } }`
    expect(codeOf(deep)).toBe('TOO_DEEP')
    expect(codeOf(`fragment __schema on Query ${nested(11)} { ...__schema }`)).toBe('TOO_DEEP')
  })

  it('counts what a page costs with the variables it is sent with', () => {
    const query =
      'query($n: Int) { lensRuns(first: $n) { edges { node { id grid(matrix: MLP_UP) { norm } } } } }'
    expect(codeOf(query, { n: 2 })).toBeNull()
    expect(codeOf(query, { n: 100 })).toBe('TOO_COSTLY')
    expect(codeOf(query, { n: 1e6 })).toBe('TOO_COSTLY')
    expect(codeOf('{ lensRuns(first: 100) { edges { node { id name state } } } }')).toBeNull()
  })

  it('counts one document anew for other variables and operations, and refuses it again each time', () => {
    const document = parseGuarded(
      'query A($n: Int) { lensRuns(first: $n) { edges { node { id grid(matrix: MLP_UP) { norm } } } } } query B { server { ready } }',
    )
    const cost = (operationName: string, n?: unknown) =>
      guardOperation({ schema, document, operationName, variables: n === undefined ? null : { n } })
    expect(cost('A', 4)).toBe(cost('A', 4))
    expect(cost('A', 4)).toBeGreaterThan(cost('A', 2))
    expect(cost('B')).toBeLessThan(cost('A', 1))
    for (let time = 0; time < 2; time++) {
      expect(() => cost('A', 1e6)).toThrow('Ask for smaller pages')
      expect(() => cost('A', 'many')).toThrow('Int cannot represent')
    }
  })

  it('refuses many aliases, also inside repeated fragments', () => {
    const aliases = (count: number) =>
      Array.from({ length: count }, (_, index) => `a${index}: server { ready }`).join(' ')
    expect(codeOf(`{ ${aliases(30)} }`)).toBeNull()
    expect(codeOf(`{ ${aliases(31)} }`)).toBe('TOO_MANY_ALIASES')
    expect(codeOf(`fragment F on Query { ${aliases(16)} } { ...F ...F }`)).toBe('TOO_MANY_ALIASES')
  })

  it('refuses fragments that double, and documents of too many tokens, in no time', () => {
    const levels = Array.from(
      { length: 25 },
      (_, index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`,
    )
    const started = performance.now()
    expect(
      codeOf(`${levels.join('\n')} fragment F25 on Query { server { ready } } { ...F0 }`),
    ).toBe('TOO_MANY_FIELDS')
    expect(codeOf(`{ ${'server { ready } '.repeat(guardLimits.tokens / 4)} x }`)).toBe('SYNTAX')
    expect(performance.now() - started).toBeLessThan(500)
  })

  it('refuses fragments that contain themselves without a loop of its own', () => {
    expect(codeOf('fragment F on Query { ...F server { ready } } { ...F }')).not.toBeInstanceOf(
      RangeError,
    )
  })

  it('lets the schema describe itself', () => {
    const types =
      '{ __schema { types { fields { type { ofType { ofType { ofType { ofType { ofType { ofType { name } } } } } } } } } } }'
    expect(codeOf(types)).toBeNull()
  })

  it('lets only subscriptions onto the WebSocket', () => {
    const codes = (query: string) => {
      const guarded = guardSubscription(schema, { query })
      return 'length' in guarded
        ? guarded.map((error) => error.extensions['code'] ?? 'INVALID')
        : null
    }
    expect(codes('{ server { ready } }')).toEqual(['NOT_A_SUBSCRIPTION'])
    expect(codes('mutation { deletePrompt(id: "x") { deletedId } }')).toEqual([
      'NOT_A_SUBSCRIPTION',
    ])
    expect(codes('subscription { lensRunProgress(runId: "x") { nothing } }')).toEqual(['INVALID'])
    expect(codes('subscription { lensRunProgress(runId: "x") { state } }')).toBeNull()
    expect(codes('subscription {')).toEqual(['INVALID'])
  })
})
