// `lens evaluate`: edit methods on the cases of a data set, side by side, in one resumable file of raw rows.
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { datasetFormatNames, type DatasetFormat } from '../datasets/dataset-formats.js'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { factsPath, readDataset, type DatasetReport } from '../datasets/read-dataset.js'
import { factsRanges, takeRange, type RecordRange } from '../datasets/record-range.js'
import { selectCases } from '../datasets/select-cases.js'
import type { HyperparameterValues } from '../edits/hyperparameters.js'
import { editMethods, findEditMethod } from '../edits/registry.js'
import { LensEngineError } from '../errors.js'
import { protocolNames, type ProtocolName } from '../evaluation/metrics/protocols.js'
import { readTimings, timingsPath } from '../evaluation/results-file.js'
import {
  runEvaluation,
  type ArmRequest,
  type EvaluationProgress,
  type EvaluationResults,
} from '../evaluation/run-evaluation.js'
import { findRepositoryRoot } from '../models/home.js'
import { openModel } from '../models/model-store.js'
import { prepareResources } from '../resources/prepare-resources.js'
import { loadModel } from '../runtime/load-model.js'
import type { CommandLine } from './command-line.js'
import { describePreparation, editSessions } from './edit-resources.js'
import { formatReport, reportEvaluation } from './evaluation-report.js'
import { keepKnown, knownLines } from './known-only.js'
import { badFlag, oneOf, readRecords, wholeNumber } from './read-flags.js'

interface EvaluateFlags {
  readonly model: string
  readonly dataset: string
  readonly format: DatasetFormat | 'auto'
  readonly methods: readonly ArmRequest[]
  readonly records?: RecordRange
  readonly cases?: number
  readonly knownOnly: boolean
  readonly seed: number
  readonly out: string
  readonly protocol?: ProtocolName
  readonly hyperparameters?: string
  readonly generate: boolean
  readonly kl: boolean
  readonly batch: number
  readonly compare?: string
  readonly mendCheckpoint?: string
  readonly threads?: number
  readonly json: boolean
  readonly color: boolean
}

/** The protocol that a data set's own paper uses; null where its records ask for no edit. */
const usualProtocol: Readonly<Record<DatasetFormat, ProtocolName | null>> = {
  counterfact: 'counterfact',
  easyedit: 'counterfact-reduced',
  zsre: 'zsre',
  known: null,
  imprint: 'counterfact',
}

const generation = { length: 100, topK: 5 } as const

const { first, last } = factsRanges.evaluation

const examples = `
Examples:
  lens evaluate --dataset facts --cases 100 --methods forward-shift,ft-l,no-edit --out results.jsonl
  lens evaluate --model gpt2 --dataset counterfact.json --cases 500 --methods rome,memit --out gpt2.jsonl --generate
  lens evaluate --dataset facts --methods rome,early=rome --hyperparameters sweep.json --out sweep.jsonl --json

Methods: ${editMethods.map(({ name }) => name).join(', ')}. NAME=METHOD gives one a name of its own, so that it can
stand twice with other hyperparameters. The file of hyperparameters holds them by name: {"early": {"layer": 3}}.
rome, r-rome, memit and alphaedit read key covariances (\`lens stats\`), mend a trained editor (\`lens train-mend\`). What is
missing for the bundled model is computed first and kept.

The results are JSON lines: what was asked, then for every case and method the negative log-likelihoods before and after,
or the error. Interrupted with Ctrl-C, the same command goes on, to the same bytes; timings stand in <out>.timings.`

