// Workers are frozen for longer than their lease, others take over, and they wake up: they may write nothing of it.
import { setTimeout as sleep } from 'node:timers/promises'
import { prepare, startEvaluation, waitForEnd } from '../evaluations.mjs'
import { check, sameAsUndisturbed, undisturbed, whoComputes } from '../scenario.mjs'
import { query } from '../stage/cluster.mjs'
import { saw, stopPolitely, until } from '../stage/programs.mjs'

const heldBy = (url, { pid }) =>
  query(
    url,
    `SELECT "id", "lease_epoch" AS "epoch", "first_case" AS "first", "cases" FROM "evaluation_batch"
     WHERE "state" = 'RUNNING' AND "lease_owner" LIKE $1`,
    [`%:${pid}:%`],
  )

const isTaken = async (url, { id, epoch }) =>
  (
    await query(
      url,
      `SELECT 1 FROM "evaluation_batch" WHERE "id" = $1 AND "lease_epoch" > $2 AND "state" = 'DONE'`,
      [id, epoch],
    )
  ).length > 0

/** Rows of the batch that its old lease wrote. */
const writtenLate = async (url, { id, epoch }) =>
  (
    await query(
      url,
      `SELECT count(*)::int AS "rows" FROM "evaluation_batch" b JOIN "case_result" r
         ON r."evaluation_id" = b."evaluation_id" AND r."place" >= b."first_case" AND r."place" < b."first_case" + b."cases"
       WHERE b."id" = $1 AND r."lease_epoch" <= $2`,
      [id, epoch],
    )
  )[0].rows

/** Freezes a worker while it holds a batch; null when the evaluation ended first. */
async function freeze(scene, id) {
  for (;;) {
    const worker = await scene.startWorker()
    await until(() => saw(worker, 'engine started'), 'its engine has started')
    if ((await whoComputes(scene.url, id, [worker])) === null) return null
    worker.kill('SIGSTOP')
    // Between the look and the signal it may have finished one; nothing moves any more now.
    const [batch] = await heldBy(scene.url, worker)
    if (batch !== undefined) return { worker, batch }
    worker.kill('SIGCONT')
    await stopPolitely(worker)
  }
}

async function wake(scene, { worker, batch }) {
  await until(() => isTaken(scene.url, batch), 'the batch is taken over and stored', 120_000)
  worker.kill('SIGCONT')
  const noticed = await until(() => saw(worker, 'LEASE_LOST'), 'the zombie notices', 60_000).then(
    () => true,
    () => false,
  )
  await sleep(1_000)
  return { noticed, rows: await writtenLate(scene.url, batch) }
}

export const zombies = {
  id: 'zombies',
  title: 'SIGSTOP of a worker until its lease is lost, then SIGCONT',
  sizes: {
    full: { cases: 1_500, rounds: 20, together: 5 },
    small: { cases: 40, rounds: 1, together: 1 },
  },
  async run(stage, { cases, rounds, together }) {
    const golden = await undisturbed(stage, { cases })
    const scene = await stage.openScene()
    try {
      const id = await startEvaluation(scene, await prepare(scene, cases))
      const woken = []
      while (woken.length < rounds) {
        const frozen = []
        while (frozen.length < Math.min(together, rounds - woken.length)) {
          const zombie = await freeze(scene, id)
          if (zombie === null) break
          frozen.push(zombie)
        }
        if (frozen.length === 0) break
        const heir = await scene.startWorker()
        woken.push(...(await Promise.all(frozen.map((zombie) => wake(scene, zombie)))))
        await Promise.all(
          [heir, ...frozen.map(({ worker }) => worker)].map((worker) => stopPolitely(worker)),
        )
      }
      await scene.startWorker()
      await waitForEnd(scene.url, id)
      const rows = woken.reduce((sum, one) => sum + one.rows, 0)
      const noticed = woken.filter((one) => one.noticed).length
      return [
        check('workers frozen and woken', woken.length, woken.length === rounds),
        check('rows they wrote under the lost lease', rows, rows === 0),
        check('of them logged LEASE_LOST', noticed, noticed === woken.length),
        ...(await sameAsUndisturbed(scene, id, { cases, golden })),
      ]
    } finally {
      await scene.close()
    }
  },
}
