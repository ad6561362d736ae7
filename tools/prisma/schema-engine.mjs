#!/usr/bin/env node
// A stand-in for Prisma's `schema-engine` binary: JSON-RPC lines on stdin and stdout, answered by the WebAssembly engine.
import readline from 'node:readline'
import { parseArguments } from './arguments.mjs'
import { createConnectionFactory } from './connection-factory.mjs'
import { checkConnection, createDatabase, dropDatabase } from './databases.mjs'
import { logLine, prismaCodeOf } from './engine-log.mjs'
import { loadEngineMaker } from './wasm-engine.mjs'

const { datasource, datamodels, cliCommand, wantsVersion } = parseArguments(process.argv.slice(2))
const url = datasource.url ?? process.env.DATABASE_URL ?? ''

const cliCommands = {
  'create-database': () => createDatabase(url),
  'can-connect-to-database': () => checkConnection(url),
  'drop-database': () => dropDatabase(url),
}

async function runCliCommand(name) {
  try {
    await cliCommands[name]?.()
  } catch (error) {
    process.stderr.write('\n')
    logLine('ERROR', error.message, { error_code: prismaCodeOf(error) ?? 'P1010' })
    process.exitCode = 1
  }
}

/** These methods need the engine to have seen the migrations' shadow database first, and a fresh engine each time. */
const needsDiagnostic = new Set(['evaluateDataLoss', 'createMigration'])

async function callEngine(makeEngine, method, params) {
  const schema = url === '' ? undefined : (new URL(url).searchParams.get('schema') ?? undefined)
  const connections = createConnectionFactory({
    url,
    shadowDatabaseUrl: datasource.shadowDatabaseUrl,
    schema,
  })
  try {
    const engine = await makeEngine(datamodels, connections.factory)
    if (typeof engine[method] !== 'function')
      throw new Error(`The schema engine has no method ${method}`)
    if (needsDiagnostic.has(method)) {
      await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters })
    }
    return await engine[method](params)
  } finally {
    await connections.closeAll()
  }
}

async function answer(makeEngine, { method, params }) {
  if (method === 'createDatabase') return { databaseName: await createDatabase(url) }
  if (method === 'ensureConnectionValidity') return (await checkConnection(url)) ?? {}
  if (method === 'getDatabaseVersion') return callEngine(makeEngine, 'version', params ?? null)
  return callEngine(makeEngine, method, params)
}

const send = (message) =>
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)

function sendError(id, error) {
  const data = {
    is_panic: false,
    message: error?.message ?? String(error),
    error_code: prismaCodeOf(error),
    meta: error?.meta ?? null,
  }
  send({
    id,
    error: { code: 4466, message: 'An error happened. Check the data field for details.', data },
  })
}

/** `migrate diff` prints through a request of the engine to the CLI, before the answer. */
const printRequestId = 900_000

async function serve() {
  const makeEngine = await loadEngineMaker()
  for await (const line of readline.createInterface({
    input: process.stdin,
    crlfDelay: Infinity,
  })) {
    const request = line.trim() === '' ? {} : JSON.parse(line)
    if (request.method === undefined) continue
    try {
      const result = await answer(makeEngine, request)
      if (request.method === 'diff' && typeof result?.stdout === 'string') {
        send({
          id: printRequestId + request.id,
          method: 'print',
          params: { content: result.stdout },
        })
      }
      send({ id: request.id, result: result ?? {} })
    } catch (error) {
      sendError(request.id, error)
    }
  }
}

if (wantsVersion) process.stdout.write('schema-engine-cli (WebAssembly)\n')
else if (cliCommand !== null) await runCliCommand(cliCommand)
else await serve()
