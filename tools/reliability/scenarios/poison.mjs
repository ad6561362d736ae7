// Something about one case takes the engine down whenever it is computed: the case fails after two tries, one in its batch and one
// alone under each arm; the others finish.
// The cause is outside of the program under test: whoever holds the case's batch finds its engine ended with SIGSEGV.
import { setTimeout as sleep } from 'node:timers/promises'
import { fingerprint, look, prepare, startEvaluation, waitForEnd } from '../evaluations.mjs'
import { check, undisturbed } from '../scenario.mjs'
import { query } from '../stage/cluster.mjs'
import { enginesOf } from '../stage/programs.mjs'
import pg from 'pg'

const holding = `SELECT "id", "lease_epoch" AS "epoch", "cases" FROM "evaluation_batch"
  WHERE "evaluation_id" = $1 AND "state" = 'RUNNING' AND "first_case" <= $2 AND "first_case" + "cases" > $2`

/** Engines of a worker that take work: one that ends while it starts is no witness against what it was started for. */
function readyEngines(worker) {
  const started = worker.lines.filter(({ msg }) => msg === 'engine started')
  const ready = new Set(started.map(({ processId }) => processId))
  return enginesOf(worker.pid).filter((engine) => ready.has(engine))
}

/** Stopped at once, an engine is not done with the case before it dies; it dies when it surely was given it. */
async function endInTheCase(engines) {
  for (const engine of engines) process.kill(engine, 'SIGSTOP')
  await sleep(200)
  for (const engine of engines) {
    process.kill(engine, 'SIGSEGV')
    process.kill(engine, 'SIGCONT')
  }
}

/** Ends the engine for every lease of a batch with the case in it, until that lease has ended. */
async function poison({ url, id, place, worker }, isOver) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const sizes = new Map()
  while (!isOver()) {
    const [batch] = (await client.query(holding, [id, place])).rows
    const engines = batch ? readyEngines(worker) : []
    if (engines.length > 0) {
      sizes.set(`${batch.id} ${batch.epoch}`, batch.cases)
      await endInTheCase(engines)
    }
    await sleep(2)
  }
  await client.end()
  return [...sizes.values()]
}

export const poisonCase = {
  id: 'poison',
  title: 'a case that takes the engine down (SIGSEGV)',
  sizes: {
    full: { cases: 100, place: 37, evaluation: { casesPerBatch: 10 } },
    small: null,
  },
  async run(stage, { cases, place, evaluation: options }) {
    const golden = await undisturbed(stage, { cases, options })
    const scene = await stage.openScene()
    try {
      const prepared = await prepare(scene, cases)
      const worker = await scene.startWorker()
      const id = await startEvaluation(scene, prepared, options)
      let over = false
      const poisoning = poison({ url: scene.url, id, place, worker }, () => over)
      await waitForEnd(scene.url, id).finally(() => (over = true))
      const sizes = await poisoning
      const { state, rows, failed } = await look(scene.url, id)
      const failures = await query(
        scene.url,
        `SELECT "place", "record"->'error'->>'code' AS "code" FROM "case_result"
         WHERE "evaluation_id" = $1 AND "kind" = 'FAILURE' ORDER BY 1`,
        [id],
      )
      const arms = await fingerprint(scene.url, id)
      const armCount = Object.keys(golden.arms).length
      return [
        check('the evaluation is done', state, state === 'DONE'),
        check(
          'times the engine died, with a batch of',
          sizes.join(', then '),
          sizes.length === 1 + armCount && sizes.slice(1).every((one) => one === 1),
        ),
        check('rows', rows, rows === cases * armCount),
        check(
          'failed cases',
          failures.map((one) => `${one.place} (${one.code})`).join(', '),
          failed === armCount &&
            failures.every((one) => one.place === place && one.code === 'ENGINE_CRASHED'),
        ),
        check(
          'distinct cases of each arm',
          Object.values(arms)
            .map((arm) => arm.cases)
            .join(', '),
          Object.values(arms).every((arm) => arm.cases === cases),
        ),
        check('the worker lives', worker.ended === null, worker.ended === null),
      ]
    } finally {
      await scene.close()
    }
  },
}
