// `lens reproduce`: a paper's table and figures with the paper's settings, from one resumable file, beside what is published.
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Argument, Command } from 'commander'
import { datasetFormatNames } from '../datasets/dataset-formats.js'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { compareWithPublished } from '../evaluation/reproduction/published-agreement.js'
import {
  paperNames,
  reproductionPlan,
  type PaperName,
  type ReproductionPlan,
} from '../evaluation/reproduction/reproduction-plan.js'
import { readTimings } from '../evaluation/results-file.js'
import { runEvaluation, type EvaluationResults } from '../evaluation/run-evaluation.js'
import type { FigureData } from '../figures/figure-data.js'
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
import { reportEvaluation } from './evaluation-report.js'
import { badFlag, oneOf, readRecords, wholeNumber } from './read-flags.js'
import { figureLines, reproduceFigures } from './reproduce-figures.js'
import { formatReproduction } from './reproduction-report.js'
import { withModel, type ModelFlags } from './with-model.js'

interface ReproduceFlags extends CaseFlags, ModelFlags {
  readonly cases?: number
  readonly arms?: readonly string[]
  readonly texts: boolean
  readonly figures: boolean
  readonly prompts: number
  readonly out?: string
  readonly batch: number
  readonly mendCheckpoint?: string
  readonly json: boolean
  readonly color: boolean
}

const examples = `
Examples:
  lens reproduce backward-lens --model ./gpt2-xl --dataset counterfact.json --cases 1000
  lens reproduce rome --model ./gpt2-medium --dataset counterfact.json --arms no-edit,ft-l,rome --out rome.jsonl
  lens reproduce backward-lens --dataset facts --cases 8

The cases are the first records of the data set, as in the papers. A model of the published table gets the paper's settings; any
other model gets its own defaults, and the rows of the paper's main model stand beside it. For rome and memit run \`lens stats\`
first, for mend \`lens train-mend\`, or leave them out with --arms; the bundled model needs nothing.

Interrupted with Ctrl-C, the same command goes on. Two means agree where they are no further apart than both 95% intervals
together: the root of the sum of the squares of their half-widths.`

export function createReproduceCommand(line: CommandLine): Command {
  const command = new Command('reproduce')
    .description("repeat a paper's table and figures, beside the published ones")
    .addArgument(new Argument('<paper>', paperNames.join(' or ')).choices([...paperNames]))
    .option(
      '-m, --model <name|directory>',
      'a name of `lens models list`, or a directory',
      'bundled',
    )
    .option('-d, --dataset <file>', 'a file, or facts for the bundled one', 'facts')
    .option('--format <name>', `${datasetFormatNames.join(', ')} or auto`, readFormat, 'auto')
    .option('--records <first-last>', 'places of records, from 0', readRecords)
    .option(
      '-n, --cases <count>',
      "this many, from the first on (default: as many as the paper's)",
      wholeNumber('--cases', 1, 1e6),
    )
    .option('-o, --out <file>', "the file of results (default: under Imprint's home)")
    .option('--arms <names>', 'only these, separated by commas', readNames)
    .option('--seed <number>', 'of all draws', wholeNumber('--seed', 0, 2 ** 31 - 1), 0)
  return addDetails(command).action((paper: PaperName, flags: ReproduceFlags) =>
    reproduce(paper, flags, line),
  )
}

const readFormat = oneOf('--format', [...datasetFormatNames, 'auto'])
const readNames = (text: string): readonly string[] => text.split(',').map((name) => name.trim())

