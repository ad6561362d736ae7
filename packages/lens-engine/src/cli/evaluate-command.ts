// `lens evaluate`: edit methods on the cases of a data set, side by side, in one resumable file of raw rows.
import { Command } from 'commander'
import { datasetFormatNames } from '../datasets/dataset-formats.js'
import { factsRanges } from '../datasets/record-range.js'
import type { HyperparameterValues } from '../edits/hyperparameters.js'
import { editMethods, findEditMethod } from '../edits/registry.js'
import type { ArmRequest } from '../evaluation/evaluation-arms.js'
import { protocolNames, type ProtocolName } from '../evaluation/metrics/protocols.js'
import { readTimings, timingsPath } from '../evaluation/results-file.js'
import { runEvaluation, type EvaluationResults } from '../evaluation/run-evaluation.js'
import { prepareResources } from '../resources/prepare-resources.js'
import type { LoadedModel } from '../runtime/load-model.js'
import {
  protocolOf,
  readCases,
  rejectionLines,
  type CaseFlags,
  type ChosenCases,
} from './case-source.js'
import type { CommandLine } from './command-line.js'
import { describeEditProgress, describeEvaluationProgress } from './describe-progress.js'
import { formatReport, reportEvaluation } from './evaluation-report.js'
import { keepKnown, knownLines } from './known-only.js'
import { badFlag, oneOf, readRecords, wholeNumber } from './read-flags.js'
import { isJsonObject, readJsonFile } from './read-json.js'
import { withModel, type ModelFlags } from './with-model.js'

interface EvaluateFlags extends CaseFlags, ModelFlags {
  readonly methods: readonly ArmRequest[]
  readonly cases?: number
  readonly knownOnly: boolean
  readonly out: string
  readonly protocol?: ProtocolName
  readonly hyperparameters?: string
  readonly generate: boolean
  readonly kl: boolean
  readonly batch: number
  readonly compare?: string
  readonly mendCheckpoint?: string
  readonly json: boolean
  readonly color: boolean
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
    .option('-n, --cases <count>', 'this many, chosen by the seed (default: all)', readCount)
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

const readCount = wholeNumber('--cases', 1, 1e9)
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
  // The known ones are counted out when the model is there.
  const count = flags.knownOnly ? undefined : flags.cases
  const chosen = await readCases(flags, 'evaluation', count)
  const { dataset } = chosen
  const protocol = flags.protocol ?? protocolOf(dataset)
  const { header, records, resumed } = await withModel(flags, line, (model, signal) =>
    compute(model, flags, line, { ...chosen, protocol, arms, signal }),
  )
  line.progress('')
  const report = reportEvaluation(header, records, readTimings(flags.out))
  line.print(
    flags.json
      ? [JSON.stringify({ file: flags.out, resumed, header, ...report })]
      : [
          ...rejectionLines(dataset),
          ...knownLines(header),
          ...formatReport(header, report, reference, line.style(flags.color)),
          `rows in ${flags.out}, timings in ${timingsPath(flags.out)}`,
        ],
  )
}

interface Asked extends ChosenCases {
  readonly protocol: ProtocolName
  readonly arms: readonly ArmRequest[]
  readonly signal: AbortSignal
}

async function compute(
  model: LoadedModel,
  flags: EvaluateFlags,
  line: CommandLine,
  { cases: read, dataset, protocol, arms, signal }: Asked,
): Promise<EvaluationResults> {
  const { file, format, digest } = dataset
  const chosen = flags.knownOnly
    ? await keepKnown(model, { cases: read, dataset, signal }, flags, line)
    : null
  const known = chosen === null ? {} : { known: chosen.counts }
  const resources = await prepareResources(model, {
    home: line.home,
    methods: arms,
    mendCheckpoint: flags.mendCheckpoint,
    signal,
    onProgress: (progress) => line.progress(describeEditProgress(progress)),
  })
  return runEvaluation(model, {
    cases: chosen?.cases ?? read,
    dataset: { file, format: format ?? 'auto', digest: digest ?? '', ...known },
    arms,
    protocol,
    out: flags.out,
    seed: flags.seed,
    casesPerBatch: flags.batch,
    divergence: flags.kl,
    ...(flags.generate ? { generation } : {}),
    resources,
    signal,
    onProgress: (progress) => line.progress(describeEvaluationProgress(progress)),
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
  const parsed = readJsonFile(file)
  if (isJsonObject(parsed) && Object.values(parsed).every(isJsonObject)) return parsed
  throw badFlag('--hyperparameters', file, 'a JSON file such as {"rome": {"layer": 3}}')
}
