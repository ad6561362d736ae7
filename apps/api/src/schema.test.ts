import { readFileSync } from 'node:fs'
import {
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  parse,
  validate,
} from 'graphql'
import type { GraphQLField } from 'graphql'
import { describe, expect, it } from 'vitest'
import * as tableEnums from './database/generated/enums.js'
import { buildImprintSchema, printImprintSchema } from './schema.js'
import { editTaskKinds } from './vocabulary/edit-names.js'
import { batchStates, evaluationStates, resultKinds } from './vocabulary/evaluation-names.js'
import {
  importStages,
  importStates,
  lensKinds,
  matrixNames,
  providerChoices,
  runStages,
  runStates,
  targetModes,
} from './vocabulary/names.js'

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')
const schema = buildImprintSchema()

describe('the schema', () => {
  it('is the committed schema.graphql (else run: npm run build && npm run schema)', () => {
    expect(printImprintSchema()).toBe(read('schema.graphql'))
  })

  it('describes every type, field, argument and enum value', () => {
    const bare: string[] = []
    const check = (place: string, described: { description?: string | null | undefined }): void => {
      if (!described.description?.trim()) bare.push(place)
    }
    for (const type of Object.values(schema.getTypeMap())) {
      if (isIntrospectionType(type)) continue
      if (!['Query', 'Mutation', 'Subscription'].includes(type.name)) check(type.name, type)
      if (isEnumType(type))
        type.getValues().forEach((value) => check(`${type.name}.${value.name}`, value))
      if (!isObjectType(type) && !isInputObjectType(type)) continue
      for (const field of Object.values(type.getFields())) {
        check(`${type.name}.${field.name}`, field)
        const args = 'args' in field ? (field as GraphQLField<unknown, unknown>).args : []
        args.forEach((arg) => check(`${type.name}.${field.name}(${arg.name}:)`, arg))
      }
    }
    expect(bare).toEqual([])
  })

  it('has ten working examples', () => {
    const examples = parse(read('examples.graphql'))
    expect(examples.definitions.filter((one) => one.kind === 'OperationDefinition')).toHaveLength(
      10,
    )
    for (const definition of examples.definitions) {
      expect(validate(schema, { kind: examples.kind, definitions: [definition] })).toEqual([])
    }
  })
})

describe('enum names', () => {
  const tables = {
    MatrixName: matrixNames,
    LensKind: lensKinds,
    TargetMode: targetModes,
    ProviderChoice: providerChoices,
    RunState: runStates,
    RunStage: runStages,
    ImportState: importStates,
    ImportStage: importStages,
    EditTaskKind: editTaskKinds,
    EvaluationState: evaluationStates,
    BatchState: batchStates,
    ResultKind: resultKinds,
  }
  for (const [name, table] of Object.entries(tables)) {
    it(`${name} has the same values in GraphQL and in PostgreSQL, and every value an engine word`, () => {
      expect(Object.keys(tableEnums[name as keyof typeof tables])).toEqual(table.keys)
      for (const key of table.keys) expect(table.fromEngine(table.toEngine(key as never))).toBe(key)
    })
  }

  it('names an unknown word in its error', () => {
    expect(() => matrixNames.fromEngine('mlp.sideways')).toThrow(
      'MatrixName has no row for "mlp.sideways"',
    )
  })
})
