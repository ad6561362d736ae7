// What editing and its evaluation cost, beside a plain PyTorch loop as published code has it: `npm run bench:edits`.
// Prints tables and writes JSON. Without IMPRINT_TORCH_PYTHON it measures the engine alone.
import { mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { resolveHome } from '../../packages/lens-engine/dist/models/home.js'
import { editMethodNames } from '../../packages/lens-engine/dist/edits/edit-method.js'
import { Contestant } from './edit-cost/contestant.mjs'
import { measureEvaluation } from './edit-cost/evaluation.mjs'
import { measureSavings } from './edit-cost/savings.mjs'
import { measureMethods } from './edit-cost/methods.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.join(here, '..', '..')
const help = `IMPRINT_TORCH_PYTHON=python npm run bench:edits -- [options]

Needs a build (npm run build). IMPRINT_TORCH_PYTHON names a Python with tools/bench/requirements.txt; without it the engine is
measured alone.

  --parts LIST    evaluation, savings, methods (all)
  --cases N       cases of the evaluation, in rounds of 25 (1000)
  --minutes N     of the evaluation; no round begins later (60)
  --compared N    cases whose readings are compared first (100)
  --savings N     cases of each variant of the evaluation (200)
  --edits N       edits of each method (12)
  --methods LIST  all eleven when absent
  --threads N     of both sides (2)
  --out DIR       where the JSON goes (IMPRINT_HOME/bench)`

const { values } = parseArgs({
  options: {
    parts: { type: 'string', default: 'evaluation,savings,methods' },
    cases: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '60' },
    compared: { type: 'string', default: '100' },
    savings: { type: 'string', default: '200' },
    edits: { type: 'string', default: '12' },
    methods: { type: 'string', default: editMethodNames.join(',') },
    threads: { type: 'string', default: '2' },
    out: { type: 'string', default: path.join(resolveHome(), 'bench') },
    help: { type: 'boolean', default: false },
  },
})

const dataset = path.join(root, 'datasets/facts.json')
const contestants = path.join(here, 'contestants')
const python = process.env.IMPRINT_TORCH_PYTHON

const ours = () =>
  Contestant.start('Imprint', process.execPath, [
    path.join(contestants, 'imprint_edits.mjs'),
    'bundled',
    values.threads,
    dataset,
  ])

const theirs = () =>
  python === undefined
    ? null
    : Contestant.start(
        'PyTorch',
        python,
        [
          path.join(contestants, 'torch_edits.py'),
          path.join(root, 'models/facts-gpt2'),
          values.threads,
          dataset,
        ],
        { OMP_NUM_THREADS: values.threads, HF_HUB_OFFLINE: '1' },
      )

const parts = {
  evaluation: () =>
    measureEvaluation({
      ours,
      theirs,
      cases: Number(values.cases),
      compared: Number(values.compared),
      minutes: Number(values.minutes),
    }),
  savings: () => measureSavings({ ours, cases: Number(values.savings) }),
  methods: () =>
    measureMethods({
      ours,
      theirs,
      methods: values.methods.split(','),
      edits: Number(values.edits),
    }),
}

const machine = () => ({
  processor: os.cpus()[0]?.model,
  cores: os.availableParallelism(),
  threads: Number(values.threads),
  load: os.loadavg(),
})

async function main() {
  if (values.help) return console.log(help)
  const asked = values.parts.split(',')
  const unknown = asked.find((part) => parts[part] === undefined)
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}\n\n${help}`)
  mkdirSync(values.out, { recursive: true })
  for (const part of asked) {
    const before = machine()
    const { table, report } = await parts[part]()
    const file = path.join(values.out, `edit-cost-${part}.json`)
    const written = { machine: [before, machine()], ...report }
    writeFileSync(file, `${JSON.stringify(written, null, 1)}\n`)
    console.log(`\n${table}\n\n${values.threads} threads; JSON in ${file}`)
  }
}

await main()