export function createEvaluateCommand(line: CommandLine): Command {
  const command = new Command('evaluate')
    .description('evaluate edit methods on the cases of a data set')
    .option(
      '-m, --model <name|directory>',
      'a name of `lens models list`, or a directory',
      'bundled',
    )
    .option('-d, --dataset <file>', 'a file, or facts for the bundled one', 'facts')
    .option(
      '--format <name>',
      `${datasetFormatNames.join(', ')} or auto`,
      oneOf('--format', [...datasetFormatNames, 'auto']),
      'auto',
    )
    .requiredOption('--methods <names>', 'separated by commas', readArms)
    .option(
      '--records <first-last>',
      `places of records, from 0 (facts: ${first}-${last})`,
      readRecords,
    )
    .option('-n, --cases <count>', 'this many, chosen by the seed (default: all)', readCases)
    .option('--known-only', 'only cases whose true answer the unedited model gives', false)
    .option('--seed <number>', 'of the choice and of all draws', readSeed, 0)
    .requiredOption('-o, --out <file>', 'the file of results')
    .option(
      '--protocol <name>',
      `${protocolNames.join(', ')} (default: the data set's own)`,
      oneOf('--protocol', protocolNames),
    )
  return addDetails(command).action((flags: EvaluateFlags) => evaluate(flags, line))
}

const readCases = wholeNumber('--cases', 1, 1e9)
const readSeed = wholeNumber('--seed', 0, 2 ** 31 - 1)