function addDetails(command: Command): Command {
  return command
    .option('--no-texts', 'write no texts: no n-gram entropy, much faster')
    .option('--no-figures', 'only the table')
    .option('--prompts <count>', 'prompts of the figures', wholeNumber('--prompts', 1, 1e5), 100)
    .option('--batch <cases>', 'cases computed together', wholeNumber('--batch', 1, 1000), 8)
    .option('--mend-checkpoint <file>', 'a trained editor, for mend')
    .option('--threads <count>', 'threads of one operator', wholeNumber('--threads', 1, 1024))
    .option('--json', 'everything as JSON; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
}

interface Reproduced extends EvaluationResults {
  readonly plan: ReproductionPlan
  readonly out: string
  readonly figures: readonly FigureData[]
}

async function reproduce(paper: PaperName, flags: ReproduceFlags, line: CommandLine) {
  const chosen = await readCases(flags, 'evaluation', undefined)
  protocolOf(chosen.dataset)
  const done = await withModel(flags, line, (model, signal) =>
    compute(model, paper, chosen, { flags, line, signal }),
  )
  line.progress('')
  const { plan, header, records, resumed, out, figures } = done
  const report = reportEvaluation(header, records, readTimings(out))
  const tables = compareWithPublished(plan, report.estimates)
  line.print(
    flags.json
      ? [JSON.stringify({ file: out, resumed, plan, header, tables, figures, ...report })]
      : [
          ...rejectionLines(chosen.dataset),
          ...formatReproduction({ plan, header, report, tables }, line.style(flags.color)),
          ...figureLines(figures, figuresDirectory(out)),
          `rows in ${out}`,
        ],
  )
}

interface Surroundings {
  readonly flags: ReproduceFlags
  readonly line: CommandLine
  readonly signal: AbortSignal
}

async function compute(
  model: LoadedModel,
  paper: PaperName,
  { cases: all, dataset }: ChosenCases,
  { flags, line, signal }: Surroundings,
): Promise<Reproduced> {
  const plan = chooseArms(reproductionPlan(paper, model.files), flags.arms)
  const cases = all.slice(0, flags.cases ?? plan.cases)
  const out = flags.out ?? defaultPath(line.home, model, plan, { dataset, cases })
  mkdirSync(dirname(out), { recursive: true })
  const resources = await prepareResources(model, {
    home: line.home,
    methods: plan.arms,
    mendCheckpoint: flags.mendCheckpoint,
    signal,
    onProgress: (progress) => line.progress(describeEditProgress(progress)),
  })
  const { file, format, digest } = dataset
  const results = await runEvaluation(model, {
    cases,
    dataset: { file, format: format ?? 'auto', digest: digest ?? '' },
    arms: plan.arms.map(({ name, method, hyperparameters = {} }) => ({
      name,
      method,
      hyperparameters,
    })),
    protocol: plan.protocol,
    out,
    seed: flags.seed,
    casesPerBatch: flags.batch,
    ...(flags.texts ? { generation: plan.generation } : {}),
    resources,
    signal,
    onProgress: (progress) => line.progress(describeEvaluationProgress(progress)),
  })
  const wanted = flags.figures && paper === 'backward-lens'
  const prompts = cases.slice(0, wanted ? flags.prompts : 0)
  const directory = figuresDirectory(out)
  const options = { dataset, directory, seed: flags.seed, signal, line }
  return { ...results, plan, out, figures: await reproduceFigures(model, prompts, options) }
}

const figuresDirectory = (out: string): string => `${out}.figures`

/** @throws BAD_ARGUMENT for a name that the plan has not */
function chooseArms(
  plan: ReproductionPlan,
  names: readonly string[] | undefined,
): ReproductionPlan {
  if (names === undefined) return plan
  const known = plan.arms.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw badFlag('--arms', unknown, `some of ${known.join(', ')}`)
  return { ...plan, arms: plan.arms.filter(({ name }) => names.includes(name)) }
}

interface Chosen {
  readonly dataset: ChosenCases['dataset']
  readonly cases: readonly EvaluationCase[]
}

/** One file for a paper, a model, a data set and a number of cases. */
function defaultPath(
  home: string,
  { files }: LoadedModel,
  { paper, arms }: ReproductionPlan,
  { dataset, cases }: Chosen,
): string {
  const parts = [paper, files.weightsDigest.slice(0, 12), dataset.digest?.slice(0, 12) ?? 'unknown']
  return join(home, 'reproductions', `${parts.join('-')}-${cases.length}x${arms.length}.jsonl`)
}
