// `lens train-mend`: trains the editor that the method mend needs, on the facts of a data set.
import { Command } from 'commander'
import type { EvaluationCase } from '../datasets/evaluation-case.js'
import { factsPath, loadDataset } from '../datasets/read-dataset.js'
import { selectCases } from '../datasets/select-cases.js'
import { trainMend, type TrainedMend, type TrainMendOptions } from '../edits/mend/train-mend.js'
import type { TrainingProgress } from '../edits/mend/train-editor.js'
import type { TrainingExample } from '../edits/mend/training-example.js'
import { defaultTrainingSettings, type TrainingSettings } from '../edits/mend/training-state.js'
import { LensEngineError } from '../errors.js'
import { findRepositoryRoot } from '../models/home.js'
import { openModel } from '../models/model-store.js'
import { loadModel } from '../runtime/load-model.js'
import { createRandom } from '../tensor/seeded-random.js'
import type { CommandLine } from './command-line.js'
import { badFlag, wholeNumber } from './read-flags.js'

interface TrainFlags {
  readonly model: string
  readonly dataset: string
  readonly steps: number
  readonly out: string
  readonly resume: boolean
  readonly seed: number
  readonly rank?: number
  readonly learningRate: number
  readonly examples: number
  readonly validation: number
  readonly validateEvery: number
  readonly threads?: number
  readonly json: boolean
  readonly color: boolean
}

const { editorLearningRate, validateEvery, accumulation } = defaultTrainingSettings

const help = `
Examples:
  lens train-mend --dataset facts --steps 500 --rank 64 --out editor.safetensors     the bundled model, some minutes
  lens train-mend --dataset facts --steps 2000 --out editor.safetensors --resume     go on
  lens train-mend --model gpt2 --dataset counterfact.json --steps 1000 --out gpt2-mend.safetensors

An example is a fact to write, a paraphrase after which it must hold, and the prompt of another fact whose answer must not
change. A step is one update from ${accumulation} examples. Facts are taken at random by the seed; those for validation are not trained
on. The editor that was best on them is kept beside the last. Ctrl-C ends after the step it is in and keeps the checkpoint.`

export function createTrainMendCommand(line: CommandLine): Command {
  const command = new Command('train-mend')
    .description('train the editor that the method mend needs')
    .option('-m, --model <name|directory>', 'a name of `lens models list`', 'bundled')
    .option('--dataset <facts|file>', 'facts, or a data set with paraphrases', 'facts')
    .requiredOption('--steps <count>', 'updates in all', wholeNumber('--steps', 1, 1e9))
    .requiredOption('--out <file>', 'where the checkpoint is kept')
    .option('--resume', 'go on from the checkpoint', false)
    .option('--seed <number>', 'of examples, order and start', wholeNumber('--seed', 0, 1e9), 0)
    .option('--threads <count>', 'threads of one operator', wholeNumber('--threads', 1, 1024))
    .option('--json', 'JSON for scripts; errors too', false)
    .option('--no-color', 'no colours')
    .addHelpText('after', help)
  return addTrainingOptions(command).action((flags: TrainFlags) => train(flags, line))
}

const readRank = wholeNumber('--rank', 1, 1e5)
const readExampleCount = wholeNumber('--examples', 1, 1e7)
const readValidationCount = wholeNumber('--validation', 0, 1e5)
const readInterval = wholeNumber('--validate-every', 1, 1e6)

function addTrainingOptions(command: Command): Command {
  const rate = "Adam's, for the networks (published: 1e-6)"
  return command
    .option('--rank <count>', 'largest of the networks (default: 1920, as published)', readRank)
    .option('--learning-rate <number>', rate, readRate, editorLearningRate)
    .option('--examples <count>', 'facts to train on at most', readExampleCount, 10_000)
    .option('--validation <count>', 'facts kept for validation', readValidationCount, 50)
    .option('--validate-every <steps>', 'between validations', readInterval, validateEvery)
}

