// `lens figures`: the figures of Backward Lens over many prompts, as data and as SVG, from one resumable file of observations.
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Command } from 'commander'
import { datasetFormatNames } from '../datasets/dataset-formats.js'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { factsRanges } from '../datasets/record-range.js'
import { buildFigure } from '../figures/build-figure.js'
import { drawFigure } from '../figures/draw/draw-figure.js'
import type { FigureData, FigureKind, NamedObservations } from '../figures/figure-data.js'
import { figureKinds } from '../figures/figure-kinds.js'
import { observePrompts, type FiguresReceipt } from '../figures/observe-prompts.js'
import type { ObservedPrompt } from '../figures/prompt-observation.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { writeFileAtomically } from '../weights/atomic-file.js'
import { readCases, rejectionLines, type CaseFlags, type ChosenCases } from './case-source.js'
import type { CommandLine } from './command-line.js'
import { keepKnown } from './known-only.js'
import { openObservations, readObservationsOf, type ObservationsFile } from './observations-file.js'
import { badFlag, oneOf, readRecords, wholeNumber } from './read-flags.js'
import { withModel, type ModelFlags } from './with-model.js'

interface FiguresFlags extends CaseFlags, ModelFlags {
  readonly figures: readonly FigureKind[]
  readonly cases: number
  readonly stepCases: number
  readonly knownOnly: boolean
  readonly case?: string
  readonly subtitle?: string
  readonly beside: readonly NamedObservations<ObservedPrompt>[]
  readonly out: string
  readonly json: boolean
  readonly color: boolean
}

const { first, last } = factsRanges.evaluation

const numbers = figureKinds.map(({ number, title }) => `  ${number.slice(5).padEnd(6)} ${title}`)

const examples = `
Examples:
  lens figures --figures 3,5,6 --out figures
  lens figures --model gpt2 --dataset counterfact.json --cases 100 --seed 0 --out gpt2-figures
  lens figures --figures 26 --step-cases 50 --out steps
  lens figures --figures 18-19 --beside GPT-2=gpt2-figures --out figures

Figures:
${numbers.join('\n')}

The paper reads 100 random CounterFact prompts, each with the target its case teaches. What each prompt shows is kept in
<out>/observations.jsonl: interrupted with Ctrl-C, the same command goes on, and more cases or other figures compute only what
is missing. Every figure becomes <out>/<kind>.json and <out>/<kind>.svg. The smallest steps (figure 26) cost far more than all
the rest; the paper searches them for 50 prompts.`

export function createFiguresCommand(line: CommandLine): Command {
  const command = new Command('figures')
    .description("draw the paper's figures over many prompts")
    .option(
      '-m, --model <name|directory>',
      'a name of `lens models list`, or a directory',
      'bundled',
    )
    .option('-d, --dataset <file>', 'a file, or facts for the bundled one', 'facts')
    .option('--format <name>', `${datasetFormatNames.join(', ')} or auto`, readFormat, 'auto')
    .option(
      '--records <first-last>',
      `places of records, from 0 (facts: ${first}-${last})`,
      readRecords,
    )
    .option(
      '-n, --cases <count>',
      'prompts, chosen by the seed',
      wholeNumber('--cases', 1, 1e6),
      100,
    )
    .option('--seed <number>', 'of the choice and of the intervals', readSeed, 0)
    .option('--figures <numbers>', 'separated by commas, or all', readFigures, usualFigures)
    .requiredOption('-o, --out <directory>', 'where to write')
  return addDetails(command).action((flags: FiguresFlags) => figures(flags, line))
}

const readFormat = oneOf('--format', [...datasetFormatNames, 'auto'])
const readSeed = wholeNumber('--seed', 0, 2 ** 31 - 1)
const allFigures = figureKinds.map(({ kind }) => kind)
const usualFigures = allFigures.filter((kind) => kind !== 'smallest-step')

function addDetails(command: Command): Command {
  return command
    .option('--known-only', 'only cases whose true answer the unedited model gives', false)
    .option(
      '--step-cases <count>',
      'prompts whose smallest steps are searched',
      wholeNumber('--step-cases', 1, 1e6),
      50,
    )
    .option('--case <id>', 'the prompt of figure 4 (default: the first)')
    .option(
      '--beside <name=directory>',
      'another model to lay beside in figure 18-19, by what `lens figures` wrote; repeated',
      addBeside,
      [],
    )
    .option('--subtitle <text>', 'below every title (default: model and data set)')
    .option('--threads <count>', 'threads of one operator', wholeNumber('--threads', 1, 1024))
    .option('--json', 'the figures as JSON; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', examples)
}

/** `GPT-2=gpt2-figures` */
function addBeside(
  text: string,
  earlier: readonly NamedObservations<ObservedPrompt>[],
): readonly NamedObservations<ObservedPrompt>[] {
  const [name, directory] = text.split('=', 2).map((part) => part.trim())
  if (!name || !directory) throw badFlag('--beside', text, 'a name and a directory: GPT-2=figures')
  return [...earlier, { name, observations: readObservationsOf(directory) }]
}

