// node dist/bench/known-facts-main.js <model> <counterfact.json> <case numbers.json>: prints the table of docs/real-model.md.
import { openModel } from '../models/model-store.js'
import { loadModel } from '../runtime/load-model.js'
import { knownFactsTable, measureKnownFacts } from './measure-known-facts.js'

const [name, counterFactFile, casesFile] = process.argv.slice(2)
if (name === undefined || counterFactFile === undefined || casesFile === undefined) {
  process.stderr.write('usage: known-facts-main.js <model> <counterfact.json> <cases.json>\n')
  process.exitCode = 1
} else {
  const model = loadModel(openModel(name), { provider: 'cpu' })
  const facts = await measureKnownFacts(model, counterFactFile, casesFile)
  const layers = [0, 5, 10, 15, 20, 24, 26, 28].filter((layer) => layer < model.shape.layers)
  process.stdout.write(`${knownFactsTable(facts, layers)}\n`)
  await model.dispose()
}
