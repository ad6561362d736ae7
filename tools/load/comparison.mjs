// How fast comparisons are: `npm run measure:comparison [-- --quick] [--part tables|cases]`. Fills a throw-away PostgreSQL with
// made-up results of 5 evaluations x 5 methods x 1,000 cases and of one with 20,000 cases x 11 methods, starts the built API, and asks.
import { fork, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres, throwAwaySettings } from '../postgres/index.mjs'
import { fillDatabase } from './comparison-data.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pg = createRequire(path.join(root, 'apps/api/package.json'))('pg')
const isQuick = process.argv.includes('--quick')
const out = process.argv[process.argv.indexOf('--out') + 1]
const part = process.argv.includes('--part')
  ? process.argv[process.argv.indexOf('--part') + 1]
  : 'all'
const sizes = isQuick
  ? { evaluations: 2, methods: 3, cases: 200, large: 1_000, largeMethods: 4, restarts: 2, asks: 20 }
  : {
      evaluations: 5,
      methods: 5,
      cases: 1_000,
      large: 20_000,
      largeMethods: 11,
      restarts: 8,
      asks: 40,
    }

const comparisonQuery = `query($input: ComparisonInput!, $quick: Boolean) { comparison(input: $input, quick: $quick) {
  protocol { name title metrics { name label scale better unit } score { name of } } cases shared notes final resamples
  arms { id label name method methodTitle modelName n missing failed skipped secondsPerEdit peakBytes hyperparameters }
  estimates { armId metric mean low high n missing sd wilsonLow wilsonHigh note } before { armId metric mean low high n }
  differences { metric firstArmId secondArmId difference low high n p adjustedP test significant }
  relations { relation cases cells { armId metric mean n } }
  published { id title rows { model method cells { metric mean spread } } } refusal { code message } } }`
const windowQuery = `query($input: ComparisonInput!, $sort: CaseSort, $offset: Int) {
  comparisonCases(input: $input, sort: $sort, offset: $offset, limit: 100) { total rows {
    place caseId relation subject prompt targetNew targetTrue
    cells { armId outcome error { code } metrics newBefore newAfter trueBefore trueAfter } } } }`

async function startApi(databaseUrl, home) {
  const child = fork(path.join(root, 'apps/api/dist/main.js'), {
    env: {
      ...process.env,
      ...{ DATABASE_URL: databaseUrl, IMPRINT_API_PORT: '0', IMPRINT_HOME: home },
      IMPRINT_SINGLE_USER: '1',
      ...{ IMPRINT_LOG_LEVEL: 'error', IMPRINT_DATASETS: path.join(home, 'none') },
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const port = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.port))
    child.once('exit', (code) => reject(new Error(`the API ended with ${code}`)))
  })
  const ask = async (query, variables = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    const text = await response.text()
    const { data, errors } = JSON.parse(text)
    if (errors) throw new Error(JSON.stringify(errors))
    return { data, bytes: text.length }
  }
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }
  return { ask, stop }
}

async function timed(work) {
  const started = performance.now()
  const value = await work()
  return { milliseconds: performance.now() - started, value }
}

const at = (times, share) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(share * times.length))]

function report(name, times, more = {}) {
  const line = {
    name,
    n: times.length,
    p50: at(times, 0.5),
    p95: at(times, 0.95),
    max: at(times, 1),
    ...more,
  }
  const shown = ['p50', 'p95', 'max'].map((key) => `${key} ${line[key].toFixed(1)} ms`).join(', ')
  console.log(`${name}: ${shown} (${times.length})${more.note ? `; ${more.note}` : ''}`)
  return line
}

