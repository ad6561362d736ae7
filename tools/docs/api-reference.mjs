#!/usr/bin/env node
// apps/api/schema.graphql -> docs/api-reference.md: `npm run docs:api`; with --check only says whether it is current.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildSchema, isEnumType, isInputObjectType, isObjectType, isScalarType } from 'graphql'

const at = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url))
export const referenceFile = at('docs/api-reference.md')

/** Text in a cell of a table, on one line. */
const cell = (text) =>
  (text ?? '').replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;').trim()
const argument = ({ name, type }) => `${name}: ${type}`

function fieldRow({ name, args = [], type, description, deprecationReason }) {
  const shown = args.length === 0 ? name : `${name}(${args.map(argument).join(', ')})`
  const note = deprecationReason ? ` Deprecated: ${deprecationReason}` : ''
  return `| \`${shown}\` | \`${type}\` | ${cell(description)}${cell(note)} |`
}

const table = (fields) =>
  ['| field | type | meaning |', '| --- | --- | --- |', ...fields.map(fieldRow)].join('\n')

const section = ({ name, description }, body) =>
  `### ${name}\n\n${description ? `${cell(description)}\n\n` : ''}${body}\n`

const enumTable = (type) =>
  [
    '| value | meaning |',
    '| --- | --- |',
    ...type.getValues().map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`),
  ].join('\n')

export function referenceOf(sdl) {
  const schema = buildSchema(sdl)
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  const types = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !roots.includes(type))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const fieldsOf = (type) => Object.values(type.getFields())
  const part = (title, test, body) => {
    const found = types.filter(
      (type) => test(type) && !['String', 'Int', 'Float', 'Boolean', 'ID'].includes(type.name),
    )
    return `## ${title}\n\n${found.map((type) => section(type, body(type))).join('\n')}`
  }
  return [
    '<!-- Made from apps/api/schema.graphql by `npm run docs:api`. Do not edit. -->\n',
    '# API reference\n',
    'Every operation and type of the GraphQL schema. How to use them, by task: [api.md](api.md).\n',
    ...roots.map((type) => `## ${type.name}\n\n${table(fieldsOf(type))}\n`),
    part('Types', isObjectType, (type) => table(fieldsOf(type))),
    part('Inputs', isInputObjectType, (type) => table(fieldsOf(type))),
    part('Enums', isEnumType, enumTable),
    part('Scalars', isScalarType, () => ''),
  ].join('\n')
}

/** The page as it should be. */
export const currentReference = () =>
  referenceOf(readFileSync(at('apps/api/schema.graphql'), 'utf8'))

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = currentReference()
  if (!process.argv.includes('--check')) writeFileSync(referenceFile, text)
  else if (readFileSync(referenceFile, 'utf8') !== text) {
    console.error('docs/api-reference.md is not that of the schema. Run: npm run docs:api')
    process.exitCode = 1
  }
}
