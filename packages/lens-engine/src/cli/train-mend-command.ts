// `lens train-mend`: trains the editor that the method mend needs, on the facts of a data set.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Command } from 'commander'
import type { MatrixName } from '../architectures/hook-points.js'
import { loadDataset } from '../datasets/read-dataset.js'
import { factsRanges, takeRange, type RecordRange } from '../datasets/record-range.js'
import {
  defaultMatrices,
  trainMend,
  type TrainedMend,
  type TrainMendOptions,
} from '../edits/mend/train-mend.js'
import type { TrainingProgress } from '../edits/mend/train-editor.js'
import { defaultTrainingSettings, type TrainingSettings } from '../edits/mend/training-state.js'
import { LensEngineError } from '../errors.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { editorPath } from '../resources/mend-editors.js'
import {
  chooseExamples,
  defaultExampleOptions,
  trainingFacts,
  type ExampleSets,
} from '../resources/mend-examples.js'
import { datasetPath } from './case-source.js'
import type { CommandLine } from './command-line.js'
import { badFlag, collectMatrices, readRecords, wholeNumber } from './read-flags.js'
import { readLayers } from './stats-command.js'
import { withModel, type ModelFlags } from './with-model.js'

interface TrainFlags extends ModelFlags {
  readonly dataset: string
  readonly steps: number
  readonly out?: string
  readonly records?: RecordRange
  readonly layers?: readonly number[] | 'all'
  readonly matrix?: readonly MatrixName[]
  readonly resume: boolean
  readonly seed: number
  readonly rank?: number
  readonly learningRate: number
  readonly examples: number
  readonly validation: number
  readonly validateEvery: number
  readonly json: boolean
  readonly color: boolean
}

const { editorLearningRate, validateEvery, accumulation } = defaultTrainingSettings
const { examples, validation, seed } = defaultExampleOptions

const { first, last } = factsRanges.training
const ownFacts = `bundled facts: ${first}-${last}`

const help = `
Examples:
  lens train-mend --steps 200 --rank 64                        the bundled model, some minutes
  lens train-mend --steps 400 --rank 64 --resume               go on
  lens train-mend --model gpt2 --dataset counterfact.json --records 2000-11999 --steps 1000
  lens train-mend --steps 200 --rank 64 --layers 0-2 --matrix mlp.down --out early.safetensors

An example is a fact to write, a paraphrase after which it must hold, and a neighborhood prompt whose answer must not change
(another fact's prompt where the data set has none). A step is one update from ${accumulation} examples. Facts are taken at random by the
seed; those for validation are not trained on. The editor that was best on them is kept beside the last. Without --out it is
kept where \`mend\` finds it. Of the bundled facts, ${first} to ${last} are for training and the others for evaluation.
Ctrl-C ends after the step it is in and keeps the checkpoint.`

export function createTrainMendCommand(line: CommandLine): Command {
  const command = new Command('train-mend')
    .description('train the editor that the method mend needs')
    .option('-m, --model <name|directory>', 'a name of `lens models list`', 'bundled')
    .option('--dataset <facts|file>', 'facts, or a data set with paraphrases', 'facts')
    .requiredOption('--steps <count>', 'updates in all', wholeNumber('--steps', 1, 1e9))
    .option('--out <file>', "where the checkpoint is kept (default: under Imprint's home)")
    .option('--resume', 'go on from the checkpoint', false)
    .option('--seed <number>', 'of examples, order and start', readSeed, seed)
    .option('--threads <count>', 'threads of one operator', wholeNumber('--threads', 1, 1024))
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', help)
  return addTrainingOptions(command).action((flags: TrainFlags) => train(flags, line))
}

const readSeed = wholeNumber('--seed', 0, 1e9)
const readRank = wholeNumber('--rank', 1, 1e5)
const readExampleCount = wholeNumber('--examples', 1, 1e7)
const readValidationCount = wholeNumber('--validation', 0, 1e5)
const readInterval = wholeNumber('--validate-every', 1, 1e6)

function addTrainingOptions(command: Command): Command {
  const rate = "Adam's, for the networks (published: 1e-6)"
  return command
    .option('--records <first-last>', `places of facts to use, from 0 (${ownFacts})`, readRecords)
    .option('--layers <layers>', 'to change (default: the last three)', readLayers)
    .option('--matrix <names>', 'to change (default: those of the MLP)', collectMatrices)
    .option('--rank <count>', 'largest of the networks (default: 1920, as published)', readRank)
    .option('--learning-rate <number>', rate, readRate, editorLearningRate)
    .option('--examples <count>', 'facts to train on at most', readExampleCount, examples)
    .option('--validation <count>', 'facts kept for validation', readValidationCount, validation)
    .option('--validate-every <steps>', 'between validations', readInterval, validateEvery)
}

