// Runs one scenario in a process of its own, so that load time and peak memory belong to it alone.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LensRequest } from '../lens/lens-result.js'
import { runLens } from '../lens/run-lens.js'
import { loadModel, type LoadedModel } from '../runtime/load-model.js'
import { probeMachine } from '../testing/machine-probe.js'
import { openPass } from '../testing/pass-graphs.js'
import { memoryBytes, summarize, type Measurement } from './measurement.js'
import type { Scenario } from './scenarios.js'

export interface MeasureOrder {
  readonly directory: string
  readonly scenario: Scenario
  readonly threads: number
}

function openModel({ directory, threads }: MeasureOrder): LoadedModel {
  const config = readFileSync(join(directory, 'config.json'))
  return loadModel(
    {
      name: 'benchmark',
      directory,
      // The file is generated here from a fixed seed; hashing half a gigabyte is no part of what is measured.
      weightsDigest: 'generated',
      configDigest: createHash('sha256').update(config).digest('hex'),
      config: JSON.parse(config.toString('utf8')) as unknown,
    },
    { provider: 'cpu', threads },
  )
}

function requestOf(scenario: Scenario, vocabularySize: number): LensRequest {
  const ids = Array.from(
    { length: scenario.positions },
    (_, at) => (7919 * (at + 1)) % vocabularySize,
  )
  return { prompt: { ids }, target: { ids: [4242 % vocabularySize] }, ...scenario.settings }
}

interface Opened {
  readonly model: LoadedModel
  readonly loadMilliseconds: number
  readonly firstMilliseconds: number
  readonly run: () => Promise<unknown>
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Loads the model and runs once: configuration, header and session are the load, the rest is the first run. */
async function open(order: MeasureOrder): Promise<Opened> {
  const { scenario } = order
  const started = performance.now()
  const model = openModel(order)
  const request = requestOf(scenario, model.shape.vocabularySize)
  if (scenario.work !== 'lens') {
    const run = await openPass(model, scenario.work, request)
    const loadMilliseconds = performance.now() - started
    return { model, loadMilliseconds, firstMilliseconds: await time(run), run }
  }
  const modelMilliseconds = performance.now() - started
  const [first] = await runLens(model, [request])
  const sessionMilliseconds = first?.receipt.timings['load'] ?? NaN
  return {
    model,
    loadMilliseconds: modelMilliseconds + sessionMilliseconds,
    firstMilliseconds: performance.now() - started - modelMilliseconds - sessionMilliseconds,
    run: () => runLens(model, [request]),
  }
}

async function measure(order: MeasureOrder): Promise<Measurement> {
  const { model, loadMilliseconds, firstMilliseconds, run } = await open(order)
  const samples: number[] = []
  for (let round = 0; round < order.scenario.runs; round++) samples.push(await time(run))
  return {
    loadMilliseconds,
    firstMilliseconds,
    milliseconds: summarize(samples),
    runs: samples.length,
    peakBytes: memoryBytes('peak'),
    anonymousBytes: memoryBytes('anonymous'),
    distinctBytes: memoryBytes('distinct'),
    // Last, because its session adds to the memory.
    machine: await probeMachine(model),
  }
}

process.once('message', (order: MeasureOrder) => {
  void measure(order).then(
    (measurement) => process.send?.({ measurement }, () => process.exit(0)),
    (error: unknown) => process.send?.({ failure: String(error) }, () => process.exit(1)),
  )
})
