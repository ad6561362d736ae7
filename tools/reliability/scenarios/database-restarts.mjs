// PostgreSQL is ended at once, without a checkpoint, and comes back some seconds later, again and again.
import { setTimeout as sleep } from 'node:timers/promises'
import { prepare, startEvaluation, waitForEnd, look } from '../evaluations.mjs'
import {
  check,
  randomSleep,
  sameAsUndisturbed,
  spread,
  spreadText,
  undisturbed,
} from '../scenario.mjs'
import { query } from '../stage/cluster.mjs'
import { graphql } from '../stage/graphql.mjs'
import { until } from '../stage/programs.mjs'

/** Milliseconds from now until the question is answered well. */
async function timeUntil(question, what) {
  const started = Date.now()
  await until(() => question().catch(() => false), what, 60_000)
  return Date.now() - started
}

const apiReads = (scene, id) => async () =>
  (await graphql(scene.api.url, 'query($id: ID!) { evaluation(id: $id) { state } }', { id })) !==
  null

/** The worker said that it is alive, or claimed or finished a batch, since then. */
const workerWrote = (url, since) => async () =>
  (
    await query(
      url,
      `SELECT 1 FROM "worker" WHERE "seen_at" > $1
       UNION ALL SELECT 1 FROM "evaluation_batch" WHERE "started_at" > $1 OR "finished_at" > $1`,
      [since],
    )
  ).length > 0

export const databaseRestarts = {
  id: 'database-restarts',
  title: 'PostgreSQL ended with -m immediate and started again',
  sizes: {
    full: { cases: 1_500, rounds: 20, pause: [1_000, 5_000], down: [0, 5_000], limit: 5_000 },
    small: { cases: 40, rounds: 1, pause: [300, 800], down: [300, 500], limit: 30_000 },
  },
  async run(stage, { cases, rounds, pause, down, limit, evaluation: options = {} }) {
    const golden = await undisturbed(stage, { cases, options })
    const scene = await stage.openScene()
    try {
      const prepared = await prepare(scene, cases)
      const worker = await scene.startWorker()
      const id = await startEvaluation(scene, prepared, options)
      const reads = []
      const writes = []
      let during = 0
      for (let round = 0; round < rounds; round += 1) {
        await randomSleep(...pause)
        if ((await look(scene.url, id)).state !== 'DONE') during += 1
        await stage.cluster.stopAtOnce()
        await randomSleep(...down)
        await stage.cluster.start()
        const [{ now }] = await query(scene.url, 'SELECT clock_timestamp() AS "now"')
        const [read, write] = await Promise.all([
          timeUntil(apiReads(scene, id), 'the API reads again'),
          timeUntil(workerWrote(scene.url, now), 'the worker writes again'),
        ])
        reads.push(read)
        writes.push(write)
      }
      await waitForEnd(scene.url, id)
      await sleep(100)
      const exits = [scene.api.process, worker].filter(({ ended }) => ended !== null).length
      return [
        check(
          'restarts, of them in mid-evaluation',
          `${rounds}, ${during}`,
          during >= Math.min(rounds, 1),
        ),
        check('processes that exited', exits, exits === 0),
        check(
          'first answer of the API after it is back',
          spreadText(spread(reads)),
          Math.max(...reads) <= limit,
        ),
        check(
          'first write of the worker after it is back',
          spreadText(spread(writes)),
          Math.max(...writes) <= limit,
        ),
        ...(await sameAsUndisturbed(scene, id, { cases, golden })),
      ]
    } finally {
      await scene.close()
    }
  },
}
