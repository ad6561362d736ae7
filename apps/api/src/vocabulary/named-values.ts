// One table gives an enum its names in GraphQL and PostgreSQL, the engine's word for each, and its description.
import { registerEnumType } from 'type-graphql'

export interface NamedValue<EngineName extends string = string> {
  readonly engine: EngineName
  readonly description: string
}

export interface NamedValues<Key extends string, EngineName extends string> {
  /** `{ MLP_DOWN: 'MLP_DOWN', ... }`: what type-graphql and Prisma call the enum object. */
  readonly values: Readonly<Record<Key, Key>>
  readonly keys: readonly Key[]
  toEngine(key: Key): EngineName
  fromEngine(name: string): Key
}

/** Builds both directions of a name table; a name without a row fails by name. */
export function defineNamedValues<Key extends string, EngineName extends string>(
  enumName: string,
  description: string,
  table: Readonly<Record<Key, NamedValue<EngineName>>>,
): NamedValues<Key, EngineName> {
  const keys = Object.keys(table) as Key[]
  const values = Object.fromEntries(keys.map((key) => [key, key])) as Record<Key, Key>
  const byEngineName = new Map<string, Key>(keys.map((key) => [table[key].engine, key]))
  registerEnumType(values, {
    name: enumName,
    description,
    valuesConfig: Object.fromEntries(
      keys.map((key) => [key, { description: table[key].description }]),
    ) as Record<Key, { description: string }>,
  })
  return {
    values,
    keys,
    toEngine: (key) => table[key].engine,
    fromEngine: (name) => {
      const key = byEngineName.get(name)
      if (key === undefined) throw new Error(`${enumName} has no row for "${name}"`)
      return key
    },
  }
}
