// The results of an evaluation -> statistics, and lines for people: means with intervals, differences with tests, failures.
import type { HeaderRecord, ResultRecord, TimingRecord } from '../evaluation/evaluation-record.js'
import {
  buildProtocolTable,
  summarizeProtocol,
  type TableCase,
} from '../evaluation/metrics/protocol-table.js'
import { protocols, type ProtocolDefinition } from '../evaluation/metrics/protocols.js'
import type { MethodEstimate, PairedComparison } from '../statistics/method-table.js'
import type { TableStyle } from './lens-table.js'
import { formatColumns } from './terminal-text.js'

/** Seconds for one edit of an arm, mean over its cases. */
export interface ArmTiming {
  readonly arm: string
  readonly edits: number
  readonly secondsPerEdit: number | null
  readonly secondsPerMeasurement: number | null
}

export interface EvaluationReport {
  /** Cases with records; fewer than were asked for while the evaluation is not finished. */
  readonly cases: number
  readonly estimates: readonly MethodEstimate[]
  readonly comparisons: readonly PairedComparison[]
  readonly timings: readonly ArmTiming[]
  readonly failures: readonly Extract<ResultRecord, { kind: 'failure' }>[]
  /** Cases of each arm whose edit wrote nothing, because the model said the target already. */
  readonly skipped: Readonly<Record<string, number>>
}

/** Statistics of an evaluation under its protocol. Failed cases are missing ones, never zeros. */
export function reportEvaluation(
  header: HeaderRecord,
  records: readonly ResultRecord[],
  timings: readonly TimingRecord[],
): EvaluationReport {
  const rows = records.filter((one) => one.kind === 'row')
  const cases = casesOf(records)
  const table = buildProtocolTable(header.protocol, rows, { cases })
  const { estimates, comparisons } = summarizeProtocol(table, { seed: header.seed })
  const names = header.arms.map(({ name }) => name)
  const skipped = names.map((name): [string, number] => [
    name,
    rows.filter(({ method, outcome }) => method === name && outcome.kind === 'skipped').length,
  ])
  return {
    cases: cases.length,
    estimates,
    comparisons,
    timings: names.map((name) => timingOf(name, timings)),
    failures: records.filter((one) => one.kind === 'failure'),
    skipped: Object.fromEntries(skipped),
  }
}

/** The cases that have records, in order. */
export function casesOf(records: readonly ResultRecord[]): readonly TableCase[] {
  const relations = new Map(records.map(({ caseId, relation }) => [caseId, relation]))
  return [...relations].map(([id, relation]) => ({ id, relation }))
}

function timingOf(arm: string, timings: readonly TimingRecord[]): ArmTiming {
  const own = timings.filter(({ method }) => method === arm)
  const seconds = (of: (timing: TimingRecord) => number): number | null =>
    own.length === 0 ? null : own.reduce((sum, one) => sum + of(one), 0) / own.length / 1000
  return {
    arm,
    edits: own.length,
    secondsPerEdit: seconds(({ editMilliseconds }) => editMilliseconds),
    secondsPerMeasurement: seconds(({ measureMilliseconds }) => measureMilliseconds),
  }
}

/** The report in lines of at most the terminal's width where that is possible. */
export function formatReport(
  header: HeaderRecord,
  report: EvaluationReport,
  reference: string,
  style: TableStyle,
): readonly string[] {
  const { title }: ProtocolDefinition = protocols[header.protocol]
  const { paint } = style
  const known = report.estimates.filter(({ n }) => n > 0)
  const metrics = [...new Set(known.map(({ metric }) => metric))]
  const absent = [...new Set(report.estimates.map(({ metric }) => metric))].filter(
    (metric) => !metrics.includes(metric),
  )
  return [
    paint(
      `${title}: ${header.dataset.file}, ${report.cases} cases, seed ${header.seed}, model ${header.model.name}`,
      'bold',
    ),
    'mean [95% bootstrap interval over cases]; every case has a value unless n and missing are given',
    '',
    ...estimateTables(header, report, metrics, style),
    ...absent.map((metric) => `${metric}: not available in these rows`),
    '',
    ...timingTable(report, style),
    '',
    ...comparisonTable(report, reference, style),
    ...failureLines(report),
  ]
}

