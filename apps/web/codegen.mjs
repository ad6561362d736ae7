// schema.graphql + every *.graphql under features/ and graphql/ -> typed documents in graphql/generated/.
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codegen } from '@graphql-codegen/core'
import { preset } from '@graphql-codegen/client-preset'
import { parse } from 'graphql'

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
    strictScalars: true,
    scalars: { DateTime: 'string', JSON: 'unknown' },
  },
  presetConfig: { fragmentMasking: false },
  plugins: [],
  pluginMap: {},
})

await mkdir(output, { recursive: true })
for (const section of sections) {
  const content = await codegen({ ...section, cache: undefined })
  await writeFile(section.filename, content)
}
console.log(
  `Wrote ${sections.length} files to ${relative(process.cwd(), output)} from ${documents.length} documents.`,
)
