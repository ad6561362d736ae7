// The same prompts on the CPU and on a GPU -> a table of the largest differences, family by family.
import { join } from 'node:path'

const TOLERANCE = 1e-4

/** Golden models, so that the CPU's own numbers are those of PyTorch. */
const models = [
  ['GPT-2', 'goldens/d32-h4'],
  ['Llama, grouped queries, gated MLP', 'goldens-families/llama-grouped-llama3'],
  ['GPT-NeoX', 'goldens-families/neox-parallel'],
]

const settings = { vectors: true, imprint: false, gradientCheck: false, gradientRank: false }
const requests = [
  { prompt: { ids: [4, 8, 15, 16, 23] }, target: { ids: [42] }, ...settings },
  { prompt: { ids: [9] }, target: { ids: [30, 31] }, targetMode: 'sequence', ...settings },
]

/** Prints the table; true when every model keeps the tolerance. */
export async function runParity({ provider, device }, { engine, root }) {
  const load = {
    ...(await import(engine('testing/open-test-model.js'))),
    ...(await import(engine('lens/run-lens.js'))),
  }
  console.log(`\n${provider} on ${device}, against the CPU`)
  console.log(
    'family                               loss      X         Delta     ids, ranks  seconds',
  )
  let kept = true
  for (const [family, folder] of models) {
    const directory = join(root, 'packages/lens-engine', folder)
    const cpu = await computeOn('cpu', directory, load)
    const started = performance.now()
    const gpu = await computeOn(provider, directory, load).catch((error) => error)
    if (gpu instanceof Error) {
      console.log(`${family.padEnd(36)} FAILED ${gpu.message}`)
      kept = false
      continue
    }
    const { compareTensors } = await import(engine('testing/compare-tensors.js'))
    const row = compare(gpu, cpu, compareTensors)
    const worst = Math.max(row.loss, row.input, row.vjp)
    const rowKept = worst <= TOLERANCE && row.unequal === 0 && row.outsideZero === 0
    kept &&= rowKept
    const numbers = [row.loss, row.input, row.vjp].map((x) => x.toExponential(1).padEnd(9))
    const ids = row.unequal === 0 ? `equal` : `${row.unequal} differ`
    const ties = row.ties === 0 ? '' : ` (${row.ties} ties)`
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    const mark = rowKept ? '' : '  MISSED'
    console.log(
      `${family.padEnd(36)} ${numbers.join(' ')} ${(ids + ties).padEnd(11)} ${seconds}${mark}`,
    )
  }
  console.log(`tolerance ${TOLERANCE}: ${kept ? 'kept' : 'MISSED'}`)
  return kept
}

async function computeOn(provider, directory, { openTestModel, runLens }) {
  const { model, close } = openTestModel(directory, { provider })
  try {
    return await runLens(model, requests)
  } finally {
    await close()
  }
}

function compare(results, references, compareTensors) {
  const row = { loss: 0, input: 0, vjp: 0, outsideZero: 0, unequal: 0, ties: 0 }
  results.forEach((result, at) => {
    const reference = references[at]
    row.loss = Math.max(row.loss, Math.abs(result.loss - reference.loss) / reference.loss)
    result.vectors.forEach(({ input, inputWidth, vjp, vjpWidth }, index) => {
      const expected = reference.vectors[index]
      const vjpDifference = compareTensors(vjp, expected.vjp, vjpWidth)
      const { relativeError } = compareTensors(input, expected.input, inputWidth)
      row.input = Math.max(row.input, relativeError)
      row.vjp = Math.max(row.vjp, vjpDifference.relativeError)
      row.outsideZero = Math.max(row.outsideZero, vjpDifference.largestInZeroRows)
    })
    compareIds(result, reference, row)
  })
  return row
}

/** Ids may be exchanged, and ranks move, only among logits that are equal up to the tolerance. */
function compareIds(result, reference, row) {
  result.matrices.forEach((cells, index) => {
    const expected = reference.matrices[index]
    for (const end of ['top', 'bottom'])
      cells[`${end}Ids`].forEach((id, place) => {
        if (id === expected[`${end}Ids`][place]) return
        const [a, b] = [cells[`${end}Logits`][place], expected[`${end}Logits`][place]]
        const tied = Math.abs(a - b) <= TOLERANCE * Math.max(1e-6, Math.abs(b))
        row[tied ? 'ties' : 'unequal'] += 1
      })
    for (const ranks of ['targetRank', 'answerRank'])
      cells[ranks].forEach((rank, place) => {
        const distance = Math.abs(rank - expected[ranks][place])
        if (distance > 0) row[distance === 1 ? 'ties' : 'unequal'] += 1
      })
  })
}
