#!/usr/bin/env node
// `npm run bench`: time and memory of the lens on a random model of GPT-2 small's shape, against the stated limits.
import { fork } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { resolveHome } from '../models/home.js'
import { gpt2SmallShape, writeRandomGpt2 } from '../testing/random-gpt2.js'
import type { MeasureOrder } from './measure.js'
import type { Measurement } from './measurement.js'
import { formatTable, makeReport, type Row } from './report.js'
import { makeScenarios } from './scenarios.js'

const help = `Usage: npm run bench -- [--quick] [--threads N] [--out FILE] [--check]

Measures the lens on a random model of GPT-2 small's shape (12 layers, width 768, 50,257 tokens), which is generated
under IMPRINT_HOME on the first call (half a gigabyte). Each scenario runs in a process of its own.

  --quick      fewer runs, no prompts of 200 tokens
  --threads N  threads of one operator; 2 when absent
  --out FILE   where the JSON goes; IMPRINT_HOME/bench/latest.json when absent
  --check      exit with 1 when a limit is missed
`

interface Options {
  readonly quick: boolean
  readonly check: boolean
  readonly threads: number
  readonly out: string | undefined
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      threads: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const threads = Number(values.threads ?? Math.min(2, availableParallelism()))
  if (!Number.isSafeInteger(threads) || threads < 1) throw new RangeError('--threads takes a count')
  return { quick: values.quick, check: values.check, threads, out: values.out }
}

/** The directory of the random model, generated once and moved into place whole. */
function ensureModel(home: string): string {
  const directory = join(home, 'bench', 'gpt2-small-random')
  if (existsSync(join(directory, 'model.safetensors'))) return directory
  const partial = `${directory}.partial`
  rmSync(partial, { recursive: true, force: true })
  console.log(`generating a random GPT-2 small in ${directory} ...`)
  writeRandomGpt2(partial, gpt2SmallShape)
  renameSync(partial, directory)
  return directory
}

/** Runs one scenario in a fresh process. */
function measureApart(order: MeasureOrder): Promise<Measurement> {
  const child = fork(fileURLToPath(new URL('./measure.js', import.meta.url)))
  return new Promise((resolve, reject) => {
    child.once('message', (answer: { measurement?: Measurement; failure?: string }) => {
      if (answer.measurement !== undefined) resolve(answer.measurement)
      else reject(new Error(`${order.scenario.name}: ${answer.failure}`))
    })
    child.once('exit', (code, signal) =>
      reject(new Error(`${order.scenario.name}: the measuring process ended (${signal ?? code})`)),
    )
    child.send(order)
  })
}

async function main(): Promise<void> {
  const options = readOptions()
  if (options === null) {
    console.log(help)
    return
  }
  const home = resolveHome()
  const directory = ensureModel(home)
  const scenarios = makeScenarios(options.quick)
  const rows: Row[] = []
  for (const scenario of scenarios) {
    console.log(`${scenario.name}, ${scenario.positions} tokens ...`)
    const order = { directory, scenario, threads: options.threads }
    rows.push({ scenario, measurement: await measureApart(order) })
  }
  const weightsBytes = statSync(join(directory, 'model.safetensors')).size
  const report = makeReport(rows, options.threads, weightsBytes)
  const out = options.out ?? join(home, 'bench', 'latest.json')
  mkdirSync(dirname(out), { recursive: true })
  writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`)
  console.log(`\n${formatTable(report, scenarios)}\n`)
  console.log(`milliseconds after load, ${options.threads} threads; JSON in ${out}`)
  if (options.check && report.rows.some(({ kept }) => !kept)) process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
