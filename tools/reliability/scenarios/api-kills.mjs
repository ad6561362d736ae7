// The API is killed while many follow an evaluation; they connect again to the next one.
import { setTimeout as sleep } from 'node:timers/promises'
import { prepare, startEvaluation, waitForEnd } from '../evaluations.mjs'
import { check, inSeconds, randomSleep, spread } from '../scenario.mjs'
import { followEvaluation } from '../stage/graphql.mjs'
import { killNow, until } from '../stage/programs.mjs'

const isMonotonic = (seen) =>
  seen.every(({ version, done }, index) => {
    const before = seen[index - 1]
    return before === undefined || (version >= before.version && done >= before.done)
  })

/** Milliseconds from a moment until every follower is connected and has been told something again. */
async function reconnection(followers, since) {
  const backAt = ({ connected, seen }) =>
    connected.some((at) => at > since) && seen.some(({ at }) => at > since)
  await until(() => followers.every(backAt), 'every follower is back', 60_000)
  return Math.max(...followers.map(({ seen }) => seen.find(({ at }) => at > since).at - since))
}

export const apiKills = {
  id: 'api-kills',
  title: 'kill -9 of the API under subscribers',
  sizes: {
    full: { cases: 1_500, rounds: 5, subscribers: 50, pause: [2_000, 4_000], limit: 10_000 },
    small: { cases: 40, rounds: 1, subscribers: 5, pause: [100, 300], limit: 60_000 },
  },
  async run(stage, { cases, rounds, subscribers, pause, limit, evaluation: options = {} }) {
    const scene = await stage.openScene()
    try {
      const prepared = await prepare(scene, cases)
      const id = await startEvaluation(scene, prepared, options)
      const followers = Array.from({ length: subscribers }, () =>
        followEvaluation(scene.api.url, id),
      )
      await until(
        () => followers.every(({ seen }) => seen.length > 0),
        'every follower has a snapshot',
      )
      await scene.startWorker()
      const back = []
      for (let round = 0; round < rounds; round += 1) {
        await randomSleep(...pause)
        if (followers.some(({ seen }) => seen.at(-1).state === 'DONE')) break
        await killNow(scene.api.process)
        const died = Date.now()
        await scene.restartApi()
        back.push(await reconnection(followers, died).catch(() => Infinity))
      }
      await waitForEnd(scene.url, id)
      await Promise.race([Promise.all(followers.map(({ ended }) => ended)), sleep(30_000)])
      const final = followers.filter(({ seen }) => {
        const last = seen.at(-1)
        return last.state === 'DONE' && last.done === last.total
      }).length
      const monotonic = followers.filter(({ seen }) => isMonotonic(seen)).length
      for (const { close } of followers) close()
      return [
        check('APIs killed', back.length, back.length === rounds),
        check(
          'followers that saw the final state',
          `${final} of ${subscribers}`,
          final === subscribers,
        ),
        check(
          'followers whose progress never went back',
          `${monotonic} of ${subscribers}`,
          monotonic === subscribers,
        ),
        check(
          'from kill until all were told again',
          back.map(inSeconds).join(', '),
          spread(back).max <= limit,
        ),
      ]
    } finally {
      await scene.close()
    }
  },
}
