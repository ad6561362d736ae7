// A neuron and a factor -> its row of mlp.down times the factor, as a delta of rank 1: 0 ablates the neuron.
import { LensEngineError } from '../../errors.js'
import { readMatrix } from '../../runtime/stored-matrix.js'
import type { EditMethod, MethodResult } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterSpec, HyperparameterValues } from '../hyperparameters.js'
import { outerProduct } from '../matrix-delta.js'
import type { EditLab } from '../shared/edit-lab.js'

const hyperparameters: readonly HyperparameterSpec[] = [
  {
    name: 'layer',
    kind: 'layer',
    default: null,
    title: 'Layer',
    explanation: 'The layer of the neuron.',
    literature: 'Anybody’s choice.',
    unit: '',
  },
  {
    name: 'neuron',
    kind: 'integer',
    default: 0,
    min: 0,
    max: 1e6,
    title: 'Neuron',
    explanation: 'The index of the neuron: its column of mlp.up and its row of mlp.down.',
    literature: 'Anybody’s choice.',
    unit: '',
  },
  {
    name: 'factor',
    kind: 'number',
    default: 0,
    min: -1000,
    max: 1000,
    title: 'Factor',
    explanation:
      'What the neuron’s row of mlp.down is multiplied by: 0 ablates it, 1 changes nothing, 2 doubles what it writes.',
    literature: 'Anybody’s choice.',
    unit: '',
  },
]

/** Its own need no request: it changes the weights the same whatever is asked. */
export const scaleNeuron: EditMethod = {
  name: 'scale-neuron',
  title: 'Scale a neuron',
  description:
    'Multiplies one neuron’s row of mlp.down, what it writes, by a factor. The requests change nothing of that; they are only what its effect is measured with. A control, or a hypothesis about a neuron put to the test.',
  source: 'A control; no paper.',
  hyperparameters,
  needs: [],
  requestsPerEdit: 'many',
  withoutRequests: true,
  deriveDefaults: ({ shape }) => ({
    values: { layer: Math.floor(shape.layers / 2), neuron: 0, factor: 0 },
    source: 'the first neuron of the middle layer, ablated: choose your own',
  }),
  compute: (lab, requests, values) => Promise.resolve(scale(lab, requests, values)),
}

/** delta W = e_j^T (factor - 1) W_j. The weights are those of the model, whatever it runs under. */
function scale(
  { model }: EditLab,
  _requests: readonly PreparedEditRequest[],
  values: HyperparameterValues,
): MethodResult {
  const [layer, neuron, factor] = [values['layer'], values['neuron'], values['factor']] as number[]
  const { innerWidth, width } = model.shape
  if ((neuron as number) >= innerWidth)
    throw new LensEngineError('BAD_ARGUMENT', `there is no neuron ${neuron}`, {
      details: { neuron: String(neuron), neurons: innerWidth, hyperparameter: 'neuron' },
      cure: `Use a neuron from 0 to ${innerWidth - 1}.`,
    })
  const unchanged = { trace: [], warnings: [] }
  if (factor === 1)
    return {
      ...unchanged,
      outcome: { kind: 'skipped', reason: 'a factor of 1 leaves the neuron as it is' },
      deltas: [],
    }
  const address = { layer: layer as number, matrix: 'mlp.down' } as const
  const { weight } = readMatrix(model, address)
  const start = (neuron as number) * width
  const unit = new Float32Array(innerWidth)
  unit[neuron as number] = 1
  const change = weight.slice(start, start + width).map((value) => value * ((factor as number) - 1))
  return {
    ...unchanged,
    outcome: { kind: 'edited' },
    deltas: [outerProduct(address, unit, change)],
  }
}