function addDetails(command: Command): Command {
  return command
    .option('--hyperparameters <file>', 'JSON: those that differ from the defaults, by method')
    .option('--generate', 'write texts too, for n-gram entropy; slower', false)
    .option('--no-kl', 'no KL to the base model on neighborhood prompts')
    .option('--batch <cases>', 'cases computed together', wholeNumber('--batch', 1, 1000), 8)
    .option(
      '--compare <method>',
      'the one differences are shown to (default: no-edit, or the first)',
    )
    .option('--mend-checkpoint <file>', 'a trained editor, for mend')
    .option('--threads <count>', 'threads of one operator', wholeNumber('--threads', 1, 1024))
    .option('--json', 'statistics as JSON; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
}

/** `rome,early=rome` */
export function readArms(text: string): readonly ArmRequest[] {
  return text.split(',').map((part) => {
    const [name, method = name] = part.split('=').map((piece) => piece.trim())
    if (name === undefined || !/^[\w-]{1,60}$/.test(name)) {
      throw badFlag('--methods', text, 'methods such as rome,early=rome')
    }
    return { name, method: findEditMethod(method ?? '').name }
  })
}

async function evaluate(flags: EvaluateFlags, line: CommandLine): Promise<void> {
  const arms = withHyperparameters(flags)
  const reference = referenceOf(flags)
  const { cases: read, report: dataset } = await readCasesOf(flags)
  const protocol = flags.protocol ?? protocolOf(dataset)
  const { results, cases } = await compute(flags, line, { cases: read, dataset, protocol, arms })
  line.progress('')
  const { header, records } = results
  const report = reportEvaluation(header, cases, records, readTimings(flags.out))
  line.print(
    flags.json
      ? [JSON.stringify({ file: flags.out, resumed: results.resumed, header, ...report })]
      : [
          ...rejectionLines(dataset),
          ...knownLines(header),
          ...formatReport(header, report, reference, line.style(flags.color)),
          `rows in ${flags.out}, timings in ${timingsPath(flags.out)}`,
        ],
  )
}

interface Asked {
  readonly cases: readonly EvaluationCase[]
  readonly dataset: DatasetReport
  readonly protocol: ProtocolName
  readonly arms: readonly ArmRequest[]
}

async function compute(
  flags: EvaluateFlags,
  line: CommandLine,
  { cases: read, dataset, protocol, arms }: Asked,
): Promise<{ readonly results: EvaluationResults; readonly cases: readonly EvaluationCase[] }> {
  const files = openModel(flags.model, { home: line.home })
  const { threads } = flags
  const model = loadModel(files, {
    ...editSessions(files),
    ...(threads === undefined ? {} : { threads }),
  })
  const controller = new AbortController()
  const interrupt = (): void => controller.abort()
  process.once('SIGINT', interrupt)
  try {
    const { file, format, digest } = dataset
    const chosen = flags.knownOnly ? await keepKnown(model, read, flags, line) : null
    const cases = chosen?.cases ?? read
    const known = chosen === null ? {} : { known: chosen.counts }
    const resources = await prepareResources(model, {
      home: line.home,
      methods: arms,
      mendCheckpoint: flags.mendCheckpoint,
      signal: controller.signal,
      onProgress: (progress) => line.progress(describePreparation(progress)),
    })
    const results = await runEvaluation(model, {
      cases,
      dataset: { file, format: format ?? 'auto', digest: digest ?? '', ...known },
      arms,
      protocol,
      out: flags.out,
      seed: flags.seed,
      casesPerBatch: flags.batch,
      divergence: flags.kl,
      ...(flags.generate ? { generation } : {}),
      resources,
      signal: controller.signal,
      onProgress: (progress) => line.progress(describeProgress(progress)),
    })
    return { results, cases }
  } finally {
    process.off('SIGINT', interrupt)
    await model.dispose()
  }
}

function describeProgress({ done, total, failures, secondsLeft }: EvaluationProgress): string {
  const left = secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`
  const failed = failures === 0 ? '' : `, ${failures} failed`
  return `${done} of ${total} edits${failed}${left}`
}

async function readCasesOf(flags: EvaluateFlags) {
  const path = flags.dataset === 'facts' ? factsFile() : flags.dataset
  const reader = readDataset({ path, format: flags.format })
  const { seed } = flags
  // The known ones among them are counted out when the model is there.
  const count = flags.knownOnly ? undefined : flags.cases
  const range = flags.records ?? (flags.dataset === 'facts' ? factsRanges.evaluation : null)
  const cases = await selectCases(takeRange(reader, range), {
    seed,
    ...(count === undefined ? {} : { count }),
  })
  return { cases, report: reader.report }
}

function factsFile(): string {
  const root = findRepositoryRoot()
  if (root !== null) return factsPath(root)
  throw new LensEngineError('FILE_UNREADABLE', 'the bundled facts are not here', {
    cure: 'Run it inside a clone, or name a file: --dataset counterfact.json.',
  })
}

function protocolOf({ format, file }: DatasetReport): ProtocolName {
  const usual = format === null ? null : usualProtocol[format]
  if (usual !== null) return usual
  throw new LensEngineError('BAD_ARGUMENT', `${file} lists facts and asks for no edits`, {
    details: { file, format: format ?? 'unknown' },
    cure: 'Use a data set of edits, such as --dataset facts.',
  })
}

function referenceOf({ methods, compare }: EvaluateFlags): string {
  const names = methods.map(({ name, method }) => name ?? method)
  if (compare !== undefined && !names.includes(compare)) {
    throw badFlag('--compare', compare, `one of ${names.join(', ')}`)
  }
  return compare ?? names.find((name) => name === 'no-edit') ?? names[0] ?? ''
}

/** @throws BAD_ARGUMENT for a file that is no JSON object of objects, or names no arm */
function withHyperparameters({ methods, hyperparameters: file }: EvaluateFlags) {
  if (file === undefined) return methods
  const given = readObject(file)
  const names = methods.map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined) throw badFlag('--hyperparameters', unknown, names.join(' or '))
  return methods.map((arm): ArmRequest => {
    const own = given[arm.name ?? arm.method]
    return own === undefined ? arm : { ...arm, hyperparameters: own as HyperparameterValues }
  })
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const parsed = readJsonFile(file)
  if (isObject(parsed) && Object.values(parsed).every(isObject)) return parsed
  throw badFlag('--hyperparameters', file, 'a JSON file such as {"rome": {"layer": 3}}')
}

/** @throws FILE_UNREADABLE, BAD_ARGUMENT for a file that is no JSON */
export function readJsonFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new LensEngineError('FILE_UNREADABLE', `${file} cannot be read: ${String(error)}`, {
      details: { file },
      cure: 'Check that the file is there and that this user may read it.',
      cause: error,
    })
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new LensEngineError('BAD_ARGUMENT', `${file} is no JSON: ${String(error)}`, {
      details: { file },
      cure: 'Correct the file; quotes are double, and no comma stands at the end.',
      cause: error,
    })
  }
}

function rejectionLines({ rejected, records, rejections }: DatasetReport): readonly string[] {
  if (rejected === 0) return []
  const [first] = rejections
  const example = first === undefined ? '' : `, such as record ${first.record}: ${first.reason}`
  return [`warning: ${rejected} of ${records} records cannot be used${example}`]
}
