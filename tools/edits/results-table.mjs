// Results files of `lens evaluate` -> tables in Markdown on the standard output and statistics as JSON, without any text of
// the data set: node tools/edits/results-table.mjs <statistics.json> <results.jsonl> [...]
import { writeFileSync } from 'node:fs'
import { basename } from 'node:path'

// The built engine; another build can be named.
const engine = await import(
  process.env.IMPRINT_ENGINE ?? new URL('../../packages/lens-engine/dist/index.js', import.meta.url)
)

const [statisticsFile, ...files] = process.argv.slice(2)
if (files.length === 0)
  throw new Error('usage: results-table.mjs <statistics.json> <results.jsonl> [...]')

/** Metrics of each protocol that a table shows. */
const shown = {
  'counterfact-reduced': ['ES', 'PS', 'NS', 'S', 'EM', 'PM', 'NM', 'KL'],
  'backward-lens': ['efficacy', 'paraphrase', 'neighborhood'],
}
const round = (value) => (value === null ? null : Number(value.toPrecision(6)))
const short = (value) => (Math.abs(value) < 1 && value !== 0 ? value.toFixed(2) : value.toFixed(1))

const reports = files.map((file) => reportOf(file))
process.stdout.write(`${reports.map(markdownOf).join('\n')}\n`)
writeFileSync(statisticsFile, `${JSON.stringify(reports, null, 2)}\n`)

function reportOf(file) {
  const { header, records, end } = engine.readResults(file)
  const rows = records.filter(({ kind }) => kind === 'row')
  const known = new Map(records.map(({ caseId, relation }) => [caseId, relation]))
  const cases = [...known].map(([id, relation]) => ({ id, relation }))
  const timings = engine.readTimings(file)
  const numbers = cases.map(({ id }) => Number(id))
  return {
    file: basename(file),
    complete: end !== null,
    header,
    end,
    cases: numbers,
    failures: records.filter(({ kind }) => kind === 'failure').length,
    methods: header.arms.map((arm) => methodOf(arm.name, rows, timings)),
    protocols: Object.keys(shown).map((protocol) =>
      statisticsOf(protocol, rows, cases, header.seed),
    ),
  }
}

function methodOf(name, rows, timings) {
  const own = rows.filter(({ method }) => method === name)
  const timed = timings.filter(({ method }) => method === name)
  const mean = (pick) =>
    timed.length === 0 ? null : round(timed.reduce((sum, one) => sum + pick(one), 0) / timed.length)
  const sum = (pick) => own.reduce((total, { cost }) => total + pick(cost), 0)
  return {
    method: name,
    rows: own.length,
    skipped: own.filter(({ outcome }) => outcome.kind === 'skipped').length,
    warned: own.filter(({ warnings }) => warnings.length > 0).length,
    secondsPerEdit: mean(({ editMilliseconds }) => editMilliseconds / 1000),
    secondsPerMeasurement: mean(({ measureMilliseconds }) => measureMilliseconds / 1000),
    peakBytes: Math.max(0, ...timed.map(({ peakBytes }) => peakBytes)),
    tokensPerEdit: own.length === 0 ? null : round(sum(({ tokens }) => tokens) / own.length),
    backwardPassesPerEdit:
      own.length === 0 ? null : round(sum(({ backwardPasses }) => backwardPasses) / own.length),
  }
}

function statisticsOf(protocol, rows, cases, seed) {
  const table = engine.buildProtocolTable(protocol, rows, { cases })
  const { estimates, comparisons } = engine.summarizeProtocol(table, { seed })
  const wanted = ({ metric }) => shown[protocol].includes(metric)
  return {
    protocol,
    estimates: estimates.filter(wanted).map(({ method, metric, mean, interval, n, missing }) => ({
      method,
      metric,
      mean: mean === null ? null : round(mean),
      low: interval === null ? null : round(interval.low),
      high: interval === null ? null : round(interval.high),
      n,
      missing,
    })),
    comparisons: comparisons.filter(wanted).map((one) => ({
      metric: one.metric,
      first: one.first,
      second: one.second,
      difference: round(one.difference),
      low: one.interval === null ? null : round(one.interval.low),
      high: one.interval === null ? null : round(one.interval.high),
      test: one.test,
      p: round(one.p),
      adjustedP: round(one.adjustedP),
      n: one.n,
    })),
  }
}

function markdownOf({ header, cases, methods, protocols }) {
  const names = header.arms.map(({ name }) => name)
  const parts = protocols.map(({ protocol, estimates }) => {
    const metrics = shown[protocol].filter((metric) =>
      estimates.some((one) => one.metric === metric && one.n > 0),
    )
    const cell = (method, metric) => {
      const found = estimates.find((one) => one.method === method && one.metric === metric)
      if (found?.mean === null || found === undefined) return 'not available'
      const missing = found.missing > 0 ? ` (n ${found.n})` : ''
      return `${short(found.mean)} [${short(found.low)}, ${short(found.high)}]${missing}`
    }
    const lines = names.map((name) => [name, ...metrics.map((metric) => cell(name, metric))])
    return `${protocol}, ${cases.length} cases\n\n${grid([['method', ...metrics], ...lines])}`
  })
  const costs = methods.map((one) => [
    one.method,
    String(one.rows),
    String(one.skipped),
    one.secondsPerEdit === null ? '' : one.secondsPerEdit.toFixed(2),
    one.secondsPerMeasurement === null ? '' : one.secondsPerMeasurement.toFixed(2),
    one.tokensPerEdit === null ? '' : one.tokensPerEdit.toFixed(0),
    one.backwardPassesPerEdit === null ? '' : one.backwardPassesPerEdit.toFixed(1),
  ])
  const head = [
    'method',
    'cases',
    'skipped',
    's an edit',
    's to measure',
    'tokens an edit',
    'backward passes',
  ]
  return `${parts.join('\n')}\n${grid([head, ...costs])}`
}

function grid([head, ...rows]) {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('')
}
