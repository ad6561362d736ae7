// schema.graphql + every *.graphql under features/ and graphql/ -> typed documents in graphql/generated, which graphql.ts there exports.
// Documents are sent as text: a page then carries a third of the bytes that their syntax trees would take.
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codegen } from '@graphql-codegen/core'
import { preset } from '@graphql-codegen/client-preset'
import { parse, print, stripIgnoredCharacters, visit } from 'graphql'

const here = dirname(fileURLToPath(import.meta.url))
const schemaFile = process.env.IMPRINT_SCHEMA ?? join(here, '../api/schema.graphql')
const output = join(here, 'graphql/generated/')

if (!existsSync(schemaFile)) {
  console.error(
    `No schema at ${schemaFile}. Emit it with the API's build, or set IMPRINT_SCHEMA to a schema file.`,
  )
  process.exit(1)
}

async function findDocuments(folder) {
  const entries = await readdir(join(here, folder), { recursive: true })
  const files = entries.filter((name) => name.endsWith('.graphql')).sort()
  return Promise.all(
    files.map(async (name) => {
      const location = join(here, folder, name)
      const rawSDL = await readFile(location, 'utf8')
      return { location: relative(here, location), rawSDL, document: parse(rawSDL) }
    }),
  )
}

const documents = (await Promise.all(['features', 'graphql'].map(findDocuments))).flat()
const schema = parse(await readFile(schemaFile, 'utf8'))
const sections = await preset.buildGeneratesSection({
  baseOutputDir: output,
  schema,
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

/** The names of the fragments that a part of a document spreads. */
function spreadsIn(node) {
  const names = []
  visit(node, { FragmentSpread: ({ name }) => void names.push(name.value) })
  return names
}

const definitions = documents.flatMap(({ document }) => document.definitions)
const fragments = new Map(
  definitions
    .filter(({ kind }) => kind === 'FragmentDefinition')
    .map((fragment) => [fragment.name.value, fragment]),
)

function withFragments(definition, found = new Set()) {
  for (const name of spreadsIn(definition)) {
    const fragment = fragments.get(name)
    if (!fragment) throw new Error(`No fragment is called ${name}.`)
    if (found.has(fragment)) continue
    found.add(fragment)
    withFragments(fragment, found)
  }
  return found
}

/** `export const XDocument`: text at run time, a typed document to the compiler. */
function documentConstant(operation) {
  const name = operation.name.value
  const kind = operation.operation[0].toUpperCase() + operation.operation.slice(1)
  const parts = [operation, ...withFragments(operation)].map(print).join('\n')
  const source = JSON.stringify(stripIgnoredCharacters(parts))
  return `export const ${name}Document = ${source} as unknown as TypedDocumentNode<${name}${kind}, ${name}${kind}Variables>`
}

const section = sections.find(({ filename }) => filename.endsWith('graphql.ts'))
const content = await codegen({ ...section, cache: undefined })
const types = content
  .slice(0, content.indexOf('export class TypedDocumentString'))
  .replace(/^import .*DocumentTypeDecoration.*$/m, '')
/** Each file of documents becomes a module of its own, so that a page carries those it asks and no others. */
async function writeDocuments({ location, document }) {
  const operations = document.definitions.filter(({ kind }) => kind === 'OperationDefinition')
  if (operations.length === 0) return null
  const file = location.replace(/\.graphql$/, '').replaceAll(/[^\w]+/g, '-')
  const constants = operations.map(documentConstant)
  const used = constants.flatMap((text) => text.match(/TypedDocumentNode<(.*)>$/)[1].split(', '))
  const header = `import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { ${used.join(', ')} } from '../types'
`
  await writeFile(join(output, 'documents', `${file}.ts`), [header, ...constants, ''].join('\n'))
  const names = operations.map(({ name }) => `${name.value}Document`)
  return `export { ${names.join(', ')} } from './documents/${file}'`
}

await rm(join(output, 'documents'), { recursive: true, force: true })
await mkdir(join(output, 'documents'), { recursive: true })
await writeFile(join(output, 'package.json'), '{ "sideEffects": false }\n')
await writeFile(join(output, 'types.ts'), types)
const exported = (await Promise.all(documents.map(writeDocuments))).filter(Boolean)
await writeFile(section.filename, ["export type * from './types'", ...exported, ''].join('\n'))
console.log(
  `Wrote ${relative(process.cwd(), section.filename)}: ${exported.length} modules of ${documents.length} documents.`,
)
