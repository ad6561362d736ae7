// The engine's edits and their evaluation behind the line protocol of edit-cost.mjs, and the same evaluation with one saving
// after another left out.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import readline from 'node:readline'
import { editSessions } from '../../../packages/lens-engine/dist/cli/edit-resources.js'
import { loadDataset } from '../../../packages/lens-engine/dist/datasets/read-dataset.js'
import { computeEdit } from '../../../packages/lens-engine/dist/edits/compute-edit.js'
import { defaultsFor } from '../../../packages/lens-engine/dist/edits/default-hyperparameters.js'
import {
  addressKey,
  denseValues,
  lowRankDelta,
} from '../../../packages/lens-engine/dist/edits/matrix-delta.js'
import { findEditMethod } from '../../../packages/lens-engine/dist/edits/registry.js'
import { makeContextTemplates } from '../../../packages/lens-engine/dist/edits/shared/context-templates.js'
import {
  lowestLayer,
  measureBase,
  measureEdited,
} from '../../../packages/lens-engine/dist/evaluation/measure-prompts.js'
import { prepareCase } from '../../../packages/lens-engine/dist/evaluation/prepare-case.js'
import { timingsPath } from '../../../packages/lens-engine/dist/evaluation/results-file.js'
import { runEvaluation } from '../../../packages/lens-engine/dist/evaluation/run-evaluation.js'
import { locateCovariance } from '../../../packages/lens-engine/dist/key-covariance/covariance-store.js'
import { resolveHome } from '../../../packages/lens-engine/dist/models/home.js'
import { openModel } from '../../../packages/lens-engine/dist/models/model-store.js'
import { coveredMatrices } from '../../../packages/lens-engine/dist/resources/prepare-covariances.js'
import { prepareResources } from '../../../packages/lens-engine/dist/resources/prepare-resources.js'
import { loadModel } from '../../../packages/lens-engine/dist/runtime/load-model.js'
import { runtimeVersion } from '../../../packages/lens-engine/dist/runtime/ort.js'

const [name, threads, dataset] = [process.argv[2], Number(process.argv[3]), process.argv[4]]
const home = resolveHome()
const files = openModel(name, { home })
const model = loadModel(files, { ...editSessions(files), provider: 'cpu', threads })
const { cases } = await loadDataset({ path: dataset })
const scratch = mkdtempSync(path.join(tmpdir(), 'edit-cost-'))
let resources = {}
let contexts = {}

const answer = (message) => process.stdout.write(`${JSON.stringify(message)}\n`)

function peakBytes() {
  const status = readFileSync('/proc/self/status', 'utf8')
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)[1]) * 1024
}

function timesSince(started, processor) {
  const { user, system } = process.cpuUsage(processor)
  return {
    milliseconds: performance.now() - started,
    processorMilliseconds: (user + system) / 1000,
  }
}

const contextTemplates = (style) => Promise.resolve(contexts[style])

/** Hyperparameters, contexts and files: both sides compute with the same. */
async function setUp({ methods, editor }) {
  contexts = {
    rome: await makeContextTemplates(model, 'rome', { seed: 0 }),
    memit: await makeContextTemplates(model, 'memit', { seed: 0 }),
  }
  const uses = methods.map((method) => ({ method }))
  const prepared = await prepareResources(model, { home, methods: uses, mendCheckpoint: editor })
  resources = { ...prepared, contextTemplates }
  const chosen = methods.map((method) => findEditMethod(method))
  const values = chosen.map((method) => [method.name, defaultsFor(method, model).values])
  const covered = values.flatMap(([method, own]) =>
    findEditMethod(method).needs.includes('key-covariance') ? coveredMatrices(own) : [],
  )
  const covariances = covered.map((at) => [at.layer, locateCovariance(home, model, at)])
  return {
    contexts,
    covariances: Object.fromEntries(covariances),
    editor: prepared.mendCheckpoint ?? null,
    hyperparameters: Object.fromEntries(values),
  }
}

/** What `lens evaluate` does, file of results included. */
async function evaluate({ first, count }) {
  const [started, processor] = [performance.now(), process.cpuUsage()]
  const out = path.join(scratch, 'results.jsonl')
  const { records } = await runEvaluation(model, {
    cases: cases.slice(first, first + count),
    dataset: { file: path.basename(dataset), format: 'counterfact', digest: '' },
    arms: [{ method: 'forward-shift' }],
    protocol: 'counterfact',
    out,
    divergence: false,
  })
  const times = timesSince(started, processor)
  for (const file of [out, timingsPath(out)]) rmSync(file, { force: true })
  return { ...times, records }
}

const target = (reading) => ({
  nll: reading.nll / reading.tokens,
  correct: reading.correct.every(Boolean),
})

