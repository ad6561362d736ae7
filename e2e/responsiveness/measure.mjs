#!/usr/bin/env node
// `npm run measure:responsiveness`: the API's answers to a trivial query while the engine computes for 30 seconds on a
// random model of GPT-2 small's shape, prompts of 200 tokens, everything on this machine. Limit: p99 of 50 ms.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import {
  endStart,
  freePorts,
  launchStart,
  makeHome,
  root,
  waitUntilRunning,
} from '../stack/start-stack.mjs'
import { describeLatency, keepComputing, measureLatency, post } from './latency.mjs'

const limit = 50
const help = `Usage: npm run measure:responsiveness -- [--seconds 30] [--shape gpt2-small] [--tokens 200]

Generates a random model (half a gigabyte for gpt2-small) in a temporary home, starts everything, and measures
{ __typename } first at rest and then while runs are computed. Exits with 1 when p99 is above ${limit} ms.
`

function lens(home, ...words) {
  const script = path.join(root, 'packages/lens-engine/dist/cli/main.js')
  const env = { ...process.env, IMPRINT_HOME: home }
  const done = spawnSync(process.execPath, [script, ...words], { encoding: 'utf8', env })
  if (done.status !== 0) throw new Error(`lens ${words.join(' ')}: ${done.stderr}${done.stdout}`)
}

async function findModel(apiUrl, name) {
  const { data } = await post(
    apiUrl,
    undefined,
    '{ models(first: 50) { edges { node { id name } } } }',
  )
  const found = data.models.edges.find(({ node }) => node.name === name)
  if (found === undefined) throw new Error(`The model ${name} is not registered.`)
  return found.node.id
}

async function measure({ running, seconds, tokens }) {
  const { apiUrl } = running
  const modelId = await findModel(apiUrl, 'measured')
  const promptIds = Array.from({ length: tokens }, (_, index) => (index * 37) % 5000)
  const rest = await measureLatency({ apiUrl, seconds: Math.min(5, seconds) })
  console.log(`at rest:         ${describeLatency(rest)}`)
  const load = keepComputing({ apiUrl, input: { modelId, promptIds, targetIds: [11] } })
  await measureLatency({ apiUrl, seconds: 4 }) // the model is being loaded
  const busy = await measureLatency({ apiUrl, seconds })
  const { asked, busyShare } = await load.stop()
  console.log(`while computing: ${describeLatency(busy)}`)
  console.log(
    `${asked} runs of ${tokens} tokens, computing ${Math.round(busyShare * 100)}% of the looks`,
  )
  return busy
}

async function main() {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '30' },
      tokens: { type: 'string', default: '200' },
      shape: { type: 'string', default: 'gpt2-small' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return console.log(help)
  const home = makeHome()
  try {
    const directory = path.join(home, 'generated', 'measured')
    lens(home, 'models', 'random', '--shape', values.shape, '--out', directory)
    lens(home, 'models', 'add', directory, '--name', 'measured')
    const program = launchStart({ home, env: await freePorts() })
    const running = await waitUntilRunning(program, home)
    try {
      const options = { running, seconds: Number(values.seconds), tokens: Number(values.tokens) }
      const { p99 } = await measure(options)
      const good = p99 <= limit
      console.log(`p99 ${p99.toFixed(1)} ms: ${good ? 'within' : 'above'} the limit of ${limit} ms`)
      if (!good) process.exitCode = 1
    } finally {
      await endStart(program, running)
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

await main()
