// Where a training stands: the editor, the moments of Adam, the loss curve and the best editor so far. All of it is stored.
import type { AdamState } from '../shared/adam.js'
import { createEditor, type Editor } from './editor.js'
import { parameterSize, type EditorLayout } from './editor-layout.js'
import { RunningStatistics } from './running-statistics.js'
import type { ExampleLoss } from './training-example.js'

export interface TrainingSettings {
  /** Of the order of the examples and the editor's first parameters. */
  readonly seed: number
  /** Weight of the loss of the edit beside that of locality (MEND: 0.1). */
  readonly editWeight: number
  /** Adam's learning rate for the networks (published: 1e-6). */
  readonly editorLearningRate: number
  /** Adam's learning rate for the rates of the matrices (published: 1e-4). */
  readonly rateLearningRate: number
  /** Examples whose gradients are added up for one update. */
  readonly accumulation: number
  /** Largest norm of all gradients together; larger ones are scaled down. */
  readonly clip: number
  /** Updates between validations. */
  readonly validateEvery: number
  /** Updates without a better validation after which training ends. */
  readonly patience: number
}

/**
 * Published but for the learning rate of the networks and what follows from it: 1e-6 is for a million examples on a GPU;
 * 1e-4 learns in some thousand on a small model.
 */
export const defaultTrainingSettings: TrainingSettings = {
  seed: 0,
  editWeight: 0.1,
  editorLearningRate: 1e-4,
  rateLearningRate: 1e-4,
  accumulation: 10,
  clip: 100,
  validateEvery: 50,
  patience: 2000,
}

/** Means over examples, in nats. */
export interface LossPoint extends ExampleLoss {
  /** Updates done when it was measured. */
  readonly updates: number
}

export interface BestEditor {
  readonly updates: number
  /** Total loss on the validation examples. */
  readonly loss: number
  readonly editor: Editor
}

export interface TrainingState {
  readonly settings: TrainingSettings
  readonly editor: Editor
  /** By name of the parameter; float32, so that a checkpoint holds all of it. */
  readonly moments: ReadonlyMap<string, AdamState>
  /** One point for each update: the examples it was made from, before it. */
  readonly curve: LossPoint[]
  readonly validations: LossPoint[]
  updates: number
  best: BestEditor | null
}

/** A training before its first update. */
export function startTraining(layout: EditorLayout, settings: TrainingSettings): TrainingState {
  const moments = new Map(
    layout.parameters.map((parameter): [string, AdamState] => {
      const size = parameterSize(parameter)
      const zeros = { first: new Float32Array(size), second: new Float32Array(size) }
      return [parameter.name, { steps: 0, ...zeros }]
    }),
  )
  const editor = createEditor(layout, settings.seed)
  return { settings, editor, moments, curve: [], validations: [], updates: 0, best: null }
}

/** A copy that training does not change. */
export const copyEditor = ({ layout, parameters, statistics }: Editor): Editor => ({
  layout,
  parameters: new Map([...parameters].map(([name, values]) => [name, values.slice()])),
  statistics: new Map(
    [...statistics].map(([key, { state }]) => [key, new RunningStatistics(state)]),
  ),
})
