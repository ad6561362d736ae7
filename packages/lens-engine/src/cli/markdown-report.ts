// A results file -> Markdown: a table of means with intervals for each protocol, differences, costs, and the receipt.
import type { EndRecord, HeaderRecord } from '../evaluation/evaluation-record.js'
import {
  protocols,
  type ProtocolDefinition,
  type ProtocolName,
} from '../evaluation/metrics/protocols.js'
import type { MethodEstimate, PairedComparison } from '../statistics/method-table.js'
import type { EvaluationReport } from './evaluation-report.js'

export interface MarkdownParts {
  readonly header: HeaderRecord
  /** null where the evaluation is not finished. */
  readonly end: EndRecord | null
  /** One for each protocol, in order. */
  readonly reports: readonly (readonly [ProtocolName, EvaluationReport])[]
  /** The arm that differences are shown to. */
  readonly reference: string
}

/** Lines of Markdown without a title; headings begin at the second level. */
export function markdownReport({
  header,
  end,
  reports,
  reference,
}: MarkdownParts): readonly string[] {
  const arms = header.arms.map(({ name }) => name)
  const [, first] = reports[0] as readonly [ProtocolName, EvaluationReport]
  return [
    ...reports.flatMap(([protocol, report]) => [
      ...estimateTable(protocol, report, arms),
      ...comparisonTable(protocol, report, reference),
    ]),
    ...costTable(first),
    ...receipt(header, end, first),
  ]
}

function estimateTable(
  protocol: ProtocolName,
  { estimates }: EvaluationReport,
  arms: readonly string[],
): readonly string[] {
  const { title, metrics }: ProtocolDefinition = protocols[protocol]
  const known = [...new Set(estimates.filter(({ n }) => n > 0).map(({ metric }) => metric))]
  const find = (arm: string, metric: string) =>
    estimates.find((one) => one.method === arm && one.metric === metric)
  const rows = arms.map((arm) => [arm, ...known.map((metric) => cellOf(find(arm, metric)))])
  const labels = known
    .filter((metric) => metrics[metric] !== undefined && metrics[metric].label !== metric)
    .map((metric) => `${metric}: ${metrics[metric]?.label}`)
  return [
    `## ${title}`,
    '',
    'Mean and 95% bootstrap interval over cases.',
    '',
    ...table(['method', ...known], rows),
    '',
    `${labels.join('; ')}.`,
    '',
  ]
}

/** Paired differences of every arm from one, metric by metric; p from exact McNemar or the bootstrap, Holm over all pairs. */
function comparisonTable(
  protocol: ProtocolName,
  { comparisons }: EvaluationReport,
  reference: string,
): readonly string[] {
  const own = comparisons.filter(
    ({ first, second, difference }) =>
      difference !== null && (first === reference || second === reference),
  )
  if (own.length === 0) return []
  const metrics = [...new Set(own.map(({ metric }) => metric))]
  const otherOf = ({ first, second }: PairedComparison) => (first === reference ? second : first)
  const others = [...new Set(own.map(otherOf))]
  const rows = others.map((other) => [
    other,
    ...metrics.map((metric) => {
      const found = own.find((one) => one.metric === metric && otherOf(one) === other)
      return found === undefined ? '' : differenceCell(found, reference)
    }),
  ])
  return [
    `### ${protocols[protocol].title}: differences from ${reference}`,
    '',
    'On the cases both have, with the 95% bootstrap interval; p in brackets where it is above 0.001: exact McNemar for metrics',
    'that are one success or failure a case, else the bootstrap; Holm over all pairs of methods of a metric.',
    '',
    ...table(['method', ...metrics], rows),
    '',
  ]
}

function differenceCell(one: PairedComparison, reference: string): string {
  const sign = one.second === reference ? 1 : -1
  const ends = [one.interval?.low, one.interval?.high].map((end) => sign * (end ?? Number.NaN))
  const [low, high] = sign === 1 ? ends : ends.reverse()
  const p =
    one.adjustedP === null || one.adjustedP < 0.001 ? '' : ` (p ${one.adjustedP.toFixed(3)})`
  return `${number(sign * (one.difference ?? 0))} [${number(low)}, ${number(high)}]${p}`
}

function costTable({ timings, skipped }: EvaluationReport): readonly string[] {
  const rows = timings.map(({ arm, edits, secondsPerEdit, secondsPerMeasurement }) => [
    arm,
    String(edits),
    String(skipped[arm] ?? 0),
    seconds(secondsPerEdit),
    seconds(secondsPerMeasurement),
  ])
  return [
    '## Edits and time',
    '',
    ...table(
      ['method', 'edits', 'wrote nothing', 'seconds an edit', 'seconds to measure it'],
      rows,
    ),
    '',
  ]
}

function receipt(
  { model, dataset, seed, casesPerBatch, arms, engineVersion, runtimeVersion }: HeaderRecord,
  end: EndRecord | null,
  { failures, cases }: EvaluationReport,
): readonly string[] {
  const unchanged =
    end === null
      ? 'not finished'
      : `${end.rows} rows, ${end.failures} failures; the weights' digest after the last row is ${end.weightsDigest.slice(0, 16)}`
  const failed = failures
    .slice(0, 5)
    .map(({ caseId, method, error }) => `case ${caseId}, ${method}: ${error.message}`)
  return [
    '## Receipt',
    '',
    `- model ${model.name}, weights ${model.weightsDigest.slice(0, 16)}, tokenizer ${model.tokenizerDigest?.slice(0, 16) ?? 'none'}, ${model.dtype}, ${model.provider}, ${model.threads} thread(s)`,
    `- data set ${dataset.file}, sha256 ${dataset.digest.slice(0, 16)}; ${cases} of ${dataset.cases} cases, ids ${dataset.casesDigest.slice(0, 16)}; seed ${seed}, ${casesPerBatch} cases a batch`,
    `- engine ${engineVersion}, ONNX Runtime ${runtimeVersion}`,
    `- ${unchanged}`,
    ...failed.map((text) => `- failed: ${text}`),
    '',
    ...table(
      ['method', 'hyperparameters', 'from'],
      arms.map(({ name, hyperparameters, defaults }) => [
        name,
        Object.entries(hyperparameters)
          .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
          .join(', '),
        defaults,
      ]),
    ),
  ]
}

/** Columns padded as Prettier pads them. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const safe = [head, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')))
  const widths = head.map((_, column) =>
    Math.max(3, ...safe.map((cells) => cells[column]?.length ?? 0)),
  )
  const lines = safe.map(
    (cells) =>
      `| ${cells.map((cell, column) => cell.padEnd(widths[column] as number)).join(' | ')} |`,
  )
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`
  return [lines[0] as string, rule, ...lines.slice(1)]
}

function cellOf(estimate: MethodEstimate | undefined): string {
  if (estimate === undefined || estimate.mean === null) return 'not available'
  const { mean, interval, n, missing } = estimate
  const range = interval === null ? '' : ` [${number(interval.low)}, ${number(interval.high)}]`
  return `${number(mean)}${range}${missing > 0 ? ` (n ${n})` : ''}`
}

const number = (value: number | null | undefined): string =>
  value === null || value === undefined || Number.isNaN(value)
    ? '-'
    : value.toFixed(Math.abs(value) < 0.995 && value !== 0 ? 2 : 1)

const seconds = (value: number | null): string => (value === null ? '-' : value.toFixed(3))
