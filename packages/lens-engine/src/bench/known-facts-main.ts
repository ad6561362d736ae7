// node dist/bench/known-facts-main.js <model> <counterfact.json> <case numbers.json> [directory]: prints the table of
// docs/real-model.md and, with a directory, writes its figure and the figure's data.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openModel } from '../models/model-store.js'
import { loadModel } from '../runtime/load-model.js'
import { measureKnownFacts } from './measure-known-facts.js'
import { drawKnownFacts, knownFactsTable, summarizeKnownFacts } from './report-known-facts.js'

const [name, counterFactFile, casesFile, directory] = process.argv.slice(2)
if (name === undefined || counterFactFile === undefined || casesFile === undefined) {
  process.stderr.write(
    'usage: known-facts-main.js <model> <counterfact.json> <cases.json> [directory]\n',
  )
  process.exitCode = 1
} else {
  const model = loadModel(openModel(name), { provider: 'cpu' })
  const facts = await measureKnownFacts(model, counterFactFile, casesFile)
  const layers = [0, 5, 10, 15, 20, 24, 26, 28].filter((layer) => layer < model.shape.layers)
  process.stdout.write(`${knownFactsTable(facts, layers)}\n`)
  if (directory !== undefined) {
    const data = JSON.stringify(summarizeKnownFacts(facts), rounded, 1)
    writeFileSync(join(directory, 'known-facts.json'), `${data}\n`)
    writeFileSync(join(directory, 'known-facts.svg'), drawKnownFacts(facts, name))
  }
  await model.dispose()
}

/** Six significant digits. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : value
}