/** As the loop answers: for each case the readings before and after, prompt by prompt. */
const rowsOf = (records) =>
  records.map(({ prompts }) =>
    Object.fromEntries(
      ['before', 'after'].map((moment) => [
        moment,
        prompts.map((prompt) => ({
          new: target(prompt[moment].new),
          true: target(prompt[moment].true),
        })),
      ]),
    ),
  )

/** Each prompt twice, with either target behind it, as the published code reads it. */
function doubled(prepared) {
  const prompts = prepared.prompts.map((prompt) => {
    const ids = prompt.sequences[0].ids.slice(0, prompt.last + 1)
    const sequences = [prompt.new, prompt.true].map((places) => ({
      ids: [...ids, ...places.map(({ token }) => token)],
      scored: places.map(({ token }, step) => ({ position: prompt.last + step, tokens: [token] })),
    }))
    const placed = (places, sequence) =>
      places.map(({ token }, place) => ({ sequence, place, pick: 0, token }))
    return { ...prompt, sequences, new: placed(prompt.new, 0), true: placed(prompt.true, 1) }
  })
  return { ...prepared, prompts }
}

/** A change of nothing in the first layer, so that no layer lies below the lowest changed one. */
function withFirstLayer(deltas) {
  const address = { layer: 0, matrix: 'mlp.down' }
  const u = new Float32Array(model.shape.innerWidth)
  const v = new Float32Array(model.shape.width)
  return [lowRankDelta({ address, rank: 1, u, v }), ...deltas]
}

/** The steps of an evaluation without its files: one edit and two sets of readings for each case and method. */
async function evaluateParts({ first, count, variant }) {
  const { casesPerBatch, two, whole, methods, baseForEach } = variant
  const spent = { prepare: 0, edit: 0, base: 0, edited: 0 }
  const timed = async (part, step) => {
    const started = performance.now()
    const result = await step()
    spent[part] += performance.now() - started
    return result
  }
  const options = { divergence: variant.kl }
  const [begun, processor] = [performance.now(), process.cpuUsage()]
  for (let at = first; at < first + count; at += casesPerBatch) {
    const some = cases.slice(at, Math.min(first + count, at + casesPerBatch))
    const prepared = await timed('prepare', () =>
      some.map((one) => (two ? doubled(prepareCase(model, one)) : prepareCase(model, one))),
    )
    let base = null
    for (let method = 0; method < methods; method++) {
      const edits = await timed('edit', () => shifts(prepared, whole))
      const changed = edits.filter(({ deltas }) => deltas.length > 0)
      if (base === null || baseForEach) {
        const below = changed.map(({ deltas }) => lowestLayer(deltas))
        base = await timed('base', () => measureBase(model, prepared, below, options))
      }
      const readings = changed.map((one) => ({ ...one, base: base[one.index] }))
      await timed('edited', () => measureEdited(model, readings, options))
    }
  }
  return { ...timesSince(begun, processor), spent }
}

async function shifts(prepared, whole) {
  const edits = []
  for (const [index, one] of prepared.entries()) {
    const { deltas } = await computeEdit(model, {
      method: 'forward-shift',
      requests: [one.request],
    })
    edits.push({ index, prepared: one, deltas: whole ? withFirstLayer(deltas) : deltas })
  }
  return edits
}

const encode = (values) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

/** The dense matrices that the edit adds, and its biases. */
const updateOf = ({ deltas }) =>
  Object.fromEntries(
    deltas.flatMap((delta) => {
      const key = addressKey(delta.address)
      const values = [[key, encode(denseValues(delta))]]
      return delta.bias === null ? values : [...values, [`${key}.bias`, encode(delta.bias)]]
    }),
  )

async function edit({ method, case: index, show }) {
  const { request } = cases[index]
  const asked = { prompt: request.prompt, subject: request.subject, target: request.targetNew }
  const [started, processor] = [performance.now(), process.cpuUsage()]
  const made = await computeEdit(model, { method, requests: [asked], resources })
  const times = timesSince(started, processor)
  const loss = made.trace.find(({ name: series }) => series.startsWith('loss'))
  const steps = loss?.values.length ?? 0
  return { ...times, steps, ...(show ? { update: updateOf(made) } : {}) }
}

const orders = {
  resources: setUp,
  evaluate: async (order) => {
    const { records, ...times } = await evaluate(order)
    return { ...times, ...(order.show ? { rows: rowsOf(records) } : {}) }
  },
  parts: evaluateParts,
  edit,
}

answer({
  ready: 'Imprint',
  versions: { 'onnxruntime-node': runtimeVersion, node: process.versions.node },
})
for await (const line of readline.createInterface({ input: process.stdin })) {
  const order = JSON.parse(line)
  const reply = await orders[order.do](order)
  answer({ ...reply, peakBytes: peakBytes() })
}
rmSync(scratch, { recursive: true, force: true })
await model.dispose()