function readRate(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value < 1) return value
  throw badFlag('--learning-rate', text, 'a number between 0 and 1')
}

async function train(flags: TrainFlags, line: CommandLine): Promise<void> {
  const sets = await readExamples(flags)
  const trained = await withModel(flags, line, (model, signal) =>
    trainMend(model, {
      ...sets,
      updates: flags.steps,
      checkpoint: checkpointOf(flags, model, line),
      resume: flags.resume,
      settings: settingsOf(flags),
      signal,
      onProgress: (progress) => line.progress(describeProgress(progress)),
      ...(flags.rank === undefined ? {} : { rank: flags.rank }),
      ...matricesOf(flags, model),
    }),
  )
  line.progress('')
  line.print(flags.json ? [JSON.stringify(trained)] : describeTrained(trained))
  if (trained.end === 'cancelled') throw interrupted(trained)
}

/** A place of its own, or the one where `mend` looks. */
function checkpointOf({ out }: TrainFlags, model: LoadedModel, { home }: CommandLine): string {
  if (out !== undefined) return out
  const path = editorPath(home, model)
  mkdirSync(dirname(path), { recursive: true })
  return path
}

/** Nothing when neither layers nor matrices are named. @throws BAD_ARGUMENT for those the model does not have */
function matricesOf(flags: TrainFlags, model: LoadedModel): Pick<TrainMendOptions, 'matrices'> {
  const { layers, matrix } = flags
  if (layers === undefined && matrix === undefined) return {}
  const usual = defaultMatrices(model)
  const all = [...Array(model.shape.layers).keys()]
  const ownLayers = layers === 'all' ? all : (layers ?? usual.map(({ layer }) => layer))
  const ownMatrices = matrix ?? usual.map((one) => one.matrix)
  const matrices = [...new Set(ownLayers)].flatMap((layer) =>
    [...new Set(ownMatrices)].map((name) => ({ layer, matrix: name })),
  )
  return { matrices }
}

const settingsOf = (flags: TrainFlags): Partial<TrainingSettings> => ({
  seed: flags.seed,
  editorLearningRate: flags.learningRate,
  validateEvery: flags.validateEvery,
})

/** @throws BAD_ARGUMENT when there are too few facts that can be used */
async function readExamples({ dataset, records, ...counts }: TrainFlags): Promise<ExampleSets> {
  const { cases } = await loadDataset({ path: datasetPath(dataset) })
  if (dataset === 'facts' && records === undefined) {
    return chooseExamples(await trainingFacts(cases), counts)
  }
  const chosen = []
  for await (const one of takeRange(cases, records ?? null)) chosen.push(one)
  return chooseExamples(chosen, counts)
}

function describeProgress({ updates, total, loss, validation, secondsLeft }: TrainingProgress) {
  const checked = validation === null ? '' : `, validation ${validation.total.toFixed(3)}`
  const losses = `loss ${loss.total.toFixed(3)} (edit ${loss.edit.toFixed(3)}, locality ${loss.locality.toFixed(4)})`
  return `step ${updates} of ${total}: ${losses}${checked}, ${Math.ceil(secondsLeft)} s left`
}

function describeTrained(trained: TrainedMend): readonly string[] {
  const { end, checkpoint, matrices, parameters, updates, validations, best } = trained
  const ends = {
    finished: 'finished',
    'stopped-early': 'stopped: the validation no longer improves',
    cancelled: 'stopped by Ctrl-C',
  } as const
  return [
    `${ends[end]} after ${updates} steps`,
    `editor of ${matrices.join(', ')}: ${parameters.toLocaleString('en-US')} parameters`,
    'step  validation  edit  locality   (nats)',
    ...validations.map(
      ({ updates: step, total, edit, locality }) =>
        `${step}  ${total.toFixed(4)}  ${edit.toFixed(4)}  ${locality.toFixed(4)}`,
    ),
    ...(best === null ? [] : [`best after step ${best.updates}: ${best.loss.toFixed(4)}`]),
    checkpoint,
  ]
}

const interrupted = ({ checkpoint, updates }: TrainedMend): LensEngineError =>
  new LensEngineError('RUN_CANCELLED', `training was stopped after ${updates} steps`, {
    details: { checkpoint, updates },
    cure: 'The same command with --resume goes on from the checkpoint.',
  })
