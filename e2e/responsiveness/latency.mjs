// How long a trivial query takes while the engine computes.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Posts one GraphQL document; the parsed answer. */
export function post(apiUrl, agent, query, variables = {}) {
  const body = JSON.stringify({ query, variables })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${apiUrl}/graphql`,
      { method: 'POST', agent, headers },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
        response.on('end', () => resolve(JSON.parse(text)))
      },
    )
    request.once('error', reject)
    request.end(body)
  })
}

/** The value below which a share of the sorted numbers lies. */
export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN
}

/** Asks `{ __typename }` again and again for some seconds; milliseconds of each answer, as figures. */
export async function measureLatency({ apiUrl, seconds, pause = 15 }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const times = []
  const end = Date.now() + seconds * 1000
  while (Date.now() < end) {
    const started = performance.now()
    const answer = await post(apiUrl, agent, '{ __typename }')
    if (answer.data?.__typename !== 'Query') throw new Error(JSON.stringify(answer))
    times.push(performance.now() - started)
    await sleep(pause)
  }
  agent.destroy()
  times.sort((a, b) => a - b)
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((share) => quantile(times, share))
  return { queries: times.length, p50, p90, p99, max: times.at(-1) ?? NaN }
}

const createRun = `mutation ($input: CreateLensRunInput!) {
  createLensRun(input: $input) { run { id } errors { code message } } }`
const countRuns = `query ($state: RunState!) { lensRuns(first: 1, filter: { state: $state }) { totalCount } }`

/**
 * Keeps a few runs waiting, so that the engine computes without a break until `stop()`,
 * which returns how many runs were asked for and how many were being computed at each look.
 */
export function keepComputing({ apiUrl, input, waiting = 2 }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const count = async (state) =>
    (await post(apiUrl, agent, countRuns, { state })).data.lensRuns.totalCount
  let going = true
  let [asked, looks, busy] = [0, 0, 0]
  const addOne = async () => {
    asked += 1
    const { data } = await post(apiUrl, agent, createRun, { input })
    const problem = data?.createLensRun.errors[0]
    if (problem) throw new Error(`${problem.code}: ${problem.message}`)
  }
  const loop = (async () => {
    while (going) {
      for (let missing = waiting - (await count('QUEUED')); missing > 0; missing -= 1)
        await addOne()
      looks += 1
      if ((await count('RUNNING')) > 0) busy += 1
      await sleep(100)
    }
    agent.destroy()
    return { asked, busyShare: looks === 0 ? 0 : busy / looks }
  })()
  return {
    stop: () => {
      going = false
      return loop
    },
  }
}

/** Milliseconds for people. */
export function describeLatency({ queries, p50, p90, p99, max }) {
  const show = (value) => `${value.toFixed(1)} ms`
  return `${queries} queries: p50 ${show(p50)}, p90 ${show(p90)}, p99 ${show(p99)}, max ${show(max)}`
}