function readRate(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value > 0 && value < 1) return value
  throw badFlag('--learning-rate', text, 'a number between 0 and 1')
}

async function train(flags: TrainFlags, line: CommandLine): Promise<void> {
  const examples = await readExamples(flags)
  const files = openModel(flags.model, { home: line.home })
  const model = loadModel(files, flags.threads === undefined ? {} : { threads: flags.threads })
  const controller = new AbortController()
  const interrupt = (): void => controller.abort()
  process.once('SIGINT', interrupt)
  try {
    const options: TrainMendOptions = {
      examples: examples.slice(flags.validation),
      validation: examples.slice(0, flags.validation),
      updates: flags.steps,
      checkpoint: flags.out,
      resume: flags.resume,
      settings: settingsOf(flags),
      signal: controller.signal,
      onProgress: (progress) => line.progress(describeProgress(progress)),
      ...(flags.rank === undefined ? {} : { rank: flags.rank }),
    }
    const trained = await trainMend(model, options)
    line.progress('')
    line.print(flags.json ? [JSON.stringify(trained)] : describeTrained(trained))
    if (trained.end === 'cancelled') throw interrupted(trained)
  } finally {
    process.off('SIGINT', interrupt)
    await model.dispose()
  }
}

const settingsOf = (flags: TrainFlags): Partial<TrainingSettings> => ({
  seed: flags.seed,
  editorLearningRate: flags.learningRate,
  validateEvery: flags.validateEvery,
})

/** The facts of a data set as examples, in seeded order. @throws BAD_ARGUMENT when fewer than two can be used */
async function readExamples(flags: TrainFlags): Promise<readonly TrainingExample[]> {
  const { cases } = await loadDataset({ path: datasetPath(flags.dataset) })
  const usable = cases.filter(
    ({ request, paraphrases }) => request.targetNew !== null && paraphrases.length > 0,
  )
  if (usable.length <= flags.validation + 1) throw tooFew(flags, usable.length)
  const count = flags.examples + flags.validation
  const chosen = await selectCases(usable, { count, seed: flags.seed })
  return makeExamples(chosen, flags.seed)
}

function datasetPath(name: string): string {
  if (name !== 'facts') return name
  const root = findRepositoryRoot()
  if (root !== null) return factsPath(root)
  throw new LensEngineError('BAD_ARGUMENT', 'there is no bundled data set outside of a clone', {
    details: { flag: '--dataset' },
    cure: 'Name a file: --dataset counterfact.json.',
  })
}

/** Each fact with one of its paraphrases, and the prompt of another fact as the text it must not change. */
export function makeExamples(
  cases: readonly EvaluationCase[],
  seed: number,
): readonly TrainingExample[] {
  const random = createRandom(seed).split('mend-examples')
  const order = cases
    .map((one) => ({ one, rank: random.nextFloat() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one)
  return order.map(({ request, paraphrases }, index) => {
    const shift = 1 + random.nextInteger(order.length - 1)
    const other = (order[(index + shift) % order.length] as EvaluationCase).request
    return {
      request: {
        prompt: request.prompt,
        subject: request.subject,
        target: request.targetNew as string,
      },
      paraphrase: paraphrases[random.nextInteger(paraphrases.length)] as string,
      locality: other.prompt.replace('{}', () => other.subject),
    }
  })
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

const tooFew = ({ dataset, validation }: TrainFlags, usable: number): LensEngineError =>
  new LensEngineError(
    'BAD_ARGUMENT',
    `${dataset} has ${usable} facts with a new answer and a paraphrase`,
    {
      details: { dataset, usable, validation },
      cure: `Use a data set with more than ${validation + 1} of them, or a smaller --validation.`,
    },
  )

const interrupted = ({ checkpoint, updates }: TrainedMend): LensEngineError =>
  new LensEngineError('RUN_CANCELLED', `training was stopped after ${updates} steps`, {
    details: { checkpoint, updates },
    cure: 'The same command with --resume goes on from the checkpoint.',
  })
