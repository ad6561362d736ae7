// `npm run measure:load`: many clients and subscriptions on one API while a worker computes, then far too many.
// Needs `npm run build`. Fails when a figure is missed.
import { setTimeout as sleep } from 'node:timers/promises'
import { writeFileSync } from 'node:fs'
import { prepare, startEvaluation } from '../reliability/evaluations.mjs'
import { openStage } from '../reliability/stage/stage.mjs'
import { followEvaluation } from '../reliability/stage/graphql.mjs'
import { until } from '../reliability/stage/programs.mjs'
import { askUntil, createTally } from './ask.mjs'
import { operationsOf } from './operations.mjs'
import { watchServer } from './server-watch.mjs'

const help = `npm run measure:load [-- options]

  --clients N         clients that read and write by turns       (100)
  --subscriptions N   followers of a running evaluation           (200)
  --seconds N         how long                                     (60)
  --pause N           milliseconds a client rests between two     (500)
  --overload N        clients that never rest, afterwards        (1000)
  --overload-seconds N                                             (20)
  --json FILE         writes what was measured`

const defaults = {
  ...{ clients: 100, subscriptions: 200, seconds: 60, pause: 500 },
  ...{ overload: 1_000, 'overload-seconds': 20, json: null },
}

function readOptions(words) {
  const options = { ...defaults }
  for (let index = 0; index < words.length; index += 2) {
    const name = words[index].replace(/^--/, '')
    if (!(name in defaults) || words[index + 1] === undefined) throw new Error(help)
    options[name] = name === 'json' ? words[index + 1] : Number(words[index + 1])
  }
  return options
}

/** Addresses of this machine, so that clients are not all one client. */
const addressOf = (index, perAddress) => `127.0.0.${2 + Math.floor(index / perAddress)}`

const times = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) }
}

/** Clients that rest between two operations, and followers: nobody may be refused. */
async function steady(scene, operations, options) {
  const followers = Array.from({ length: options.subscriptions }, () =>
    followEvaluation(scene.api.url, operations.evaluationId),
  )
  await until(() => followers.every(({ seen }) => seen.length > 0), 'every follower has a snapshot')
  const watch = watchServer(scene.api)
  const tally = createTally()
  const over = Date.now() + options.seconds * 1000
  await Promise.all(
    Array.from({ length: options.clients }, (_, index) =>
      askUntil(over, {
        ...{ url: scene.api.url, tally, pause: options.pause },
        localAddress: addressOf(index, 100),
        next: operations.mixed(index),
      }),
    ),
  )
  const server = await watch.end()
  const told = followers.filter(({ seen }) => seen.length > 1).length
  for (const { close } of followers) close()
  return { ...tally.counts, milliseconds: times(tally.milliseconds), server, told }
}

/** Clients that never rest: some are refused, and afterwards everything is as before. */
async function overload(scene, operations, options) {
  const watch = watchServer(scene.api)
  const tally = createTally()
  const over = Date.now() + options['overload-seconds'] * 1000
  await Promise.all(
    Array.from({ length: options.overload }, (_, index) =>
      askUntil(over, {
        ...{ url: scene.api.url, tally, pause: 0 },
        localAddress: addressOf(index, 50),
        next: operations.reads(index),
      }),
    ),
  )
  const server = await watch.end()
  const began = Date.now()
  const after = createTally()
  await askUntil(Date.now() + 1, {
    ...{ url: scene.api.url, tally: after, pause: 0, next: operations.reads(0) },
    localAddress: '127.0.0.1',
  })
  return {
    ...tally.counts,
    milliseconds: times(tally.milliseconds),
    server,
    recovered: { ...after.counts, milliseconds: Date.now() - began },
    died: scene.programs.filter(({ ended }) => ended !== null).length,
  }
}

const isFailure = ([status]) =>
  status === 'no answer' || status === 'graphql errors' || Number(status) >= 400
const isUnexpected = ([status]) => isFailure([status]) && !['429', '503'].includes(status)

function judge({ calm, storm }) {
  const failures = Object.entries(calm.statuses).filter(isFailure)
  const strange = Object.entries(storm.statuses).filter(isUnexpected)
  const lag = Math.max(...calm.server.lagP99)
  return [
    [
      'refused, failed or wrong answers',
      JSON.stringify(Object.fromEntries(failures)),
      failures.length === 0,
    ],
    [
      'operations',
      `${calm.answers}, p50 ${calm.milliseconds.p50} ms, p99 ${calm.milliseconds.p99} ms`,
      calm.answers > 0,
    ],
    ['followers that were told of progress', calm.told, calm.told > 0],
    ['event-loop lag, highest p99 of 5 s', `${lag.toFixed(0)} ms`, lag <= 100],
    [
      'growth of memory in the last half',
      `${calm.server.growth.toFixed(0)} MB`,
      calm.server.growth <= 50,
    ],
    [
      'connections in use, most',
      calm.server.connections,
      calm.server.connections <= calm.server.connectionLimit,
    ],
    [
      'too many: answers by status',
      JSON.stringify(storm.statuses),
      strange.length === 0 && storm.statuses['503'] > 0,
    ],
    [
      'too many: event-loop lag, highest p99',
      `${Math.max(...storm.server.lagP99).toFixed(0)} ms`,
      true,
    ],
    ['too many: processes that died', storm.died, storm.died === 0],
    [
      'first answer afterwards',
      `${storm.recovered.milliseconds} ms`,
      storm.recovered.statuses['200'] === 1,
    ],
  ]
}

async function main() {
  const options = readOptions(process.argv.slice(2))
  const stage = await openStage()
  const abandon = () => void stage.close().finally(() => process.exit(1))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, abandon)
  try {
    const scene = await stage.openScene()
    const prepared = await prepare(scene, 1_500)
    const evaluationId = await startEvaluation(scene, prepared, {
      generation: true,
      casesPerBatch: 5,
    })
    await scene.startWorker()
    const operations = operationsOf({ ...prepared, evaluationId })
    const calm = await steady(scene, operations, options)
    await sleep(1_000)
    const storm = await overload(scene, operations, options)
    const figures = judge({ calm, storm })
    for (const [what, found, passed] of figures)
      process.stdout.write(`${passed ? 'ok  ' : 'FAIL'} ${what.padEnd(40)} ${found}\n`)
    if (options.json !== null)
      writeFileSync(options.json, `${JSON.stringify({ options, calm, storm }, null, 2)}\n`)
    await scene.close()
    process.exitCode = figures.every(([, , passed]) => passed) ? 0 : 1
  } finally {
    await stage.close()
  }
}

await main().catch((error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(2)
})
