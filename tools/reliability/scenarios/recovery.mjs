// One of two workers is killed, and nobody restarts it: how long until the other has stored the cases it held.
import { prepare, startEvaluation, waitForEnd } from '../evaluations.mjs'
import {
  check,
  inSeconds,
  randomSleep,
  reworkCheck,
  spread,
  spreadText,
  whoComputes,
} from '../scenario.mjs'
import { query } from '../stage/cluster.mjs'
import { killNow, until } from '../stage/programs.mjs'

/** The batch that a worker holds now. */
async function heldBy(url, { pid }) {
  const [batch] = await query(
    url,
    `SELECT "id", "lease_epoch" AS "epoch" FROM "evaluation_batch" WHERE "state" = 'RUNNING' AND "lease_owner" LIKE $1`,
    [`%:${pid}:%`],
  )
  return batch ?? null
}

const isStored = async (url, { id }) =>
  (await query(url, `SELECT 1 FROM "evaluation_batch" WHERE "id" = $1 AND "state" = 'DONE'`, [id]))
    .length > 0

/** Another host name makes a process one of another machine: nobody here can know that it is dead. */
const elsewhere = ['unshare', '--uts', 'sh', '-c', 'hostname elsewhere && exec "$@"', 'sh']

async function measure(stage, { rounds, cases, wrapper }) {
  const scene = await stage.openScene()
  try {
    const id = await startEvaluation(scene, await prepare(scene, cases), { casesPerBatch: 4 })
    await scene.startWorker()
    const times = []
    while (times.length < rounds) {
      const victim = await scene.startWorker({}, { wrapper })
      if ((await whoComputes(scene.url, id, [victim])) === null) break
      await randomSleep(20, 400)
      victim.kill('SIGSTOP')
      const batch = await heldBy(scene.url, victim)
      await killNow(victim)
      if (batch === null) continue
      const died = Date.now()
      await until(() => isStored(scene.url, batch), 'the batch is stored by another', 120_000)
      times.push(Date.now() - died)
    }
    await waitForEnd(scene.url, id)
    return { times, rework: await reworkCheck(scene.url, id, rounds * 3) }
  } finally {
    await scene.close()
  }
}

export const recovery = {
  id: 'recovery',
  title: 'kill -9 of one of two workers, not restarted',
  sizes: { full: { cases: 1_500, rounds: 10 }, small: null },
  async run(stage, { cases, rounds }) {
    const far = await measure(stage, { rounds, cases, wrapper: elsewhere })
    const near = await measure(stage, { rounds, cases, wrapper: [] })
    const limits = ({ p50, max }) => p50 <= 30_000 && max <= 45_000
    const row = (what, times) => {
      const found = spread(times)
      return check(what, spreadText(found), found.n === rounds && limits(found))
    }
    return [
      row('of another machine: the lease runs out', far.times),
      check('its times', far.times.map(inSeconds).join(', '), true),
      row('of the same machine: known to be dead', near.times),
    ]
  },
}
