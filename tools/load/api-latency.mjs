// How long the API takes for a trivial query while the engine computes: `node tools/load/api-latency.mjs [seconds]`.
// Needs a running Imprint (`npm start`). Fails when the 99th percentile is above 50 ms.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const home = path.resolve(root, process.env.IMPRINT_HOME?.trim() || '.imprint')
const { apiUrl } = JSON.parse(readFileSync(path.join(home, 'running.json'), 'utf8'))
const seconds = Number(process.argv[2] ?? 30)
const limit = 50
const pause = 20
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })

function graphql(query, variables = {}) {
  const body = JSON.stringify({ query, variables })
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${apiUrl}/graphql`,
      { method: 'POST', headers, agent },
      (response) => {
        let text = ''
        response.on('data', (chunk) => (text += chunk))
        response.on('end', () => resolve(JSON.parse(text)))
      },
    )
    request.once('error', reject).end(body)
  })
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const create = `mutation($input: CreateLensRunInput!) { createLensRun(input: $input) { run { id } errors { message } } }`

async function longRun() {
  const { data } = await graphql('{ models { edges { node { id contextLength } } } }')
  const { id, contextLength } = data.models.edges[0].node
  const promptIds = Array.from({ length: Math.min(200, contextLength) }, (_, index) => 300 + index)
  const input = { modelId: id, promptIds, targetIds: [300], name: 'latency test' }
  return (await graphql(create, { input })).data.createLensRun.run.id
}

/** Keeps the engine busy: whenever the last run has ended, the next one is queued. */
async function keepBusy(until) {
  const ids = []
  while (Date.now() < until) {
    const id = await longRun()
    ids.push(id)
    const ended = async () => {
      const { data } = await graphql('query($id: ID!) { lensRun(id: $id) { state } }', { id })
      return !['QUEUED', 'RUNNING'].includes(data.lensRun.state)
    }
    while (Date.now() < until && !(await ended())) await sleep(200)
  }
  for (const id of ids)
    await graphql('mutation($id: ID!) { deleteLensRun(id: $id) { deletedId } }', { id })
  return ids.length
}

async function measure(until) {
  const times = []
  while (Date.now() < until) {
    const started = performance.now()
    await graphql('{ __typename }')
    times.push(performance.now() - started)
    await sleep(pause)
  }
  return times.sort((a, b) => a - b)
}

const until = Date.now() + seconds * 1000
const [runs, times] = await Promise.all([keepBusy(until), measure(until)])
const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1)
console.log(
  `${times.length} queries in ${seconds} s while ${runs} runs of 200 tokens were computed: ` +
    `median ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms (limit of p99: ${limit} ms)`,
)
agent.destroy()
process.exitCode = Number(at(0.99)) <= limit ? 0 : 1
