// One of two workers is killed, and nobody restarts it: how long until the other has stored the cases it held.
import { prepare, startEvaluation } from '../evaluations.mjs'
import { check, inSeconds, randomSleep, spread, spreadText, whoComputes } from '../scenario.mjs'
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

let machines = 0

/**
 * Another host name makes a process one of another machine: nobody here can know that it is dead. Each has a name of its own,
 * or else the next victim would know the one before it to be dead, and take its batch.
 */
function elsewhere() {
  machines += 1
  return ['unshare', '--uts', 'sh', '-c', `hostname elsewhere-${machines} && exec "$@"`, 'sh']
}
const here = () => []

/** Starts a worker, and kills it while it holds a batch; that batch and when, or null when the evaluation ended first. */
async function killOne(scene, id, wrapper) {
  for (;;) {
    const victim = await scene.startWorker({}, { wrapper: wrapper() })
    if ((await whoComputes(scene.url, id, [victim])) === null) return null
    await randomSleep(20, 300)
    victim.kill('SIGSTOP')
    const batch = await heldBy(scene.url, victim)
    await killNow(victim)
    if (batch !== null) return { batch, died: Date.now() }
  }
}

async function measure(stage, { rounds, cases, wrapper, together }) {
  const scene = await stage.openScene()
  try {
    const id = await startEvaluation(scene, await prepare(scene, cases), { casesPerBatch: 5 })
    await scene.startWorker()
    const times = []
    while (times.length < rounds) {
      const waiting = []
      for (let one = 0; one < together; one += 1) {
        const killed = await killOne(scene, id, wrapper)
        if (killed === null) break
        const stored = until(() => isStored(scene.url, killed.batch), 'another stores it', 120_000)
        waiting.push(stored.then(() => Date.now() - killed.died))
      }
      if (waiting.length === 0) break
      times.push(...(await Promise.all(waiting)))
    }
    return times
  } finally {
    await scene.close()
  }
}

export const recovery = {
  id: 'recovery',
  title: 'kill -9 of one of two workers, not restarted',
  sizes: { full: { cases: 1_500, rounds: 10, together: 5 }, small: null },
  async run(stage, { cases, rounds, together }) {
    const far = await measure(stage, { rounds, cases, wrapper: elsewhere, together })
    const near = await measure(stage, { rounds, cases, wrapper: here, together: 1 })
    const limits = ({ p50, max }) => p50 <= 30_000 && max <= 45_000
    const row = (what, times) => {
      const found = spread(times)
      return check(what, spreadText(found), found.n >= rounds && limits(found))
    }
    return [
      row('of another machine: the lease runs out', far),
      check('its times', far.map(inSeconds).join(', '), true),
      row('of the same machine: known to be dead', near),
    ]
  },
}