const cellOf = (estimate: MethodEstimate | undefined): string => {
  if (estimate?.mean === undefined || estimate.mean === null) return 'not available'
  const { mean, interval, n, missing } = estimate
  const range = interval === null ? '' : ` [${short(interval.low)}, ${short(interval.high)}]`
  return `${short(mean)}${range}${missing > 0 ? ` (n ${n}, missing ${missing})` : ''}`
}

const short = (value: number | null): string =>
  value === null ? '-' : Math.abs(value) < 1 && value !== 0 ? value.toFixed(3) : value.toFixed(1)

/** As many metrics side by side as fit. */
function estimateTables(
  { arms }: HeaderRecord,
  { estimates }: EvaluationReport,
  metrics: readonly string[],
  { paint, width }: TableStyle,
): readonly string[] {
  const column = (metric: string): readonly string[] => [
    metric,
    ...arms.map(({ name }) =>
      cellOf(estimates.find((one) => one.method === name && one.metric === metric)),
    ),
  ]
  const first = ['method', ...arms.map(({ name }) => name)]
  const columns = metrics.map(column)
  const widest = Math.max(20, ...columns.flat().map(({ length }) => length)) + 2
  const count = Math.max(1, Math.floor((width - 16) / widest))
  return Array.from({ length: Math.ceil(columns.length / count) }, (_, part) => {
    const shown = [first, ...columns.slice(part * count, (part + 1) * count)]
    const rows = first.map((_name, row) => shown.map((cells) => cells[row] ?? ''))
    return [...formatColumns(rows, paint), '']
  }).flat()
}

function timingTable({ timings, skipped }: EvaluationReport, { paint }: TableStyle) {
  const seconds = (value: number | null): string => (value === null ? '' : value.toFixed(3))
  const rows = timings.map(({ arm, edits, secondsPerEdit, secondsPerMeasurement }) => [
    arm,
    String(edits),
    String(skipped[arm] ?? 0),
    seconds(secondsPerEdit),
    seconds(secondsPerMeasurement),
  ])
  const head = ['method', 'edits', 'skipped', 'seconds an edit', 'seconds to measure it']
  return formatColumns([head, ...rows], paint)
}

function comparisonTable(
  { comparisons }: EvaluationReport,
  reference: string,
  { paint }: TableStyle,
): readonly string[] {
  const shown = comparisons.filter(
    ({ first, second, difference }) =>
      difference !== null && (first === reference || second === reference),
  )
  if (shown.length === 0) return []
  const rows = shown.map((one) => {
    const turned = one.second === reference
    const sign = turned ? 1 : -1
    const ends = [one.interval?.low ?? null, one.interval?.high ?? null].map((end) =>
      end === null ? null : sign * end,
    )
    const [low, high] = (turned ? ends : ends.reverse()) as [number | null, number | null]
    return [
      one.metric,
      turned ? one.first : one.second,
      `${short(sign * (one.difference ?? 0))} [${short(low)}, ${short(high)}]`,
      `${one.n}, ${one.missing}`,
      one.test === 'mcnemar' ? 'exact McNemar' : 'bootstrap',
      probability(one.p),
      probability(one.adjustedP),
    ]
  })
  const head = ['metric', 'method', `less ${reference}`, 'n, missing', 'test', 'p', 'p (Holm)']
  const note = 'paired differences on shared cases; Holm over all pairs of methods of a metric'
  return [note, ...formatColumns([head, ...rows], paint)]
}

const probability = (p: number | null): string =>
  p === null ? '' : p < 0.0001 ? p.toExponential(1) : p.toFixed(4)

const FAILURES_SHOWN = 5

function failureLines({ failures }: EvaluationReport): readonly string[] {
  if (failures.length === 0) return []
  const shown = failures
    .slice(0, FAILURES_SHOWN)
    .map(
      ({ caseId, method, error }) =>
        `  case ${caseId}, ${method}: ${error.message} (${error.code})`,
    )
  return ['', `${failures.length} failed and are missing in the table:`, ...shown]
}
