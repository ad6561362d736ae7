// What ROME and r-ROME can be told.
import type { ModelShape } from '../../architectures/architecture.js'
import type { HyperparameterSpec } from '../hyperparameters.js'
import {
  publishedValueDefaults,
  ridgeHyperparameter,
  valueHyperparameters,
} from '../shared/value-hyperparameters.js'

const layer: HyperparameterSpec = {
  name: 'layer',
  kind: 'layer',
  default: null,
  title: 'Layer',
  explanation: 'The block whose mlp.down is changed: where the subject is looked up.',
  literature:
    '8 (GPT2-medium), 12 (large), 17 (xl), 5 (GPT-J, Llama 2 7B); "layer 18" in the paper counts from 1.',
  unit: '',
}

const useCovariance: HyperparameterSpec = {
  name: 'useCovariance',
  kind: 'boolean',
  default: true,
  title: 'Use the covariance',
  explanation:
    'Whether the key is solved with C, so that other keys change least. Without it the update follows the key itself.',
  literature:
    'True in the paper; EasyEdit turns it off for Llama and GPT2-xl, which is not comparable with the paper.',
  unit: '',
}

export const keyChoices = {
  original:
    'as published: the direction from the mean key over contexts, the divisor and the residual from the bare prompt',
  mean: 'the mean key over contexts everywhere (r-ROME)',
  prompt: 'the key of the bare prompt everywhere (p-ROME)',
} as const

export type KeyChoice = keyof typeof keyChoices

const keys = (fallback: KeyChoice): HyperparameterSpec => ({
  name: 'keys',
  kind: 'choice',
  default: fallback,
  choices: keyChoices,
  title: 'Keys',
  explanation:
    'Which keys the rank-one update is made from. The published code mixes two, so its divisor can come close to zero and the update become huge ("disabling edits").',
  literature: "original: ROME's code. mean, prompt: Gupta et al. 2024 (arXiv 2403.07175).",
  unit: '',
})

export const romeHyperparameters = (fallback: KeyChoice): readonly HyperparameterSpec[] => [
  layer,
  keys(fallback),
  useCovariance,
  ridgeHyperparameter,
  ...valueHyperparameters,
]

/** The layer of GPT2-xl, as a share of the depth. */
const PUBLISHED_DEPTH = 17 / 48

export function deriveRomeDefaults(fallback: KeyChoice) {
  return ({ shape }: { readonly shape: ModelShape }) => {
    const derived = Math.round(PUBLISHED_DEPTH * shape.layers)
    return {
      values: {
        ...publishedValueDefaults,
        layer: derived,
        keys: fallback,
        useCovariance: true,
        ridge: 0.001,
        clampFactor: 4,
      },
      source: `layer ${derived} stands at the depth of layer 17 in GPT2-xl; the rest as published, with a ridge for a covariance from few tokens; untested`,
    }
  }
}
