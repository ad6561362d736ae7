// The lens itself, behind the same line protocol as the Python contestants.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'
import { loadModel } from '../../../packages/lens-engine/dist/runtime/load-model.js'
import { runtimeVersion } from '../../../packages/lens-engine/dist/runtime/ort.js'
import { runLens } from '../../../packages/lens-engine/dist/lens/run-lens.js'

const [directory, threads] = [process.argv[2], Number(process.argv[3])]
const files = {
  name: 'benchmark',
  directory,
  weightsDigest: 'generated',
  configDigest: 'generated',
  config: JSON.parse(readFileSync(path.join(directory, 'config.json'), 'utf8')),
}
const model = loadModel(files, { provider: 'cpu', threads })
const settings = {
  matrices: ['mlp.up', 'mlp.down'],
  topK: 10,
  hiddenStates: false,
  imprint: false,
  gradientRank: false,
  gradientCheck: false,
}

const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

function peakBytes() {
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]) * 1024
}

/** In the order of the Python contestants: layer, matrix, position. */
function readings({ matrices }) {
  const joined = (field) => matrices.flatMap((cells) => [...cells[field]])
  return {
    top: joined('topIds'),
    bottom: joined('bottomIds'),
    top_probability: joined('topProbabilities'),
    target_rank: joined('targetRank'),
    answer_rank: joined('answerRank'),
  }
}

const versions = { 'onnxruntime-node': runtimeVersion, node: process.versions.node }
answer({ ready: 'Imprint', versions })
for await (const line of readline.createInterface({ input: process.stdin })) {
  const { ids, target, show } = JSON.parse(line)
  const started = performance.now()
  const [result] = await runLens(model, [
    { prompt: { ids }, target: { ids: [target] }, ...settings },
  ])
  const milliseconds = performance.now() - started
  answer({ milliseconds, peakBytes: peakBytes(), ...(show ? { readings: readings(result) } : {}) })
}
