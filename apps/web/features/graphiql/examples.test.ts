import { existsSync, readFileSync } from 'node:fs'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { EXAMPLES } from './examples'

const schemaFile = new URL('../../../api/schema.graphql', import.meta.url)

describe('the examples', () => {
  it('are ten, with names of their own', () => {
    expect(new Set(EXAMPLES.map((example) => example.title)).size).toBe(10)
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
