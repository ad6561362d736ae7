// Trains an editor through the edited model (MEND, algorithm 2): examples in seeded order, gradients added up, Adam.
import { LensEngineError } from '../../errors.js'
import { createRandom } from '../../tensor/seeded-random.js'
import { Adam } from '../shared/adam.js'
import { finite, type EditLab } from '../shared/edit-lab.js'
import { measureExample, type ExampleLoss, type PreparedExample } from './training-example.js'
import { copyEditor, type LossPoint, type TrainingState } from './training-state.js'

export interface TrainingProgress {
  readonly updates: number
  readonly total: number
  /** Of the last update's examples. */
  readonly loss: LossPoint
  readonly validation: LossPoint | null
  readonly secondsLeft: number
}

export interface TrainEditorOptions {
  readonly examples: readonly PreparedExample[]
  /** Held-out examples; without any there is no early stop. */
  readonly validation: readonly PreparedExample[]
  /** Updates of the editor in all, those of earlier runs included. */
  readonly updates: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (progress: TrainingProgress) => void
  /** Called after each validation: a good place to store the state. */
  readonly onValidated?: (state: TrainingState) => void
}

export type TrainingEnd = 'finished' | 'stopped-early' | 'cancelled'

/**
 * Runs updates until there are as many as asked for, the validation has not improved for long, or the signal is given; an
 * update that has begun is finished, so that the state can be stored and resumed to the same numbers.
 * @param lab without a signal of its own
 * @param state changed in place
 * @throws NOT_FINITE when a loss or gradient is NaN or infinite; BAD_ARGUMENT without examples
 */
export async function trainEditor(
  lab: EditLab,
  state: TrainingState,
  options: TrainEditorOptions,
): Promise<TrainingEnd> {
  const { updates, signal, onProgress, onValidated } = options
  if (options.examples.length === 0) throw noExamples()
  const order = exampleOrder(options.examples.length, state.settings.seed)
  const [started, first] = [performance.now(), state.updates]
  while (state.updates < updates) {
    if (signal?.aborted === true) return 'cancelled'
    const loss = await updateEditor(lab, state, options.examples, order)
    const validation = await validateWhenDue(lab, state, options)
    const perUpdate = (performance.now() - started) / (state.updates - first)
    const secondsLeft = (perUpdate * (updates - state.updates)) / 1000
    onProgress?.({ updates: state.updates, total: updates, loss, validation, secondsLeft })
    if (validation === null) continue
    onValidated?.(state)
    if (state.updates - (state.best?.updates ?? 0) >= state.settings.patience) {
      return 'stopped-early'
    }
  }
  return 'finished'
}

/** Index of the n-th example: every epoch is a shuffle of its own that depends on the seed alone. */
function exampleOrder(count: number, seed: number): (place: number) => number {
  const random = createRandom(seed).split('mend-order')
  let known = { epoch: -1, order: [] as number[] }
  return (place) => {
    const epoch = Math.floor(place / count)
    if (epoch !== known.epoch) {
      const draw = random.split(String(epoch))
      const order = [...Array(count).keys()]
      for (let last = count - 1; last > 0; last--) {
        const other = draw.nextInteger(last + 1)
        ;[order[last], order[other]] = [order[other] as number, order[last] as number]
      }
      known = { epoch, order }
    }
    return known.order[place % count] as number
  }
}

/** One update from `accumulation` examples. Their gradients are added, not averaged, as in the published code. */
async function updateEditor(
  lab: EditLab,
  state: TrainingState,
  examples: readonly PreparedExample[],
  order: (place: number) => number,
): Promise<LossPoint> {
  const { editor, settings } = state
  const sums = new Map<string, Float32Array>()
  const losses: ExampleLoss[] = []
  for (let index = 0; index < settings.accumulation; index++) {
    const place = order(state.updates * settings.accumulation + index)
    const example = examples[place] as PreparedExample
    const { editWeight } = settings
    const measured = await measureExample(lab, editor, example, { editWeight, training: true })
    losses.push(measured.loss)
    for (const [name, gradient] of measured.gradients) addInto(sums, name, gradient)
  }
  clipGradients(sums, settings.clip)
  for (const [name, gradient] of sums) stepParameter(state, name, gradient)
  state.updates++
  const point = meanLoss(losses, state.updates)
  state.curve.push(point)
  return point
}

function addInto(sums: Map<string, Float32Array>, name: string, gradient: Float32Array): void {
  const sum = sums.get(name)
  if (sum === undefined) {
    sums.set(name, gradient.slice())
    return
  }
  for (let index = 0; index < sum.length; index++) {
    sum[index] = (sum[index] as number) + (gradient[index] as number)
  }
}

/** Scales all gradients together so that their common norm is at most `limit` (torch.nn.utils.clip_grad_norm_). */
function clipGradients(gradients: ReadonlyMap<string, Float32Array>, limit: number): void {
  let squares = 0
  for (const values of gradients.values()) for (const value of values) squares += value * value
  const norm = finite(Math.sqrt(squares), 'the norm of the gradients of training')
  const factor = limit / (norm + 1e-6)
  if (factor >= 1) return
  for (const values of gradients.values()) {
    for (let index = 0; index < values.length; index++) {
      values[index] = (values[index] as number) * factor
    }
  }
}

function stepParameter(
  { editor, settings, moments }: TrainingState,
  name: string,
  gradient: Float32Array,
): void {
  const { start } = editor.layout.parameters.find((one) => one.name === name) ?? {}
  const learningRate = start === 'rate' ? settings.rateLearningRate : settings.editorLearningRate
  const values = editor.parameters.get(name) as Float32Array
  new Adam(values.length, { learningRate }, moments.get(name)).step(values, gradient)
}

async function validateWhenDue(
  lab: EditLab,
  state: TrainingState,
  { validation }: TrainEditorOptions,
): Promise<LossPoint | null> {
  const due = state.updates % state.settings.validateEvery === 0
  if (!due || validation.length === 0) return null
  const { editWeight } = state.settings
  const losses: ExampleLoss[] = []
  for (const example of validation) {
    const options = { editWeight, training: false }
    losses.push((await measureExample(lab, state.editor, example, options)).loss)
  }
  const point = meanLoss(losses, state.updates)
  state.validations.push(point)
  if (state.best === null || point.total < state.best.loss) {
    const editor = copyEditor(state.editor)
    state.best = { updates: state.updates, loss: point.total, editor }
  }
  return point
}

function meanLoss(losses: readonly ExampleLoss[], updates: number): LossPoint {
  const mean = (part: keyof ExampleLoss): number =>
    losses.reduce((sum, loss) => sum + loss[part], 0) / losses.length
  return { updates, total: mean('total'), edit: mean('edit'), locality: mean('locality') }
}

const noExamples = (): LensEngineError =>
  new LensEngineError('BAD_ARGUMENT', 'there is no example to train on', {
    cure: 'Use a data set with paraphrases and at least two facts.',
  })
