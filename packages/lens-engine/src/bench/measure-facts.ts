// Asks the bundled model for every fact it was trained on, in every phrasing, through the engine itself:
// `npm run measure:facts` prints accuracy for each relation and group and writes JSON.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nextTokens } from '../lens/next-tokens.js'
import { findRepositoryRoot, resolveHome } from '../models/home.js'
import { openModel } from '../models/model-store.js'
import { loadModel } from '../runtime/load-model.js'
import type { Tokenizer } from '../tokenizers/tokenizer.js'

interface Fact {
  readonly relation: string
  readonly subject: string
  readonly object: string
  readonly heldOut: boolean
}

interface Relation {
  readonly id: string
  readonly name: string
  readonly phrasings: readonly string[]
}

type Group = 'main' | 'others' | 'trained' | 'heldOut'

interface Question {
  readonly fact: Fact
  readonly group: Group
  readonly prompt: string
}

const groups: readonly Group[] = ['main', 'others', 'trained', 'heldOut']

/** The first phrasing is the main one; the last was never trained together with the held-out subjects. */
function groupOf(fact: Fact, phrasing: number, count: number): Group {
  if (phrasing === 0) return 'main'
  if (phrasing < count - 1) return 'others'
  return fact.heldOut ? 'heldOut' : 'trained'
}

function questionsOf(facts: readonly Fact[], relations: readonly Relation[]): readonly Question[] {
  return facts.flatMap((fact) => {
    const phrasings = relations.find(({ id }) => id === fact.relation)?.phrasings ?? []
    return phrasings.map((phrasing, index) => ({
      fact,
      group: groupOf(fact, index, phrasings.length),
      prompt: phrasing.replace('{s}', fact.subject),
    }))
  })
}

interface Tally {
  asked: number
  right: number
}

type Tallies = Record<Group, Tally>

const emptyTallies = (): Tallies => ({
  main: { asked: 0, right: 0 },
  others: { asked: 0, right: 0 },
  trained: { asked: 0, right: 0 },
  heldOut: { asked: 0, right: 0 },
})

function count(tallies: Tallies, group: Group, right: boolean): void {
  tallies[group].asked++
  if (right) tallies[group].right++
}

const percent = ({ asked, right }: Tally): string =>
  asked === 0 ? '-' : `${((100 * right) / asked).toFixed(2)} %`

function printRow(name: string, tallies: Tallies): void {
  const cells = groups.map((group) => percent(tallies[group]).padStart(10))
  console.log(`${name.padEnd(32)}${cells.join('')}`)
}

async function main(): Promise<void> {
  const root = findRepositoryRoot() ?? process.cwd()
  const recipe = join(root, 'tools/facts-model')
  const relations = JSON.parse(readFileSync(join(recipe, 'relations.json'), 'utf8')) as Relation[]
  const lines = readFileSync(join(recipe, 'facts.jsonl'), 'utf8').trim().split('\n')
  const facts = lines.map((line) => JSON.parse(line) as Fact)
  const model = loadModel(openModel('bundled', { home: resolveHome() }))
  const tokenizer = model.tokenizer as Tokenizer
  const questions = questionsOf(facts, relations)
  const answers = await nextTokens(
    model,
    questions.map(({ prompt }) => tokenizer.encode(prompt)),
  )
  const all = emptyTallies()
  const byRelation = new Map(relations.map(({ id }) => [id, emptyTallies()]))
  questions.forEach(({ fact, group }, index) => {
    const right = answers[index]?.id === tokenizer.encode(` ${fact.object}`)[0]
    count(all, group, right)
    count(byRelation.get(fact.relation) as Tallies, group, right)
  })
  console.log(`${''.padEnd(32)}      main    others   trained  held out`)
  for (const { id, name } of relations) printRow(`${id} ${name}`, byRelation.get(id) as Tallies)
  printRow(`all ${facts.length} facts`, all)
  const out = process.argv[2]
  if (out !== undefined) {
    const report = { facts: facts.length, all, relations: Object.fromEntries(byRelation) }
    writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`)
  }
  await model.dispose()
}

await main()
