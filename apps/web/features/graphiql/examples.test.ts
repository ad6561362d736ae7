import { existsSync, readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { EXAMPLES } from './examples'
import { knownIdNames } from './fill-ids'

const schemaFile = new URL('../../../api/schema.graphql', import.meta.url)

describe('the examples', () => {
  it('have names of their own, and ids only that are filled in', () => {
    expect(new Set(EXAMPLES.map((example) => example.title)).size).toBe(EXAMPLES.length)
    const ids = EXAMPLES.flatMap(({ variables = '{}' }) =>
      Object.keys(JSON.parse(variables) as object),
    )
    expect([...new Set(ids)].sort()).toEqual([...knownIdNames].sort())
  })

  it.runIf(existsSync(schemaFile)).each(EXAMPLES)(
    '$title is valid for the schema',
    ({ query, variables }) => {
      const schema = buildSchema(readFileSync(schemaFile, 'utf8'))
      expect(validate(schema, parse(query)).map((error) => error.message)).toEqual([])
      expect(() => JSON.parse(variables ?? '{}') as unknown).not.toThrow()
    },
  )
})
