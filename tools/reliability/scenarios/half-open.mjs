// The network between the worker and the database swallows everything, without closing anything, for a minute at a time.
import { prepare, startEvaluation, waitForEnd } from '../evaluations.mjs'
import {
  check,
  randomSleep,
  sameAsUndisturbed,
  spread,
  spreadText,
  undisturbed,
} from '../scenario.mjs'
import { query } from '../stage/cluster.mjs'
import { until } from '../stage/programs.mjs'
import { openProxy } from '../stage/tcp-proxy.mjs'

const changedSince = async (url, since) =>
  (
    await query(
      url,
      `SELECT 1 FROM "evaluation_batch" WHERE "started_at" > $1 OR "finished_at" > $1 LIMIT 1`,
      [since],
    )
  ).length > 0

export const halfOpen = {
  id: 'half-open',
  title: 'half-open TCP between the worker and the database',
  sizes: { full: { cases: 1_000, rounds: 10, silence: 20_000 }, small: null },
  async run(stage, { cases, rounds, silence, evaluation: options = {} }) {
    const golden = await undisturbed(stage, { cases, options })
    const proxy = await openProxy(stage.cluster.port)
    const scene = await stage.openScene()
    try {
      const through = Object.assign(new URL(scene.url), { port: String(proxy.port) }).toString()
      const prepared = await prepare(scene, cases)
      const worker = await scene.startWorker({ DATABASE_URL: through })
      const id = await startEvaluation(scene, prepared, options)
      const back = []
      for (let round = 0; round < rounds; round += 1) {
        await randomSleep(1_000, 3_000)
        proxy.swallow()
        await randomSleep(silence, silence)
        proxy.restore()
        const [{ now }] = await query(scene.url, 'SELECT clock_timestamp() AS "now"')
        const started = Date.now()
        await until(() => changedSince(scene.url, now), 'the worker works again', 180_000)
        back.push(Date.now() - started)
      }
      await waitForEnd(scene.url, id)
      return [
        check('silences', rounds, back.length === rounds),
        check(
          'from the end of the silence to work',
          spreadText(spread(back)),
          Math.max(...back) <= 20_000,
        ),
        check('the worker lives', worker.ended === null, worker.ended === null),
        ...(await sameAsUndisturbed(scene, id, { cases, golden })),
      ]
    } finally {
      await scene.close()
      await proxy.close()
    }
  },
}
