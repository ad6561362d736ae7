// What edits of growing strength do to facts they are not about: edits of the bundled model, each scaled up and down, beside
// the spectral ratio that the warning level is read from. Needs a build; key covariances and MEND's editor are made on the way:
// node tools/edits/strength.mjs [edits of each method]
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const built = (file) => import(new URL(`../../packages/lens-engine/dist/${file}`, import.meta.url))
const { resolveHome } = await built('models/home.js')
const { openModel } = await built('models/model-store.js')
const { loadModel } = await built('runtime/load-model.js')
const { computeEdit } = await built('edits/compute-edit.js')
const { EditLab } = await built('edits/shared/edit-lab.js')
const { prepareResources } = await built('resources/prepare-resources.js')
const { measureNormGrowth } = await built('readings/norm-growth.js')

const methods = ['forward-shift', 'ft', 'rome', 'memit', 'mend', 'alphaedit']
const scales = [0.25, 0.5, 1, 2, 4, 8, 16]
const bins = [0, 0.5, 1, 2, 4, 6, 8, 16, 32, Infinity]
const count = Number(process.argv[2] ?? 10)

const home = resolveHome()
const model = await loadModel(openModel('bundled', { home }), { sessions: 32 })
const file = fileURLToPath(new URL('../../datasets/facts.json', import.meta.url))
const facts = JSON.parse(readFileSync(file, 'utf8'))

const question = (prompt, answer) => {
  const ids = model.tokenizer.encode(prompt)
  const [token] = model.tokenizer.encodeContinuation(` ${answer}`)
  return { ids, scored: [{ position: ids.length - 1, tokens: [token] }] }
}

const asked = ({ requested_rewrite: { prompt, subject, target_true } }) =>
  question(prompt.replace('{}', subject), target_true.str)

const scaled = (values, scale) => values && values.map((value) => value * scale)

const scaleDelta = (delta, scale) => ({
  ...delta,
  ...(delta.kind === 'dense'
    ? { values: scaled(delta.values, scale) }
    : { v: scaled(delta.v, scale) }),
  bias: scaled(delta.bias, scale),
})

/** Share of questions that are answered rightly under the deltas. */
async function accuracy(sequences, base) {
  const { sequences: answers } = await new EditLab(model, { base }).run({
    sequences,
    head: ['argmax'],
  })
  const right = answers.filter(
    ({ scored }, place) => scored[0].argmax === sequences[place].scored[0].tokens[0],
  )
  return right.length / sequences.length
}

const wanted = methods.map((method) => ({ method }))
const resources = await prepareResources(model, { home, methods: wanted })
const rows = []
for (let index = 0; index < count; index++) {
  const fact = facts[index * 13 + 5]
  const { prompt, subject, relation_id, target_new, target_true } = fact.requested_rewrite
  const others = facts.filter((one) => one.requested_rewrite.relation_id !== relation_id)
  const unrelated = others
    .filter((_, place) => place % 37 === index % 37)
    .slice(0, 40)
    .map(asked)
  const near = fact.neighborhood_prompts.map((one) => question(one, target_true.str))
  const requests = [{ prompt, subject, target: target_new.str }]
  for (const method of methods) {
    const { deltas } = await computeEdit(model, { method, requests, resources })
    for (const scale of scales) {
      const changed = deltas.map((delta) => scaleDelta(delta, scale))
      const ratios = measureNormGrowth(model, changed).map(({ spectral }) => spectral)
      const spectral = Math.max(...ratios)
      const kept = {
        unrelated: await accuracy(unrelated, changed),
        near: await accuracy(near, changed),
      }
      rows.push({ method, spectral, ...kept })
    }
  }
}

const percent = (values) =>
  ((100 * values.reduce((sum, value) => sum + value, 0)) / values.length).toFixed(1)

console.log('| spectral ratio | edits | other relations, % | neighbors, % |')
console.log('| --- | ---: | ---: | ---: |')
bins.slice(0, -1).forEach((from, place) => {
  const to = bins[place + 1]
  const found = rows.filter(({ spectral }) => spectral >= from && spectral < to)
  if (found.length === 0) return
  const shares = [found.map((row) => row.unrelated), found.map((row) => row.near)].map(percent)
  console.log(`| ${from} to ${to} | ${found.length} | ${shares.join(' | ')} |`)
})
process.exit()
