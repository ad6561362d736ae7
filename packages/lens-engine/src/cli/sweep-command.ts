// `lens sweep`: every combination of some hyperparameters as one resumable evaluation, the best one kept if asked for.
import { Command } from 'commander'
import { datasetFormatNames } from '../datasets/dataset-formats.js'
import { factsRanges } from '../datasets/record-range.js'
import type { EditMethodName } from '../edits/edit-method.js'
import type { HyperparameterValue } from '../edits/hyperparameters.js'
import { writeOwnDefaults } from '../edits/own-defaults.js'
import { findEditMethod } from '../edits/registry.js'
import type { HeaderRecord } from '../evaluation/evaluation-record.js'
import { protocolNames, type ProtocolName } from '../evaluation/metrics/protocols.js'
import { readTimings } from '../evaluation/results-file.js'
import { runEvaluation, type EvaluationResults } from '../evaluation/run-evaluation.js'
import {
  rankSweep,
  sweepCriteria,
  type RankedArm,
  type SweepCriterion,
} from '../evaluation/sweep/rank-sweep.js'
import { expandGrid, SWEEP_LIMIT, type SweepGrid } from '../evaluation/sweep/sweep-grid.js'
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
import { casesOf } from './evaluation-report.js'
import { badFlag, oneOf, readRecords, wholeNumber } from './read-flags.js'
import { isJsonObject, readJsonFile } from './read-json.js'
import { describeSweep, sourceOf } from './sweep-report.js'
import { withModel, type ModelFlags } from './with-model.js'

interface SweepFlags extends CaseFlags, ModelFlags {
  readonly method: EditMethodName
  readonly grid?: string
  readonly set: SweepGrid
  readonly cases: number
  readonly out: string
  readonly protocol?: ProtocolName
  readonly criterion: SweepCriterion
  readonly save: boolean
  readonly batch: number
  readonly mendCheckpoint?: string
  readonly json: boolean
  readonly color: boolean
}

const { first, last } = factsRanges.training

const examples = `
Examples:
  lens sweep --method rome --set layer=0,1,2 --set valueLearningRate=0.5,3 --cases 20 --out sweep.jsonl
  lens sweep --method sgd --set layers=[5,6],[4,5,6] --set learningRate=0.8,1.6 --out sgd.jsonl --save
  lens sweep --model gpt2 --dataset counterfact.json --records 2000-2999 --method memit --grid grid.json --out gpt2.jsonl

A grid is JSON: {"layer": [0, 1, 2], "valueLearningRate": [0.5, 3]}; --set adds to it. At most ${SWEEP_LIMIT} combinations. Each is an
arm of one evaluation: interrupted with Ctrl-C, the same command goes on. What is not in the grid keeps its default.
Criteria: argmax, the ${sweepCriteria.argmax}; score, ${sweepCriteria.score}.
--save keeps the best under IMPRINT_HOME/hyperparameters: from then on it is the default for this model and wins over those
that came with Imprint. Of the bundled facts, ${first} to ${last} are for sweeps, so that the others can be evaluated on.`

export function createSweepCommand(line: CommandLine): Command {
  const command = new Command('sweep')
    .description('try combinations of hyperparameters and find the best')
    .option('-m, --model <name|directory>', 'a name of `lens models list`', 'bundled')
    .option('-d, --dataset <file>', 'a file, or facts for the bundled one', 'facts')
    .option('--format <name>', `${datasetFormatNames.join(', ')} or auto`, readFormat, 'auto')
    .option(
      '--records <first-last>',
      `places of records, from 0 (facts: ${first}-${last})`,
      readRecords,
    )
    .requiredOption('--method <name>', 'how to edit', (name) => findEditMethod(name).name)
    .option('--grid <file>', 'JSON: lists of values by name')
    .option(
      '--set <name=values>',
      'values to try, separated by commas; repeated',
      addValues,
      new Map(),
    )
    .option('-n, --cases <count>', 'cases, chosen by the seed', wholeNumber('--cases', 1, 1e6), 20)
    .option('--seed <number>', 'of the choice and of all draws', readSeed, 0)
    .requiredOption('-o, --out <file>', 'the file of results')
  return addDetails(command).action((flags: SweepFlags) => sweep(flags, line))
}

const readFormat = oneOf('--format', [...datasetFormatNames, 'auto'])
const readSeed = wholeNumber('--seed', 0, 2 ** 31 - 1)
const criteria = Object.keys(sweepCriteria) as SweepCriterion[]

