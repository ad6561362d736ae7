// Peak memory of a run, in the engine's own child process: `npm run measure:memory -- --case llama2-7b|gpt2-xl|small`.
// Generates the model, runs a backward lens, and fails when a limit of the case is broken.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { fileURLToPath } from 'node:url'
import { EngineSupervisor } from '../../packages/lens-engine/dist/index.js'
import { generateModel } from '../../packages/lens-engine/dist/cli/generate-model.js'
import { limitedCases, smallCases } from './cases.mjs'
import { sampleProcess } from './sample-process.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const names = [...Object.keys(limitedCases), 'small']
const help = `npm run measure:memory -- --case <name> [--directory <dir>] [--threads <n>] [--delete] [--json <file>]

  --case       ${names.join(', ')} or one of:
               ${Object.keys(smallCases).join('\n               ')}
  --directory  where models are generated and kept; llama2-7b takes 13.5 GB, gpt2-xl 6.2 GB
  --threads    threads of one operator (default 2)
  --delete     delete the generated models afterwards
  --json       where to write the figures (default docs/memory/<case>.json)`

const { values } = parseArgs({
  options: {
    case: { type: 'string' },
    directory: { type: 'string', default: path.join(tmpdir(), 'imprint-memory') },
    threads: { type: 'string', default: '2' },
    delete: { type: 'boolean', default: false },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

function casesOf(name) {
  if (name === 'small') return smallCases
  const known = { ...limitedCases, ...smallCases }
  return known[name] === undefined ? null : { [name]: known[name] }
}

const megabytes = (bytes) => `${Math.round(bytes / 2 ** 20).toLocaleString('en-US')} MiB`
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`

function makeModel({ shape, dtype }) {
  const directory = path.join(values.directory, `${shape}-${dtype}`)
  if (existsSync(directory)) return { directory, generated: null }
  const started = performance.now()
  generateModel(directory, { shape, dtype, seed: 1 })
  return { directory, generated: performance.now() - started }
}

/** Adds up the time between one stage, or pass of a streamed run, and the next. */
function stageClock() {
  const times = {}
  let [now, since] = ['starting', performance.now()]
  const enter = (stage) => {
    times[now] = (times[now] ?? 0) + performance.now() - since
    ;[now, since] = [stage, performance.now()]
  }
  return { times, enter }
}

function watch(clock) {
  let shown = 0
  return (stage, progress) => {
    clock.enter(progress?.pass ?? stage)
    if (progress === undefined || performance.now() - shown < 5000) return
    shown = performance.now()
    const left = progress.remaining === null ? '' : `, about ${seconds(progress.remaining)} left`
    console.error(`  ${progress.pass}, layer ${progress.layer} of ${progress.layers}${left}`)
  }
}

async function measure(name, order) {
  console.error(`${name}: generating the model where it is missing ...`)
  const { directory, generated } = makeModel(order)
  const supervisor = new EngineSupervisor({ home: path.join(values.directory, 'home') })
  try {
    await supervisor.start()
    const clock = stageClock()
    const stop = sampleProcess(() => supervisor.status().processId)
    const ids = Array.from({ length: order.positions }, (_, at) => (7919 * (at + 1)) % 32000)
    const request = { prompt: { ids }, target: { ids: [4242] }, ...order.settings }
    const { streaming } = order
    const threads = Number(values.threads)
    const task = { model: directory, requests: [request], provider: 'cpu', threads, streaming }
    const [result] = await supervisor.run(task, { onStage: watch(clock) })
    clock.enter('ended')
    return { ...report(name, order, result, stop()), generated, stages: clock.times }
  } finally {
    await supervisor.dispose()
  }
}

/** The memory it really took: pages mapped twice are one page, and the two kinds need not peak together. */
const held = ({ resident, anonymous, fileOnce }) => Math.min(resident, anonymous + fileOnce)

function report(name, order, { receipt, loss }, peaks) {
  const broken = Object.entries(order.limits ?? {}).filter(([kind, most]) => peaks[kind] > most)
  return {
    case: name,
    ...order,
    threads: receipt.threads,
    dtype: receipt.dtype,
    streaming: receipt.streaming,
    streamingReason: receipt.streamingReason,
    loss,
    gradientCheckError: receipt.gradientCheckError,
    peaks,
    predicted: receipt.predictedMemory,
    heldBytes: held(peaks),
    ratio: receipt.predictedMemory.total / held(peaks),
    broken: broken.map(([kind]) => kind),
  }
}

function print(figures) {
  const { peaks, limits = {}, predicted, stages, broken } = figures
  const limit = (kind) => (limits[kind] === undefined ? '' : `  (limit ${megabytes(limits[kind])})`)
  console.log(
    `${figures.case}: ${figures.positions} tokens, ${figures.dtype}, ${figures.threads} threads`,
  )
  console.log(`  peak resident     ${megabytes(peaks.resident)}${limit('resident')}`)
  console.log(`    anonymous       ${megabytes(peaks.anonymous)}${limit('anonymous')}`)
  console.log(`    mapped files    ${megabytes(peaks.fileMapped)}`)
  console.log(`  each page once    ${megabytes(figures.heldBytes)}`)
  console.log(
    `  predicted         ${megabytes(predicted.total)} = ${figures.ratio.toFixed(2)} x measured`,
  )
  console.log(
    `  time              ${Object.entries(stages)
      .map(([stage, time]) => `${stage} ${seconds(time)}`)
      .join(', ')}`,
  )
  if (broken.length > 0) console.log(`  BROKEN LIMIT: ${broken.join(', ')}`)
}

function write(name, runs) {
  const file = path.resolve(values.json ?? path.join(root, 'docs', 'memory', `${name}.json`))
  mkdirSync(path.dirname(file), { recursive: true })
  const processor = cpus()[0]?.model ?? 'unknown'
  const machine = {
    processor,
    cores: availableParallelism(),
    memory: totalmem(),
    node: process.version,
  }
  writeFileSync(file, `${JSON.stringify({ machine, runs }, null, 2)}\n`)
}

async function main() {
  const cases = casesOf(values.case ?? '')
  if (values.help || cases === null) {
    console.log(help)
    return values.help ? 0 : 2
  }
  const runs = []
  for (const [name, order] of Object.entries(cases)) {
    runs.push(await measure(name, order))
    print(runs.at(-1))
  }
  write(values.case, runs)
  if (values.delete) rmSync(values.directory, { recursive: true, force: true })
  return runs.some(({ broken }) => broken.length > 0) ? 1 : 0
}

process.exitCode = await main()
