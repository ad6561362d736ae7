// The engine's evaluation with one saving after another left out, in turn on the same cases.
import { withContestants } from './contestant.mjs'
import { shown, sum, table } from './numbers.mjs'

const ROUND = 16

/** As `lens evaluate` does by default, without its files. */
const usual = {
  casesPerBatch: 8,
  two: false,
  whole: false,
  methods: 1,
  baseForEach: false,
  kl: false,
}

const variants = {
  'as it is': usual,
  'each prompt twice, once for either target': { ...usual, two: true },
  'layers below the edited one computed again': { ...usual, whole: true },
  'one case a batch': { ...usual, casesPerBatch: 1 },
  '32 cases a batch': { ...usual, casesPerBatch: 32 },
  'none of the three': { ...usual, two: true, whole: true, casesPerBatch: 1 },
  'with the divergence from the base model': { ...usual, kl: true },
  'three methods, base once': { ...usual, methods: 3 },
  'three methods, base for each': { ...usual, methods: 3, baseForEach: true },
}

export const measureSavings = ({ ours, cases }) =>
  withContestants([ours], async (imprint) => {
    await imprint.run({ do: 'resources', methods: ['forward-shift'] })
    const order = (variant, first, count) => imprint.run({ do: 'parts', variant, first, count })
    for (const variant of Object.values(variants)) await order(variant, 0, ROUND)
    const replies = Object.fromEntries(Object.keys(variants).map((name) => [name, []]))
    for (let first = 0; first < cases; first += ROUND) {
      for (const [name, variant] of Object.entries(variants)) {
        replies[name].push(await order(variant, first, Math.min(ROUND, cases - first)))
      }
    }
    const report = { cases, variants: mapValues(replies, (own) => summary(own, cases)) }
    return { report, table: tableOf(report.variants) }
  })

const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))

const summary = (replies, cases) => ({
  millisecondsPerCase: sum(replies.map(({ milliseconds }) => milliseconds)) / cases,
  processorMillisecondsPerCase:
    sum(replies.map(({ processorMilliseconds }) => processorMilliseconds)) / cases,
  parts: partsOf(replies, cases),
  rounds: replies.map(({ milliseconds }) => milliseconds),
})

const partsOf = (replies, cases) =>
  Object.fromEntries(
    Object.keys(replies[0].spent).map((part) => [
      part,
      sum(replies.map(({ spent }) => spent[part])) / cases,
    ]),
  )

function tableOf(found) {
  const first = found['as it is']
  const times = (one, key) => shown(one[key] / first[key], 2)
  const rows = Object.entries(found).map(([name, one]) => [
    name,
    shown(one.millisecondsPerCase),
    times(one, 'millisecondsPerCase'),
    times(one, 'processorMillisecondsPerCase'),
    ...['prepare', 'edit', 'base', 'edited'].map((part) => shown(one.parts[part])),
  ])
  const head = ['variant', 'ms a case', 'times', 'times the processor']
  return table([...head, 'prepare', 'edit', 'base', 'edited'], rows)
}