function addDetails(command: Command): Command {
  return command
    .option('--criterion <name>', criteria.join(' or '), oneOf('--criterion', criteria), 'argmax')
    .option('--protocol <name>', "default: the data set's own", oneOf('--protocol', protocolNames))
    .option('--save', 'make the best the default for this model', false)
    .option('--batch <cases>', 'cases computed together', wholeNumber('--batch', 1, 1000), 8)
    .option('--mend-checkpoint <file>', 'a trained editor, for mend')
    .option('--threads <count>', 'threads of one operator', wholeNumber('--threads', 1, 1024))
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
}

/** `layer=0,1,2`, `layers=[4,5],[5,6]`, `objective=first,last-position` */
function addValues(text: string, earlier: SweepGrid): SweepGrid {
  const place = text.indexOf('=')
  const name = text.slice(0, Math.max(0, place)).trim()
  const values = splitValues(text.slice(place + 1))
  if (place < 1 || values.length === 0) {
    throw badFlag('--set', text, 'a name and values such as layer=0,1,2')
  }
  return new Map([...earlier, [name, values]])
}

/** Commas outside of brackets separate; a value is JSON where it is JSON, else text. */
function splitValues(text: string): readonly HyperparameterValue[] {
  return text
    .split(/,(?![^[]*\])/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      try {
        return JSON.parse(part) as HyperparameterValue
      } catch {
        return part
      }
    })
}

/** @throws FILE_UNREADABLE, BAD_ARGUMENT for a file that is no JSON object of lists */
function gridOf({ grid: file, set }: SweepFlags): SweepGrid {
  const parsed = file === undefined ? {} : readJsonFile(file)
  if (!isJsonObject(parsed) || !Object.values(parsed).every(Array.isArray)) {
    throw badFlag('--grid', String(file), 'a JSON file such as {"layer": [0, 1, 2]}')
  }
  const listed = Object.entries(parsed) as [string, readonly HyperparameterValue[]][]
  return new Map([...listed, ...set])
}

async function sweep(flags: SweepFlags, line: CommandLine): Promise<void> {
  const grid = gridOf(flags)
  const chosen = await readCases(flags, 'training', flags.cases)
  const protocol = flags.protocol ?? protocolOf(chosen.dataset)
  const asked = { ...chosen, grid, protocol }
  const { header, records, saved, ranked } = await withModel(flags, line, async (model, signal) => {
    const results = await compute(model, flags, line, { ...asked, signal })
    const { criterion } = flags
    const cases = casesOf(results.records)
    const { seed } = results.header
    const best = rankSweep(results.header.arms, results.records, {
      criterion,
      protocol,
      cases,
      seed,
    })
    return {
      ...results,
      ranked: best,
      saved: flags.save ? save(model, flags, results.header, best) : null,
    }
  })
  line.progress('')
  const timings = readTimings(flags.out)
  line.print(
    flags.json
      ? [JSON.stringify({ file: flags.out, saved, header, ranked, failures: failuresOf(records) })]
      : [
          ...rejectionLines(chosen.dataset),
          ...describeSweep(flags, header, ranked, { timings, saved }, line.style(flags.color)),
        ],
  )
}

const failuresOf = (records: EvaluationResults['records']) =>
  records.filter((one) => one.kind === 'failure')

interface Asked extends ChosenCases {
  readonly grid: SweepGrid
  readonly protocol: ProtocolName
  readonly signal: AbortSignal
}

async function compute(
  model: LoadedModel,
  flags: SweepFlags,
  line: CommandLine,
  { cases, dataset, grid, protocol, signal }: Asked,
): Promise<EvaluationResults> {
  const arms = expandGrid(model, flags.method, grid)
  const resources = await prepareResources(model, {
    home: line.home,
    methods: arms,
    mendCheckpoint: flags.mendCheckpoint,
    signal,
    onProgress: (progress) => line.progress(describeEditProgress(progress)),
  })
  const { file, format, digest } = dataset
  return runEvaluation(model, {
    cases,
    dataset: { file, format: format ?? 'auto', digest: digest ?? '' },
    arms,
    protocol,
    out: flags.out,
    seed: flags.seed,
    casesPerBatch: flags.batch,
    divergence: false,
    resources,
    signal,
    onProgress: (progress) => line.progress(describeEvaluationProgress(progress)),
  })
}

/** The file that was written. */
function save(
  model: LoadedModel,
  flags: SweepFlags,
  header: HeaderRecord,
  [best]: readonly RankedArm[],
): string {
  const { arm } = best as RankedArm
  const source = sourceOf(flags, header, best as RankedArm)
  const home = model.files.home as string
  return writeOwnDefaults(home, model, { method: arm.method, values: arm.hyperparameters, source })
}
