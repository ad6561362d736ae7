// apps/api/schema.graphql + operations/*.graphql -> src/generated/graphql.ts: types, and each operation as text.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { codegen } from '@graphql-codegen/core'
import { preset } from '@graphql-codegen/client-preset'
import { parse, print, stripIgnoredCharacters, visit } from 'graphql'

const at = (name) => fileURLToPath(new URL(name, import.meta.url))
const schemaFile = process.env.IMPRINT_SCHEMA ?? at('../../apps/api/schema.graphql')
const names = (await readdir(at('operations'))).filter((name) => name.endsWith('.graphql')).sort()
const documents = await Promise.all(
  names.map(async (name) => {
    const rawSDL = await readFile(at(`operations/${name}`), 'utf8')
    return { location: name, rawSDL, document: parse(rawSDL) }
  }),
)
const [section] = (
  await preset.buildGeneratesSection({
    baseOutputDir: at('src/generated/'),
    schema: parse(await readFile(schemaFile, 'utf8')),
    documents,
    config: {
      useTypeImports: true,
      enumsAsTypes: true,
      documentMode: 'string',
      strictScalars: true,
      scalars: {
        DateTime: 'string',
        EditMethodName: 'string',
        JSON: 'unknown',
        ProtocolName: 'string',
      },
    },
    presetConfig: { fragmentMasking: false },
    plugins: [],
    pluginMap: {},
  })
).filter(({ filename }) => filename.endsWith('graphql.ts'))

const definitions = documents.flatMap(({ document }) => document.definitions)
const fragments = new Map(
  definitions
    .filter(({ kind }) => kind === 'FragmentDefinition')
    .map((fragment) => [fragment.name.value, fragment]),
)

function fragmentsOf(node, found = new Set()) {
  visit(node, {
    FragmentSpread: ({ name }) => {
      const fragment = fragments.get(name.value)
      if (found.has(fragment)) return
      found.add(fragment)
      fragmentsOf(fragment, found)
    },
  })
  return found
}

/** `export const XDocument`: text that carries its types. */
function documentConstant(operation) {
  const name = operation.name.value
  const type = name + operation.operation[0].toUpperCase() + operation.operation.slice(1)
  const text = [operation, ...fragmentsOf(operation)].map(print).join('\n')
  const source = JSON.stringify(stripIgnoredCharacters(text))
  return `export const ${name}Document = ${source} as TypedText<${type}, ${type}Variables>`
}

const made = await codegen({ ...section, cache: undefined })
const types = made
  .slice(0, made.indexOf('export class TypedDocumentString'))
  .replace(/^import .*DocumentTypeDecoration.*$/m, '')
const operations = definitions.filter(({ kind }) => kind === 'OperationDefinition')
await mkdir(at('src/generated'), { recursive: true })
await writeFile(
  at('src/generated/graphql.ts'),
  [
    "import type { TypedText } from '../typed-text.js'",
    types,
    ...operations.map(documentConstant),
    '',
  ].join('\n'),
)
