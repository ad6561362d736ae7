#!/usr/bin/env node
// What is committed and made from something else must be what would be made now: the GraphQL schema, the code of
// onnx.proto, the migrations. Nothing in the working tree is written.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres, throwAwaySettings } from '../postgres/index.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const inRoot = (...parts) => path.join(root, ...parts)
const temporary = mkdtempSync(path.join(os.tmpdir(), 'imprint-drift-'))
// The account that runs PostgreSQL for root has to be able to pass through it.
chmodSync(temporary, 0o755)

const run = (words, options = {}) =>
  spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8', timeout: 120_000, ...options })

const endOf = ({ stdout, stderr, error }) =>
  `${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`.trim().split('\n').slice(-30).join('\n')

/** apps/api/schema.graphql against what type-graphql prints. */
async function checkGraphqlSchema() {
  const script = `import { printImprintSchema } from ${JSON.stringify(inRoot('apps/api/dist/schema.js'))}
process.stdout.write(printImprintSchema())`
  const printed = run(['--input-type=module', '-e', script])
  if (printed.status !== 0)
    return `The schema cannot be printed (was the API built?):\n${endOf(printed)}`
  if (printed.stdout === readFileSync(inRoot('apps/api/schema.graphql'), 'utf8')) return null
  return 'apps/api/schema.graphql is not the schema of the code. Run: npm run schema -w apps/api'
}

/** The generated protobuf code against packages/lens-engine/proto. */
async function checkProtobuf() {
  const engine = inRoot('packages/lens-engine')
  const bin = [inRoot('node_modules/.bin'), path.join(engine, 'node_modules/.bin')]
  const env = { ...process.env, PATH: [...bin, process.env.PATH].join(path.delimiter) }
  const buf = inRoot('node_modules/@bufbuild/buf/bin/buf')
  const made = run([buf, 'generate', '-o', temporary], { cwd: engine, env })
  if (made.status !== 0) return `buf generate failed:\n${endOf(made)}`
  const generated = path.join('src', 'onnx', 'generated')
  for (const name of readdirSync(path.join(temporary, generated))) {
    const fresh = readFileSync(path.join(temporary, generated, name), 'utf8')
    if (fresh !== readFileSync(path.join(engine, generated, name), 'utf8'))
      return `${generated}/${name} is not what onnx.proto gives. Run: npm run generate:onnx -w packages/lens-engine`
  }
  return null
}

/** prisma/schema.prisma against a database to which every migration was applied. */
async function checkMigrations() {
  const server = await startPostgres({
    directory: path.join(temporary, 'postgres'),
    settings: throwAwaySettings,
  })
  try {
    const env = { ...process.env, DATABASE_URL: server.url }
    const prisma = (...words) => run([inRoot('tools/prisma/prisma.mjs'), ...words], { env })
    const deployed = prisma('migrate', 'deploy')
    if (deployed.status !== 0) return `The migrations do not apply:\n${endOf(deployed)}`
    const words = ['--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code']
    const compared = prisma('migrate', 'diff', ...words)
    if (compared.status === 0) return null
    return `schema.prisma and the migrations differ. Write one: node tools/prisma/prisma.mjs migrate dev\n${endOf(compared)}`
  } finally {
    await server.stop()
  }
}

const checks = {
  'GraphQL schema': checkGraphqlSchema,
  'ONNX protobuf code': checkProtobuf,
  migrations: checkMigrations,
}

for (const [name, check] of Object.entries(checks)) {
  const problem = await check().catch((error) => error.message)
  console.log(problem === null ? `ok   ${name}` : `FAIL ${name}: ${problem}`)
  if (problem !== null) process.exitCode = 1
}
rmSync(temporary, { recursive: true, force: true })
