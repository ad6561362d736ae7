// How fast lists and searches are when a team has written much: `npm run measure:team [-- --repeats 200 --out figures.json]`.
// Fills a throw-away PostgreSQL, starts the built API on it, and asks each question again and again over HTTP.
import { fork, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres, throwAwaySettings } from '../postgres/index.mjs'
import { readCounts } from './counts.mjs'
import { questions } from './questions.mjs'
import { seedNotes } from './seed-notes.mjs'
import { seedSurveys } from './seed-surveys.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pg = createRequire(path.join(root, 'apps/api/package.json'))('pg')
const { counts, seed, values } = readCounts(process.argv.slice(2), {
  repeats: { type: 'string', default: '200' },
  out: { type: 'string' },
  directory: { type: 'string' },
  only: { type: 'string' },
  'only-fill': { type: 'boolean', default: false },
})
const repeats = Number(values.repeats)
/** Neurons of a layer of the measured model. */
const inner = 3_072
const say = (line) => process.stderr.write(`${line}\n`)

async function startApi(url, home) {
  const child = fork(path.join(root, 'apps/api/dist/main.js'), {
    env: {
      ...process.env,
      ...{ DATABASE_URL: url, IMPRINT_API_PORT: '0', IMPRINT_HOME: home, IMPRINT_SINGLE_USER: '1' },
      ...{
        IMPRINT_LOG_LEVEL: 'error',
        IMPRINT_DATASETS: path.join(home, 'none'),
        IMPRINT_REQUESTS_PER_CLIENT: '300',
      },
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const port = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.port))
    child.once('exit', (code) => reject(new Error(`the API ended with ${code}`)))
  })
  const stop = () =>
    new Promise((resolve) => {
      child.once('exit', resolve)
      child.kill('SIGTERM')
    })
  return { url: `http://127.0.0.1:${port}/graphql`, stop }
}

/** The milliseconds until the whole answer is there, and the answer. */
async function ask(url, query, variables) {
  const began = performance.now()
  for (;;) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    const text = await response.text()
    const milliseconds = performance.now() - began
    const { data, errors } = JSON.parse(text)
    if (errors) throw new Error(JSON.stringify(errors[0]))
    return { milliseconds, data, bytes: text.length }
  }
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
const round = (value) => Math.round(value * 10) / 10

async function measure(url, { name, query, variables, target, deep }) {
  const times = []
  let bytes = 0
  let after = null
  await ask(url, query, variables(0))
  for (let repeat = 0; repeat < repeats; repeat++) {
    const answer = await ask(url, query, { ...variables(repeat), ...(deep && { after }) })
    times.push(answer.milliseconds)
    bytes = answer.bytes
    if (deep)
      after = answer.data[deep].pageInfo.hasNextPage ? answer.data[deep].pageInfo.endCursor : null
  }
  const sorted = times.toSorted((a, b) => a - b)
  const [p50, p95, max] = [at(sorted, 0.5), at(sorted, 0.95), sorted.at(-1)].map(round)
  say(
    `${p95 <= target ? 'ok  ' : 'SLOW'} ${name}: p50 ${p50} ms, p95 ${p95} ms, max ${max} ms, ${Math.round(bytes / 1_024)} kB`,
  )
  return { name, target, p50, p95, max, bytes, holds: p95 <= target }
}

async function fill(client, url, home) {
  const env = { ...process.env, DATABASE_URL: url }
  const words = [path.join(root, 'tools/prisma/prisma.mjs'), 'migrate', 'deploy']
  const migrated = spawnSync(process.execPath, words, { env, encoding: 'utf8', cwd: root })
  if (migrated.status !== 0) throw new Error(`the migrations failed: ${migrated.stderr}`)
  // The API makes the local user, team and project.
  await (await startApi(url, home)).stop()
  const { rows } = await client.query(
    `SELECT p.id AS "projectId", p.team_id AS "teamId", (SELECT id FROM user_account WHERE handle = 'local') AS "userId" FROM project p LIMIT 1`,
  )
  const model = await client.query(
    `INSERT INTO model (id, project_id, name, source, directory, family, layers, width, heads, context_length, vocabulary_size, parameters,
       bytes, dtype, digest, matrices, has_tokenizer) VALUES (gen_random_uuid(), $1, 'measured', 'measured', '/nowhere', 'gpt2', 12, 768, 12,
       1024, 50257, 124000000, 500000000, 'float32', repeat('0', 64), '{MLP_UP,MLP_DOWN}', false) RETURNING id`,
    [rows[0].projectId],
  )
  const began = performance.now()
  const shape = { id: model.rows[0].id, layers: 12, inner }
  const written = await seedNotes(client, { ...rows[0], model: shape, counts, seed })
  say(`filled in ${Math.round((performance.now() - began) / 1_000)} s: ${JSON.stringify(written)}`)
  return written
}

async function readFacts(client) {
  const list = async (sql) => (await client.query(sql)).rows
  const neurons = await list(
    `SELECT DISTINCT anchor ->> 'modelId' AS "modelId", layer, neuron AS "index" FROM annotation ORDER BY layer, neuron LIMIT 5000`,
  )
  const ids = (rows) => rows.map(({ id }) => id)
  return {
    modelId: neurons[0].modelId,
    neurons,
    annotationIds: ids(await list('SELECT id FROM annotation ORDER BY label, id LIMIT 5000')),
    collectionIds: ids(await list('SELECT id FROM collection ORDER BY id')),
    authorId: (await list(`SELECT id FROM user_account WHERE handle = 'ada-lang'`))[0].id,
  }
}

const directory = values.directory ?? mkdtempSync(path.join(os.tmpdir(), 'imprint-team-'))
mkdirSync(directory, { recursive: true })
const home = path.join(directory, 'home')
const note = path.join(directory, 'filled.json')
const server = await startPostgres({ directory, database: 'team', settings: throwAwaySettings })
const client = new pg.Client({ connectionString: server.url })
try {
  await client.connect()
  if (!existsSync(note)) writeFileSync(note, JSON.stringify(await fill(client, server.url, home)))
  const measured = await client.query(`SELECT id FROM model WHERE name = 'measured'`)
  await seedSurveys(client, { model: { id: measured.rows[0].id, inner } })
  if (!values['only-fill']) {
    const api = await startApi(server.url, home)
    const lines = []
    const before = os.loadavg()[0]
    for (const question of questions(await readFacts(client)))
      if (!values.only || question.name.includes(values.only))
        lines.push(await measure(api.url, question))
    await api.stop()
    const machine = {
      cores: os.cpus().length,
      loadBefore: before,
      loadAfter: os.loadavg()[0],
      node: process.version,
    }
    const result = { filled: JSON.parse(readFileSync(note, 'utf8')), repeats, machine, lines }
    if (values.out) writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`)
    const slow = lines.filter(({ holds }) => !holds)
    say(
      `${lines.length - slow.length} of ${lines.length} hold; load ${round(before)} before, ${round(machine.loadAfter)} after`,
    )
    process.exitCode = slow.length === 0 ? 0 : 1
  }
} finally {
  await client.end()
  await server.stop()
  if (values.directory === undefined) rmSync(directory, { recursive: true, force: true })
}