/** What a client waits for the smallest question while something else is computed. */
async function lagDuring(api, work) {
  const times = []
  let done = false
  const poll = (async () => {
    while (!done) {
      times.push((await timed(() => api.ask('{ __typename }'))).milliseconds)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  const result = await timed(work)
  done = true
  await poll
  return { ...result, times }
}

async function measureTables({ database, home }, filled) {
  const lines = []
  const input = { evaluationIds: filled.evaluations }
  const ask = (api, quick = false) => api.ask(comparisonQuery, { input, quick })
  let api = await startApi(database, home)
  const first = await timed(() => ask(api, true))
  lines.push(report('first answer of a table that was never counted', [first.milliseconds]))
  const cold = await lagDuring(api, () => ask(api))
  lines.push(report('the whole table counted, 10,000 resamples', [cold.milliseconds]))
  lines.push(
    report('another client meanwhile', cold.times, {
      p99: at(cold.times, 0.99),
      note: `p99 ${at(cold.times, 0.99).toFixed(1)} ms`,
    }),
  )
  const restarted = []
  for (let round = 0; round < sizes.restarts; round++) {
    await api.stop()
    api = await startApi(database, home)
    for (const id of filled.warm) await api.ask(comparisonQuery, { input: { evaluationIds: [id] } })
    restarted.push((await timed(() => ask(api))).milliseconds)
  }
  const { bytes } = await ask(api)
  lines.push(
    report('a counted table after a restart of the API', restarted, {
      note: `${Math.round(bytes / 1024)} kB`,
    }),
  )
  const again = []
  for (let round = 0; round < sizes.asks; round++)
    again.push((await timed(() => ask(api))).milliseconds)
  lines.push(report('the same, in memory', again))
  await api.stop()
  return lines
}

/** The page shows the first answer and asks again until the whole one stands. */
async function untilWhole(api, input) {
  for (;;) {
    const { data } = await api.ask(comparisonQuery, { input, quick: true })
    if (data.comparison.final) return
    await new Promise((resolve) => setTimeout(resolve, 1_200))
  }
}

async function measureWhole(api, large) {
  const lines = []
  const input = { evaluationIds: [large] }
  const quick = await timed(() => api.ask(comparisonQuery, { input, quick: true }))
  lines.push(report('first answer of the large table', [quick.milliseconds]))
  const cold = await lagDuring(api, () => untilWhole(api, input))
  lines.push(report('the whole large table, asked for as the page does', [cold.milliseconds]))
  const again = await timed(() => api.ask(comparisonQuery, { input }))
  lines.push(report('the same, in memory', [again.milliseconds]))
  lines.push(
    report('another client meanwhile', cold.times, {
      p99: at(cold.times, 0.99),
      note: `p99 ${at(cold.times, 0.99).toFixed(1)} ms`,
    }),
  )
  return lines
}

async function measureWindows({ database, home }, { large, largeArms }) {
  const lines = []
  const api = await startApi(database, home)
  const window = (filter, sort, offset) =>
    api.ask(windowQuery, { input: { evaluationIds: [large], filter }, sort, offset })
  const first = await timed(() => window({}, null, 0))
  lines.push(report('first window of the large table: its rows are read', [first.milliseconds]))
  const place = () => Math.floor(Math.random() * (sizes.large - 100))
  const column = (index) => ({ armId: largeArms[index % largeArms.length], metric: 'EM' })
  const kinds = {
    'a window anywhere': () => window({}, null, place()),
    'a window in a new order': (i) => window({}, { column: column(i), descending: i % 2 > 0 }, 0),
    'a window of a new range': (i) =>
      window({ ranges: [{ ...column(i), min: i, max: 90 - i }] }, null, 0),
    'a window of a new search': (i) => window({ search: `subject ${i}` }, null, 0),
    'a density of two columns': (i) =>
      api.ask(
        'query($input: ComparisonInput!, $x: CaseColumn!, $y: CaseColumn!) { caseDensity(input: $input, x: $x, y: $y) { n xEdges yEdges cells { x y count } } }',
        { input: { evaluationIds: [large] }, x: column(i), y: column(i + 1) },
      ),
    'distributions of a metric': () =>
      api.ask(
        'query($input: ComparisonInput!) { caseDistributions(input: $input, metric: "EM") { armId edges counts } }',
        { input: { evaluationIds: [large] } },
      ),
  }
  for (const [name, work] of Object.entries(kinds)) {
    const times = []
    for (let round = 0; round < sizes.asks; round++)
      times.push((await timed(() => work(round))).milliseconds)
    lines.push(report(name, times))
  }
  const [firstArmId, secondArmId] = largeArms
  const flips = { flips: { firstArmId, secondArmId, kind: 'REWRITE' } }
  lines.push(
    report('first window of flips: verdicts are read', [
      (await timed(() => window(flips, null, 0))).milliseconds,
    ]),
  )
  const only = { flips: { ...flips.flips, direction: 'ONLY_FIRST' } }
  lines.push(
    report('next window of flips', [(await timed(() => window(only, null, 0))).milliseconds]),
  )
  lines.push(...(await measureWhole(api, large)))
  await api.stop()
  return lines
}

const directory = mkdtempSync(path.join(os.tmpdir(), 'imprint-comparison-'))
const home = path.join(directory, 'home')
const server = await startPostgres({
  directory,
  database: 'comparison',
  settings: throwAwaySettings,
})
try {
  const env = { ...process.env, DATABASE_URL: server.url }
  const migrated = spawnSync(
    process.execPath,
    [path.join(root, 'tools/prisma/prisma.mjs'), 'migrate', 'deploy'],
    { env, encoding: 'utf8', cwd: root },
  )
  if (migrated.status !== 0) throw new Error(migrated.stdout + migrated.stderr)
  await (await startApi(server.url, home)).stop()
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const filling = await timed(() => fillDatabase(client, sizes))
  await client.end()
  console.log(`filled in ${(filling.milliseconds / 1000).toFixed(0)} s`)
  const target = { database: server.url, home }
  const lines = [
    ...(part === 'cases' ? [] : await measureTables(target, filling.value)),
    ...(part === 'tables' ? [] : await measureWindows(target, filling.value)),
  ]
  if (process.argv.includes('--out'))
    writeFileSync(out, `${JSON.stringify({ sizes, lines }, null, 2)}\n`)
  const kept = lines.find(({ name }) => name.startsWith('a counted table'))
  if (kept !== undefined && kept.p95 >= 100) {
    process.exitCode = 1
    console.log(`missed: ${kept.p95.toFixed(1)} ms, at most 100`)
  }
} finally {
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}
