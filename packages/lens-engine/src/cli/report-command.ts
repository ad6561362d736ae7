// `lens report`: the statistics of a results file again, under any protocol its rows allow, as text, Markdown or JSON.
import { Command } from 'commander'
import { LensEngineError } from '../errors.js'
import { findFlips, type FlipVerdict } from '../evaluation/find-flips.js'
import { protocolNames, type ProtocolName } from '../evaluation/metrics/protocols.js'
import { readResults, readTimings, type StoredResults } from '../evaluation/results-file.js'
import type { CommandLine } from './command-line.js'
import { formatReport, reportEvaluation, type EvaluationReport } from './evaluation-report.js'
import { markdownReport } from './markdown-report.js'
import { badFlag, oneOf } from './read-flags.js'
import { formatColumns } from './terminal-text.js'

interface ReportFlags {
  readonly protocol?: readonly ProtocolName[]
  readonly format: 'text' | 'markdown' | 'json'
  readonly compare?: string
  readonly flips?: readonly [string, string]
  readonly verdict: FlipVerdict
  readonly json: boolean
  readonly color: boolean
}

const examples = `
Examples:
  lens report results.jsonl                                     the table \`lens evaluate\` printed
  lens report results.jsonl --flips rome,memit                  which cases flip between two methods
  lens report results.jsonl --protocol backward-lens,counterfact --format markdown

Metrics are derived from the raw rows, so nothing is computed again. Protocols: ${protocolNames.join(', ')}.`

export function createReportCommand(line: CommandLine): Command {
  return new Command('report')
    .description('the statistics of a results file, under any protocol')
    .argument('<file>', 'what `lens evaluate` or `lens sweep` wrote')
    .option('--protocol <names>', "separated by commas (default: the file's own)", readProtocols)
    .option('--format <name>', 'text, markdown or json', readFormat, 'text')
    .option(
      '--compare <method>',
      'the one differences are shown to (default: no-edit, or the first)',
    )
    .option('--flips <a,b>', 'instead: the prompts on which two methods differ', readPair)
    .option('--verdict <name>', 'of flips: argmax or preference', readVerdict, 'argmax')
    .option('--json', 'the same as --format json; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
    .action((file: string, flags: ReportFlags) => report(file, flags, line))
}

const readFormat = oneOf('--format', ['text', 'markdown', 'json'])

const readVerdict = oneOf('--verdict', ['argmax', 'preference'])

function readPair(text: string): readonly [string, string] {
  const [first, second, ...more] = text.split(',').map((name) => name.trim())
  if (first && second && more.length === 0) return [first, second]
  throw badFlag('--flips', text, 'two methods such as rome,memit')
}

const readProtocols = (text: string): readonly ProtocolName[] =>
  text.split(',').map(oneOf('--protocol', protocolNames))

function report(file: string, flags: ReportFlags, line: CommandLine): void {
  const results = readResults(file)
  const { header, end, records } = results
  if (records.length === 0) throw noRecords(file)
  if (flags.flips !== undefined) {
    line.print(flipLines(results, flags.flips, flags, line))
    return
  }
  const reference = referenceOf(results, flags)
  const timings = readTimings(file)
  const chosen = flags.protocol ?? [header.protocol]
  const reports = chosen.map((protocol): readonly [ProtocolName, EvaluationReport] => [
    protocol,
    reportEvaluation({ ...header, protocol }, records, timings),
  ])
  const writers: Readonly<Record<ReportFlags['format'], () => readonly string[]>> = {
    json: () => [JSON.stringify({ file, header, end, reports: Object.fromEntries(reports) })],
    markdown: () => markdownReport({ header, end, reports, reference }),
    text: () => [
      ...(end === null ? ['the evaluation is not finished'] : []),
      ...reports.flatMap(([protocol, one]) =>
        formatReport({ ...header, protocol }, one, reference, line.style(flags.color)),
      ),
    ],
  }
  line.print(writers[flags.json ? 'json' : flags.format]())
}

/** Counts for each kind of prompts, then every prompt that flips. */
function flipLines(
  { records }: StoredResults,
  arms: readonly [string, string],
  { verdict, json, format, color }: ReportFlags,
  line: CommandLine,
): readonly string[] {
  const found = findFlips(records, arms, verdict)
  if (json || format === 'json') return [JSON.stringify({ arms, verdict, ...found })]
  const { paint } = line.style(color)
  const [first, second] = arms
  const counts = found.counts.map(({ kind, compared, onlyFirst, onlySecond }) =>
    [kind, compared, onlyFirst, onlySecond].map(String),
  )
  const flips = found.flips.map((flip) => [
    flip.caseId,
    flip.relation,
    `${flip.kind} ${flip.index}`,
    flip.first ? first : second,
  ])
  const head = ['prompts', 'compared', `only ${first} right`, `only ${second} right`]
  return [
    ...formatColumns([head, ...counts], paint),
    '',
    ...formatColumns([['case', 'relation', 'prompt', 'right under'], ...flips], paint),
  ]
}

function referenceOf({ header }: StoredResults, { compare }: ReportFlags): string {
  const names = header.arms.map(({ name }) => name)
  if (compare !== undefined && !names.includes(compare)) {
    throw badFlag('--compare', compare, `one of ${names.join(', ')}`)
  }
  return compare ?? names.find((name) => name === 'no-edit') ?? (names[0] as string)
}

const noRecords = (file: string): LensEngineError =>
  new LensEngineError('DATASET_INVALID', `${file} has no results yet`, {
    details: { file },
    cure: 'Give the command that writes it again; it goes on where it stopped.',
  })
