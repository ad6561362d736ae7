// npm run test:gpu: the lens on a GPU (or SwiftShader) against the CPU on tiny models of three families; with --bench
// also times on a GPT-2-small shape. Exit code: 0 kept, 1 a difference beyond the tolerance, 2 bad usage, 3 no device.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const help = `npm run test:gpu -- [--provider cuda|webgpu] [--bench] [--out FILE]

Compares loss, X, Delta, ids and ranks with the CPU (relative error at most 1e-4). Without --provider every GPU provider
that works is taken; without a GPU, WebGPU runs on SwiftShader where Debian's chromium and libvulkan1 are installed.
--bench     also times the lens on a random GPT-2-small shape with 10, 50 and 200 tokens, CPU and GPU
--out FILE  where the JSON of --bench goes (default: IMPRINT_HOME/bench/gpu.json)

Exit code: 0 everything kept; 1 a difference beyond the tolerance, or a run failed; 2 bad usage; 3 no device here`

const root = fileURLToPath(new URL('../..', import.meta.url))
const engine = (path) => new URL(`../../packages/lens-engine/dist/${path}`, import.meta.url).href

function readFlags() {
  const options = {
    provider: { type: 'string' },
    bench: { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  }
  try {
    const { values } = parseArgs({ options })
    if (values.provider === undefined || ['cuda', 'webgpu'].includes(values.provider)) return values
    throw new Error(`--provider takes cuda or webgpu, not ${values.provider}`)
  } catch (error) {
    console.error(`${error.message}\n\n${help}`)
    process.exit(2)
  }
}

/** GPU providers that work here; SwiftShader is offered to WebGPU when no driver is named and no GPU is found. */
async function findDevicesToTest(asked) {
  const { listDevices } = await import(engine('runtime/provider.js'))
  const { findVulkanDriver } = await import(engine('testing/vulkan-driver.js'))
  process.env.XDG_RUNTIME_DIR ??= '/tmp'
  const wanted = ({ provider }) => provider !== 'cpu' && (asked ?? provider) === provider
  const found = listDevices().filter(wanted)
  if (found.some(({ state }) => state !== 'refused')) return found
  const { driver } = findVulkanDriver()
  if (driver === null) return found
  process.env.VK_DRIVER_FILES = driver
  return listDevices().filter(wanted)
}

const flags = readFlags()
if (flags.help) {
  console.log(help)
  process.exit(0)
}
if (!existsSync(fileURLToPath(engine('runtime/provider.js')))) {
  console.error('The engine is not built. Run `npm run build` first.')
  process.exit(2)
}
const found = await findDevicesToTest(flags.provider)
const devices = found.filter(({ state }) => state !== 'refused')
for (const { provider, state, reason } of found)
  if (state === 'refused') console.log(`${provider}: ${reason}`)
if (devices.length === 0) {
  console.log('No GPU and no SwiftShader here: nothing was tested.')
  process.exit(3)
}
const { runParity } = await import('./parity.mjs')
let kept = true
for (const device of devices) kept = (await runParity(device, { engine, root })) && kept
if (flags.bench) {
  const { runBench } = await import('./bench.mjs')
  await runBench(devices, { engine, out: flags.out })
}
process.exit(kept ? 0 : 1)
