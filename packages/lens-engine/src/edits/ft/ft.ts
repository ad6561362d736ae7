// FT and FT-L: the two fine-tuning baselines of ROME's evaluation, without and with a bound on each weight's change.
import type { MatrixName } from '../../architectures/hook-points.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import type { ComputeOptions, EditMethod } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterSpec, HyperparameterValues } from '../hyperparameters.js'
import type { EditLab } from '../shared/edit-lab.js'
import { objectiveSpec, type TargetObjective } from '../shared/target-objective.js'
import { fineTune } from './fine-tune.js'

const common: readonly HyperparameterSpec[] = [
  {
    name: 'layer',
    kind: 'layer',
    default: null,
    title: 'Layer',
    explanation: 'The block whose matrix is trained.',
    literature: 'FT: layer 1 of GPT2-xl, 21 of GPT-J and Llama 2 7B. FT-L: layer 0.',
    unit: '',
  },
  {
    name: 'matrix',
    kind: 'choice',
    default: 'mlp.down',
    choices: {
      'mlp.down': 'the second matrix of the MLP',
      'mlp.up': 'the first matrix of the MLP',
      'attention.query': 'the queries',
      'attention.key': 'the keys',
      'attention.value': 'the values',
      'attention.output': 'the output of attention',
    },
    title: 'Matrix',
    explanation: 'The matrix that is trained, with its bias.',
    literature: 'mlp.down; the attention variant AttnEdit trains all of c_attn of layer 33.',
    unit: '',
  },
  {
    name: 'learningRate',
    kind: 'number',
    default: 5e-4,
    min: 0,
    max: 10,
    title: 'Learning rate',
    explanation: 'Step of Adam: about how far each weight moves in one step.',
    literature: '5e-4 in every published configuration but AttnEdit (1e-3).',
    unit: '',
  },
  {
    name: 'steps',
    kind: 'integer',
    default: 25,
    min: 1,
    max: 10_000,
    title: 'Steps',
    explanation: 'Steps at most.',
    literature: '25.',
    unit: 'steps',
  },
  {
    name: 'lossThreshold',
    kind: 'number',
    default: 0.01,
    min: 0,
    max: 100,
    title: 'Loss to stop at',
    explanation: 'Training ends when the loss is below it.',
    literature: '0.01 in the code; the paper says 0.03.',
    unit: 'nats',
  },
  {
    name: 'biases',
    kind: 'boolean',
    default: true,
    title: 'Bias too',
    explanation: 'Whether the bias of the matrix is trained as well, in models that have one.',
    literature: 'The code matches names by substring, so the bias is trained with the weight.',
    unit: '',
  },
  objectiveSpec(
    'last-position',
    'The code of ROME reads all tokens at the last position; EasyEdit calls the teacher-forced form FT-M.',
  ),
]

const bound: HyperparameterSpec = {
  name: 'bound',
  kind: 'number',
  default: null,
  min: 0,
  max: 1e6,
  optional: true,
  title: 'Bound',
  explanation:
    'After each step every weight is put back to within this distance of where it began.',
  literature: '5e-4 for GPT2-xl, 1e-3 for large, 2e-3 for medium, 5e-5 for GPT-J.',
  unit: '',
}

const source =
  'ROME (Meng et al. 2022), baselines FT and FT+L; code in baselines/ft. Constraint after Zhu et al. 2020.'

type Model = Pick<LoadedModel, 'shape'>

function compute(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  values: HyperparameterValues,
  { onProgress }: ComputeOptions,
) {
  const address = { layer: values['layer'] as number, matrix: values['matrix'] as MatrixName }
  const settings = {
    address,
    learningRate: values['learningRate'] as number,
    steps: values['steps'] as number,
    lossThreshold: values['lossThreshold'] as number,
    bound: (values['bound'] ?? null) as number | null,
    biases: values['biases'] === true,
    objective: values['objective'] as TargetObjective,
  }
  return fineTune(lab, requests, settings, onProgress)
}

const published = {
  matrix: 'mlp.down',
  learningRate: 5e-4,
  steps: 25,
  lossThreshold: 0.01,
  biases: true,
  objective: 'last-position',
} as const

export const ft: EditMethod = {
  name: 'ft',
  title: 'Fine-tuning',
  description:
    'Trains one matrix and its bias with Adam until the target is likely. The change has full rank, so it is kept as a matrix. It nearly always succeeds, and reaches far beyond what was asked.',
  source,
  hyperparameters: common,
  needs: [],
  requestsPerEdit: 'many',
  deriveDefaults: ({ shape }: Model) => ({
    values: { ...published, layer: Math.min(1, shape.layers - 1) },
    source: 'the configuration of GPT2-xl (layer 1); untested',
  }),
  compute,
}

/** The published bounds fall with the width: 2e-3 at 1024, 1e-3 at 1280, 5e-4 at 1600. */
const boundFor = (width: number): number =>
  width <= 1024 ? 2e-3 : width <= 1280 ? 1e-3 : width <= 1600 ? 5e-4 : 5e-5

export const ftL: EditMethod = {
  name: 'ft-l',
  title: 'Constrained fine-tuning',
  description:
    'Fine-tuning of one matrix in which no weight may move further than a bound from where it began, so that less of what the model knows is lost.',
  source,
  hyperparameters: [...common, bound],
  needs: [],
  requestsPerEdit: 'many',
  deriveDefaults: ({ shape }: Model) => ({
    values: { ...published, layer: 0, bound: boundFor(shape.width) },
    source: `layer 0 as in every published configuration of GPT-2, and the bound of the width nearest to ${shape.width}; untested`,
  }),
  compute,
}