/** `3,5,6`, `18-19`, names of kinds, or `all`. */
export function readFigures(text: string): readonly FigureKind[] {
  if (text.trim() === 'all') return allFigures
  const asked = text.split(',').map((part) => {
    const wanted = part.trim()
    const found = figureKinds.find(
      ({ kind, number }) => kind === wanted || holdsNumber(number, wanted),
    )
    if (found === undefined) throw badFlag('--figures', text, 'numbers such as 3,5,6 or all')
    return found.kind
  })
  return allFigures.filter((kind) => asked.includes(kind))
}

/** Whether "Fig. 20-22" is meant by "20-22" or by "21". */
function holdsNumber(number: string, wanted: string): boolean {
  const range = number.slice('Fig. '.length)
  const [from, to = from] = range.split('-').map(Number)
  const value = /^\d{1,3}$/.test(wanted) ? Number(wanted) : NaN
  return range === wanted || (value >= (from as number) && value <= (to as number))
}

interface FiguresRun {
  readonly observations: readonly ObservedPrompt[]
  readonly receipt: FiguresReceipt | null
  readonly modelName: string
}

async function figures(flags: FiguresFlags, line: CommandLine): Promise<void> {
  const chosen = await readCases(flags, 'evaluation', flags.knownOnly ? undefined : flags.cases)
  mkdirSync(flags.out, { recursive: true })
  const run = await withModel(flags, line, (model, signal) =>
    observe(model, flags, line, { ...chosen, signal }),
  )
  line.progress('')
  const source = flags.subtitle ?? `${run.modelName}, ${basename(chosen.dataset.file)}`
  const drawn = flags.figures.map((kind) => writeFigure(kind, run, flags, source))
  const skipped = run.observations.filter((one) => 'skipped' in one)
  line.print(
    flags.json
      ? [JSON.stringify({ out: flags.out, receipt: run.receipt, skipped, figures: drawn })]
      : [
          ...rejectionLines(chosen.dataset),
          ...skipped.slice(0, 5).map((one) => `skipped case ${one.caseId}: ${one.skipped}`),
          ...(skipped.length > 5 ? [`skipped ${skipped.length - 5} more`] : []),
          ...drawn.flatMap((figure) => describeFigure(figure, flags.out)),
        ],
  )
}

async function observe(
  model: LoadedModel,
  flags: FiguresFlags,
  line: CommandLine,
  { cases: read, dataset, signal }: ChosenCases & { readonly signal: AbortSignal },
): Promise<FiguresRun> {
  const cases = flags.knownOnly
    ? (await keepKnown(model, { cases: read, dataset, signal }, flags, line)).cases
    : read
  const wantsSteps = flags.figures.includes('smallest-step')
  const searched = new Set(wantsSteps ? cases.slice(0, flags.stepCases).map(({ id }) => id) : [])
  const file = openObservations(flags.out, { model, dataset })
  const missing = cases.filter(({ id }) => !isComplete(file.known.get(id), searched.has(id)))
  const receipt = await observeMissing(model, missing, { flags, line, file, searched, signal })
  return {
    observations: cases.flatMap(({ id }) => file.known.get(id) ?? []),
    receipt: file.keepReceipt(receipt),
    modelName: model.files.name,
  }
}

/** Whether what is stored of a prompt is all that is asked. */
const isComplete = (known: ObservedPrompt | undefined, searched: boolean): boolean =>
  known !== undefined && ('skipped' in known || !searched || known.smallestStep !== null)

interface ObserveMissing {
  readonly flags: FiguresFlags
  readonly line: CommandLine
  readonly file: ObservationsFile
  readonly searched: ReadonlySet<string>
  readonly signal: AbortSignal
}

async function observeMissing(
  model: LoadedModel,
  missing: readonly EvaluationCase[],
  { flags, line, file, searched, signal }: ObserveMissing,
): Promise<FiguresReceipt | null> {
  if (missing.length === 0) return null
  const started = performance.now()
  const { receipt } = await observePrompts(model, missing, {
    smallestStep: searched.size === 0 ? false : ({ id }) => searched.has(id),
    seed: flags.seed,
    signal,
    onObserved: (observed, { done, total }) => {
      file.append(observed)
      const seconds = ((performance.now() - started) / 1000 / done) * (total - done)
      line.progress(`${done} of ${total} prompts, ${Math.ceil(seconds)} s left`)
    },
  })
  return receipt
}

function writeFigure(
  kind: FigureKind,
  { observations, modelName }: FiguresRun,
  { seed, case: caseId, out, beside }: FiguresFlags,
  source: string,
): FigureData {
  const overlaid = kind === 'ranks-normalized-layer' && beside.length > 0
  const sets = [{ name: modelName, observations }, ...beside]
  const figure = buildFigure(kind, overlaid ? sets : observations, {
    seed,
    ...(caseId === undefined ? {} : { caseId }),
  })
  const write = (ending: string, text: string): void =>
    writeFileAtomically(join(out, `${kind}.${ending}`), (append) => append(Buffer.from(text)))
  write('json', `${JSON.stringify(figure)}\n`)
  write('svg', drawFigure(figure, { subtitle: source }))
  return figure
}

const describeFigure = (
  { kind, number, title, prompts, notes, lookFor }: FigureData,
  out: string,
): readonly string[] => [
  `${number} ${title}: ${prompts === 1 ? 'one prompt' : `${prompts} prompts`}, ${join(out, kind)}.svg`,
  `  the paper: ${lookFor}`,
  ...notes.map((note) => `  ${note}`),
]
