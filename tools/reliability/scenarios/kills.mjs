// kill -9 of the only worker at random moments of its work, with a supervisor that starts the next one.
import { prepare, startEvaluation, waitForEnd } from '../evaluations.mjs'
import {
  check,
  randomSleep,
  reworkCheck,
  sameAsUndisturbed,
  spread,
  spreadText,
  undisturbed,
  whoComputes,
} from '../scenario.mjs'
import { killNow } from '../stage/programs.mjs'

export const kills = {
  id: 'kills',
  title: 'kill -9 of the worker in mid-evaluation',
  sizes: {
    full: { cases: 1_000, rounds: 50, earliest: 50, latest: 2_000 },
    small: { cases: 40, rounds: 3, earliest: 50, latest: 400 },
  },
  async run(stage, { cases, rounds, earliest, latest, evaluation: options = {} }) {
    const golden = await undisturbed(stage, { cases, options })
    const scene = await stage.openScene()
    try {
      const prepared = await prepare(scene, cases)
      const id = await startEvaluation(scene, prepared, options)
      const recoveries = []
      let killed = 0
      let worker = await scene.startWorker()
      let diedAt = null
      while (killed < rounds) {
        if ((await whoComputes(scene.url, id, [worker])) === null) break
        if (diedAt !== null) recoveries.push(Date.now() - diedAt)
        await randomSleep(earliest, latest)
        await killNow(worker)
        diedAt = Date.now()
        killed += 1
        worker = await scene.startWorker()
      }
      await waitForEnd(scene.url, id)
      return [
        check('workers killed', killed, killed === rounds),
        ...(await sameAsUndisturbed(scene, id, { cases, golden })),
        await reworkCheck(scene.url, id, killed),
        check(
          'from kill to the next one at work',
          spreadText(spread(recoveries)),
          Math.max(...recoveries) <= 45_000,
        ),
      ]
    } finally {
      await scene.close()
    }
  },
}
