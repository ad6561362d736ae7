// Every edit method on the same requests by the engine and by PyTorch, in turn: time of an edit, peak memory, agreement.
import { withContestants } from './contestant.mjs'
import { median, megabytes, shown, table } from './numbers.mjs'

const WARM_UPS = 2

export async function measureMethods({ ours, theirs, methods, edits }) {
  const found = {}
  for (const method of methods) {
    // Processes of their own, so that the peak is the method's.
    found[method] = await withContestants([ours, theirs], (imprint, torch) =>
      measureMethod({ imprint, torch, method, edits }),
    )
    console.error(`${method}: ${JSON.stringify(found[method].median)}`)
  }
  return { report: { edits, methods: found }, table: tableOf(found) }
}

async function measureMethod({ imprint, torch, method, edits }) {
  const setup = await imprint.run({ do: 'resources', methods: [method] })
  await torch?.run({ do: 'resources', ...setup })
  const values = setup.hyperparameters[method]
  const samples = { imprint: [], torch: [] }
  const processor = { imprint: [], torch: [] }
  const steps = { imprint: [], torch: [] }
  const differences = []
  const peakBytes = {}
  for (let index = 0; index < WARM_UPS + edits; index++) {
    const warm = index < WARM_UPS
    const order = { do: 'edit', method, case: index, values, show: warm }
    const sides = index % 2 === 0 ? { imprint, torch } : { torch, imprint }
    const updates = {}
    for (const [side, contestant] of Object.entries(sides)) {
      if (contestant === null) continue
      const reply = await contestant.run(order)
      updates[side] = reply.update
      peakBytes[side] = reply.peakBytes
      steps[side].push(reply.steps)
      if (warm) continue
      samples[side].push(reply.milliseconds)
      processor[side].push(reply.processorMilliseconds)
    }
    if (warm && torch !== null) differences.push(difference(updates.imprint, updates.torch))
  }
  return {
    hyperparameters: values,
    median: medians(samples),
    processorMedian: medians(processor),
    samples,
    processorMilliseconds: processor,
    steps,
    peakBytes,
    relativeDifference: differences,
  }
}

const medians = ({ imprint, torch }) =>
  torch.length === 0
    ? { imprint: median(imprint) }
    : { imprint: median(imprint), torch: median(torch), ratio: median(torch) / median(imprint) }

/** |ours - theirs| / |theirs| over all matrices; null where the draws differ or nothing is written. */
function difference(mine, yours) {
  const keys = Object.keys(yours)
  if (keys.length === 0 || keys[0] === 'random') return null
  let [apart, whole] = [0, 0]
  for (const key of keys) {
    const [a, b] = [mine[key], yours[key]].map(decode)
    if (a.length !== b.length) throw new Error(`${key}: ${a.length} and ${b.length} values`)
    b.forEach((value, index) => {
      apart += (a[index] - value) ** 2
      whole += value ** 2
    })
  }
  return Math.sqrt(apart / whole)
}

function decode(text = '') {
  const bytes = Buffer.from(text, 'base64')
  return new Float32Array(new Uint8Array(bytes).buffer)
}

function tableOf(found) {
  const rows = Object.entries(found).map(([method, one]) => {
    const { imprint, torch = null, ratio = null } = one.median
    const known = one.relativeDifference.filter((value) => value !== null)
    return [
      method,
      shown(imprint),
      shown(torch),
      shown(ratio),
      one.processorMedian.ratio === undefined ? '—' : shown(one.processorMedian.ratio),
      megabytes(one.peakBytes.imprint),
      one.peakBytes.torch === undefined ? '—' : megabytes(one.peakBytes.torch),
      known.length === 0 ? '—' : Math.max(...known).toExponential(1),
    ]
  })
  const head = ['method', 'Imprint, ms', 'PyTorch, ms', 'times as long', 'times the processor']
  return table([...head, 'peak MB', 'PyTorch, peak MB', 'updates differ by'], rows)
}
