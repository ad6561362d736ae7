// SIGTERM of the API and of the worker under load: what was accepted is answered, and both end within ten seconds.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepare, startEvaluation, waitForEnd } from '../evaluations.mjs'
import {
  check,
  randomSleep,
  reworkCheck,
  sameAsUndisturbed,
  spread,
  spreadText,
  undisturbed,
} from '../scenario.mjs'
import { tailOf } from '../stage/programs.mjs'

const query = JSON.stringify({
  query: '{ evaluations(first: 20) { edges { node { id state } } } }',
})

/** Asks again and again; an answer that began before the stop has to be whole. */
function keepAsking(url, isOver, counts) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const ask = () =>
    new Promise((resolve) => {
      const headers = { 'content-type': 'application/json', 'content-length': query.length }
      const request = http.request(`${url}/graphql`, { method: 'POST', headers, agent })
      // Written and taken by the kernel of the other side is not accepted yet; headers of an answer are.
      request.once('error', () => resolve('refused'))
      request.once('response', (response) => {
        response.resume()
        response.once('aborted', () => resolve('broken'))
        response.once('end', () => resolve(response.statusCode < 500 ? 'answered' : 'failed'))
      })
      request.end(query)
    })
  const loop = async () => {
    while (!isOver()) {
      const outcome = await ask()
      counts[outcome] = (counts[outcome] ?? 0) + 1
      if (outcome === 'refused') await sleep(20)
    }
    agent.destroy()
  }
  return loop()
}

async function stop(program) {
  const started = Date.now()
  program.kill('SIGTERM')
  const { code } = await program.gone
  return { milliseconds: Date.now() - started, code, tail: tailOf(program, 4) }
}

/** How often which exit code, and the last words of the first that did not end well. */
function codes(all) {
  const counts = new Map()
  for (const { code } of all) counts.set(code, (counts.get(code) ?? 0) + 1)
  const bad = all.find(({ code }) => code !== 0)
  const said = [...counts].map(([code, ends]) => `code ${code} ${ends}x`).join(', ')
  return bad === undefined ? said : `${said}: ${bad.tail}`
}

export const gracefulStops = {
  id: 'graceful-stops',
  title: 'SIGTERM of API and worker under load',
  sizes: { full: { cases: 1_000, rounds: 20, clients: 20 }, small: null },
  async run(stage, { cases, rounds, clients, evaluation: options = {} }) {
    const golden = await undisturbed(stage, { cases, options })
    const scene = await stage.openScene()
    try {
      const id = await startEvaluation(scene, await prepare(scene, cases), options)
      const counts = {}
      const stops = { api: [], worker: [] }
      for (let round = 0; round < rounds; round += 1) {
        let over = false
        const worker = await scene.startWorker()
        const asking = Array.from({ length: clients }, () =>
          keepAsking(scene.api.url, () => over, counts),
        )
        await randomSleep(300, 1_500)
        const [api, ended] = await Promise.all([stop(scene.api.process), stop(worker)])
        over = true
        await Promise.all(asking)
        stops.api.push(api)
        stops.worker.push(ended)
        await scene.restartApi()
      }
      await scene.startWorker()
      await waitForEnd(scene.url, id)
      const times = (all) => spread(all.map(({ milliseconds }) => milliseconds))
      const clean = (all) =>
        all.every(({ code, milliseconds }) => code === 0 && milliseconds <= 10_000)
      return [
        check('answers before and while stopping', counts.answered, counts.answered > 0),
        check(
          'answers broken or 5xx',
          `${counts.broken ?? 0}, ${counts.failed ?? 0}`,
          !counts.broken && !counts.failed,
        ),
        check(
          'the API ends',
          `${spreadText(times(stops.api))}; ${codes(stops.api)}`,
          clean(stops.api),
        ),
        check(
          'the worker ends',
          `${spreadText(times(stops.worker))}; ${codes(stops.worker)}`,
          clean(stops.worker),
        ),
        ...(await sameAsUndisturbed(scene, id, { cases, golden })),
        await reworkCheck(scene.url, id, rounds),
      ]
    } finally {
      await scene.close()
    }
  },
}
