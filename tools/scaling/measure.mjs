// Measures the token search over a table of so many cells: `npm run measure:scaling -- --cells 5000000`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { openDatabase } from '../../apps/api/dist/database/index.js'
import { TokenSearchRepository } from '../../apps/api/dist/features/token-search/token-search.repository.js'
import { startPostgres, throwAwaySettings } from '../postgres/index.mjs'
import { fill } from './fill.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const { values } = parseArgs({
  options: {
    cells: { type: 'string', default: '5000000' },
    repeats: { type: 'string', default: '40' },
    out: { type: 'string' },
    directory: { type: 'string' },
    'only-fill': { type: 'boolean', default: false },
    explain: { type: 'boolean', default: false },
  },
})
const repeats = Number(values.repeats)
const pageSize = 51

const say = (line) => process.stderr.write(`${line}\n`)

/** A directory that is named is kept, so that it can be measured again. */
async function main() {
  const directory = values.directory ?? mkdtempSync(path.join(os.tmpdir(), 'imprint-scaling-'))
  mkdirSync(directory, { recursive: true })
  // The settings of PostgreSQL that `npm start` has, but for what a throw-away server need not keep.
  const settings = { ...throwAwaySettings, max_wal_size: '8GB' }
  const server = await startPostgres({ directory, settings })
  const client = new pg.Client({ connectionString: server.url })
  try {
    await client.connect()
    const filled = await prepare(client, server.url, path.join(directory, 'filled.json'))
    if (values['only-fill']) return
    const result = {
      ...(await sizes(client)),
      ...filled,
      queries: await measure(server.url, filled),
    }
    if (values.explain) await explain(client, filled)
    print(result)
    if (values.out) writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`)
  } finally {
    await client.end()
    await server.stop()
    if (values.directory === undefined) rmSync(directory, { recursive: true, force: true })
  }
}

/** What there is, filled unless it was before. */
async function prepare(client, url, note) {
  if (existsSync(note)) return JSON.parse(readFileSync(note, 'utf8'))
  const env = { ...process.env, DATABASE_URL: url }
  const words = [path.join(root, 'tools/prisma/prisma.mjs'), 'migrate', 'deploy']
  if (spawnSync(process.execPath, words, { env, stdio: 'ignore' }).status !== 0)
    throw new Error('the migrations failed')
  const began = performance.now()
  const filled = await fill(client, { cells: Number(values.cells), report: say })
  say(`filled in ${Math.round((performance.now() - began) / 1_000)} s`)
  writeFileSync(note, JSON.stringify(filled))
  return filled
}

async function sizes(client) {
  const { rows } = await client.query(`
    SELECT sum(pg_table_size(c.oid))::float8 AS "tableBytes", sum(pg_indexes_size(c.oid))::float8 AS "indexBytes",
      (SELECT sum(pg_relation_size(i.indexrelid))::float8 FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
       WHERE x.relname LIKE 'token_hit%model_key%') AS "searchIndexBytes"
    FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid WHERE h.inhparent = 'search.token_hit'::regclass`)
  return rows[0]
}

/** The kinds of questions: how frequent the token is, and what else is asked. */
function questions({ modelIds }) {
  const [main, other] = modelIds
  const free = { layer: null, matrices: null, top: null }
  const narrow = { layer: 5, matrices: ['MLP_DOWN'], top: true }
  const tokens = {
    'the most frequent token': 0,
    'a frequent token': 10,
    'a common token': 500,
    'a rare token': 40_000,
  }
  const cases = Object.entries(tokens).flatMap(([name, tokenId]) => [
    { name, tokenId, modelId: main, ...free, asked: 'token' },
    { name, tokenId, modelId: main, ...free, layer: 5, asked: 'token, layer' },
    { name, tokenId, modelId: main, ...narrow, asked: 'token, layer, matrix, end' },
  ])
  cases.push({
    name: 'the most frequent token',
    tokenId: 0,
    modelId: other,
    ...narrow,
    asked: 'the same of another model',
  })
  return cases
}

async function measure(url, filled) {
  const database = openDatabase({ url, connections: 2 })
  const search = new TokenSearchRepository(database)
  const results = []
  for (const { name, asked, ...query } of questions(filled)) {
    const times = { first: [], deep: [], first_with_count: [] }
    let count = null
    let hits = 0
    await search.page('RUN', query, null, pageSize)
    for (let time = 0; time < repeats; time++) {
      const page = await timed(times.first, () => search.page('RUN', query, null, pageSize))
      hits = page.length
      await timed(times.first_with_count, async () => {
        const [, counted] = await Promise.all([
          search.page('RUN', query, null, pageSize),
          search.count('RUN', query),
        ])
        count = counted
      })
      const after = somewhere(time)
      await timed(times.deep, () => search.page('RUN', query, after, pageSize))
    }
    const shown = Object.fromEntries(
      Object.entries(times).map(([key, list]) => [key, percentiles(list)]),
    )
    results.push({ name, asked, hits, count, ...shown })
    say(`${name}, ${asked}: ${JSON.stringify(shown.first_with_count)}`)
  }
  await database.close()
  return results
}

async function timed(list, work) {
  const began = performance.now()
  const result = await work()
  list.push(performance.now() - began)
  return result
}

/** A position in the middle: a page that ends at a made-up run of some time ago. */
function somewhere(time) {
  const at = Date.now() - ((time + 1) / (repeats + 1)) * 6 * 2_592_000_000
  const id = `${Math.floor(at).toString(16).padStart(12, '0')}7fff8fffffffffffffff`
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  return { id: uuid, layer: 0, matrix: 'MLP_DOWN', position: 0, top: true, place: 0 }
}

function percentiles(list) {
  const sorted = [...list].sort((a, b) => a - b)
  const at = (share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
  const round = (value) => (value === null ? null : Math.round(value * 10) / 10)
  return { p50: round(at(0.5)), p95: round(at(0.95)) }
}

async function explain(client, { modelIds }) {
  const { rows } = await client.query(
    `EXPLAIN (ANALYZE, BUFFERS) SELECT run_id, layer, matrix, position, at_top, place FROM search.token_hit
     WHERE model_key = (SELECT search_key FROM model WHERE id = $1) AND token_id = 0 AND layer = 5
     ORDER BY run_id DESC, layer DESC, matrix DESC, position DESC, at_top DESC, place DESC LIMIT 51`,
    [modelIds[0]],
  )
  for (const row of rows) process.stdout.write(`${row['QUERY PLAN']}\n`)
}

const gigabytes = (bytes) => `${(bytes / 2 ** 30).toFixed(2)} GB`

function print({ hits, runs, tableBytes, indexBytes, searchIndexBytes, queries }) {
  const lines = [
    `${hits.toLocaleString('en')} hits of ${runs.toLocaleString('en')} runs: table ${gigabytes(tableBytes)}, indexes ${gigabytes(indexBytes)} (search ${gigabytes(searchIndexBytes)})`,
    '',
    '| token | asked | hits | first page (p50 / p95 ms) | with its count | a page further on |',
    '| --- | --- | ---: | ---: | ---: | ---: |',
    ...queries.map(({ name, asked, count, first, first_with_count, deep }) => {
      const total = `${count.total.toLocaleString('en')}${count.capped ? '+' : ''}`
      const cell = ({ p50, p95 }) => `${p50} / ${p95}`
      return `| ${name} | ${asked} | ${total} | ${cell(first)} | ${cell(first_with_count)} | ${cell(deep)} |`
    }),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

await main()
