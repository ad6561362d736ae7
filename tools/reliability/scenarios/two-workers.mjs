// Two workers on one evaluation beside one worker: the same numbers, and the ratio of the times.
import { prepare, startEvaluation, waitForEnd } from '../evaluations.mjs'
import { check, inSeconds, reworkCheck, sameAsUndisturbed, undisturbed } from '../scenario.mjs'
import { query } from '../stage/cluster.mjs'

export const twoWorkers = {
  id: 'two-workers',
  title: 'two workers on one evaluation, one thread each',
  sizes: { full: { cases: 1_000 }, small: null },
  async run(stage, { cases, evaluation: options = {} }) {
    const golden = await undisturbed(stage, { cases, options })
    const scene = await stage.openScene()
    try {
      const prepared = await prepare(scene, cases)
      await Promise.all([scene.startWorker(), scene.startWorker()])
      const started = Date.now()
      const id = await startEvaluation(scene, prepared, options)
      await waitForEnd(scene.url, id)
      const seconds = (Date.now() - started) / 1000
      const shares = await query(
        scene.url,
        `SELECT "worker_id", count(*)::int AS "rows" FROM "case_result" WHERE "evaluation_id" = $1 GROUP BY 1`,
        [id],
      )
      const ratio = golden.seconds / seconds
      return [
        check('one worker took', inSeconds(golden.seconds * 1000), true),
        check('two workers took', inSeconds(seconds * 1000), true),
        check('times as fast', ratio.toFixed(2), ratio > 1),
        check(
          'rows of each worker',
          shares.map(({ rows }) => rows).join(', '),
          shares.length === 2,
        ),
        ...(await sameAsUndisturbed(scene, id, { cases, golden })),
        await reworkCheck(scene.url, id, 0),
      ]
    } finally {
      await scene.close()
    }
  },
}
