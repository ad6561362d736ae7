// Times the lens on the CPU and on each GPU, on a random GPT-2-small shape -> a table and JSON.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname, join } from 'node:path'

const POSITIONS = [10, 50, 200]
const RUNS = 5

const settings = { hiddenStates: false, imprint: false, gradientCheck: false, gradientRank: false }

/** Runs every length on the CPU and the devices, prints ratios and writes the figures. */
export async function runBench(devices, { engine, out }) {
  const { resolveHome } = await import(engine('models/home.js'))
  const { chooseProvider } = await import(engine('runtime/provider.js'))
  const directory = await ensureModel(join(resolveHome(), 'bench', 'gpt2-small-random'), engine)
  const { device: processor } = chooseProvider('cpu')
  const all = [{ provider: 'cpu', device: processor, state: 'usable' }, ...devices]
  const rows = []
  console.log('\nGPT-2-small shape, all projectable factors, milliseconds after the first run')
  for (const positions of POSITIONS)
    for (const { provider, device } of all) {
      const milliseconds = await time(provider, positions, { engine, directory })
      rows.push({ provider, device, positions, milliseconds })
      const cpu = rows.find((row) => row.positions === positions).milliseconds.median
      const ratio = (cpu / milliseconds.median).toFixed(2)
      const { min, median, max } = milliseconds
      const times = [min, median, max].map((value) => value.toFixed(0)).join(' / ')
      console.log(`${positions} tokens, ${provider} on ${device}: ${times} (CPU / this: ${ratio})`)
    }
  const file = out ?? join(resolveHome(), 'bench', 'gpu.json')
  mkdirSync(dirname(file), { recursive: true })
  const machine = { processor, cores: cpus().length, node: process.version }
  const report = { date: new Date().toISOString(), machine, devices, runs: RUNS, rows }
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`)
  console.log(`JSON in ${file}`)
}

async function ensureModel(directory, engine) {
  if (existsSync(join(directory, 'model.safetensors'))) return directory
  const { gpt2SmallShape, writeRandomGpt2 } = await import(engine('testing/random-gpt2.js'))
  const partial = `${directory}.partial`
  rmSync(partial, { recursive: true, force: true })
  writeRandomGpt2(partial, gpt2SmallShape)
  renameSync(partial, directory)
  return directory
}

async function time(provider, positions, { engine, directory }) {
  const { loadModel } = await import(engine('runtime/load-model.js'))
  const { runLens } = await import(engine('lens/run-lens.js'))
  const config = JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8'))
  const digests = { weightsDigest: 'generated', configDigest: 'generated' }
  const model = loadModel({ name: 'benchmark', directory, config, ...digests }, { provider })
  const ids = Array.from({ length: positions }, (_, at) => (7919 * (at + 1)) % config.vocab_size)
  const request = { prompt: { ids }, target: { ids: [4242] }, ...settings }
  await runLens(model, [request])
  const samples = []
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now()
    await runLens(model, [request])
    samples.push(performance.now() - started)
  }
  await model.dispose()
  samples.sort((a, b) => a - b)
  return { min: samples[0], median: samples[(RUNS - 1) / 2], max: samples[RUNS - 1] }
}
