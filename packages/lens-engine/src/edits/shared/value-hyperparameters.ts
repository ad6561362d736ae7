// Hyperparameters of the optimisation of v* and z, shared by ROME and MEMIT and those that follow them.
import type { HyperparameterSpec, HyperparameterValues } from '../hyperparameters.js'
import type { ValueSettings } from './optimize-value.js'

export const valueHyperparameters: readonly HyperparameterSpec[] = [
  {
    name: 'contexts',
    kind: 'integer',
    default: 21,
    min: 1,
    max: 1000,
    title: 'Contexts',
    explanation:
      'Texts before which the prompt must work, itself alone included: the first of those that were sampled, at most so many. Fewer make an edit cheaper and hold in fewer places.',
    literature: 'All: 21 for ROME (11 without the longer ones), 6 for MEMIT.',
    unit: 'texts',
  },
  {
    name: 'steps',
    kind: 'integer',
    default: 20,
    min: 1,
    max: 1000,
    title: 'Steps',
    explanation: 'Measurements of the loss; the last one is not followed by a step of Adam.',
    literature: '20 for GPT-2; 25 for GPT-J under MEMIT and for Llama 2 7B.',
    unit: 'steps',
  },
  {
    name: 'valueLearningRate',
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 100,
    title: 'Learning rate of the value',
    explanation: 'Step size of Adam on the added vector.',
    literature: '0.5 everywhere; 0.1 for Llama 3 under AlphaEdit.',
    unit: '',
  },
  {
    name: 'weightDecay',
    kind: 'number',
    default: 0.5,
    min: 0,
    max: 1000,
    title: 'Weight decay',
    explanation: 'Factor on |delta| / |v0|^2 in the loss.',
    literature: "0.5 in the code (the paper says 0.0015); 0.001 for EasyEdit's Llama 2.",
    unit: 'nats',
  },
  {
    name: 'klFactor',
    kind: 'number',
    default: 0.0625,
    min: 0,
    max: 1000,
    title: 'Divergence factor',
    explanation:
      'Factor on KL(edited || original) of "{subject} is a", read at the subject\'s last token, so that the subject stays what it is.',
    literature: '0.0625 in the code (the paper says 100).',
    unit: '',
  },
  {
    name: 'clampFactor',
    kind: 'number',
    default: 4,
    min: 0,
    max: 1000,
    title: 'Clamp',
    explanation: 'The added vector is kept at most this many times as long as v0.',
    literature: 'ROME: 3 (GPT2-medium) or 4; MEMIT: 0.75, and 4 for Llama 2.',
    unit: 'times |v0|',
  },
  {
    name: 'stopLoss',
    kind: 'number',
    default: 0.05,
    min: 0,
    max: 100,
    title: 'Loss to stop at',
    explanation: 'The optimisation ends as soon as the loss is below this.',
    literature: '0.05',
    unit: 'nats',
  },
]

/** Choices every method with keys from a corpus has. */
export const ridgeHyperparameter: HyperparameterSpec = {
  name: 'ridge',
  kind: 'number',
  default: 0,
  min: 0,
  max: 10,
  title: 'Ridge',
  explanation:
    'Share of the mean diagonal of C that is added to its diagonal. Needed where C comes from few tokens and is close to singular.',
  literature: 'None in the papers, whose C comes from 100,000 articles.',
  unit: 'share of the mean diagonal',
}

export const valueSettings = (values: HyperparameterValues, layer: number): ValueSettings => ({
  layer,
  steps: values['steps'] as number,
  learningRate: values['valueLearningRate'] as number,
  weightDecay: values['weightDecay'] as number,
  klFactor: values['klFactor'] as number,
  clampFactor: values['clampFactor'] as number,
  stopLoss: values['stopLoss'] as number,
})

/** Loss settings as published; the same for every model of the GPT-2 family. */
export const publishedValueDefaults: HyperparameterValues = {
  steps: 20,
  valueLearningRate: 0.5,
  weightDecay: 0.5,
  klFactor: 0.0625,
  stopLoss: 0.05,
}
