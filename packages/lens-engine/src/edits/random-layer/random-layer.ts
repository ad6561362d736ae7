// The control that writes as much as a forward-pass shift, at a random place and in random directions.
import type { LoadedModel } from '../../runtime/load-model.js'
import { createRandom } from '../../tensor/seeded-random.js'
import type { ComputeOptions, EditMethod, MethodResult } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterSpec, HyperparameterValues } from '../hyperparameters.js'
import { deltaNorm, lowRankDelta, scaledDelta } from '../matrix-delta.js'
import type { EditLab } from '../shared/edit-lab.js'
import { shiftDefaults } from '../shared/shift-defaults.js'
import { shiftDelta, shiftFactors } from '../shared/shift-factors.js'

const hyperparameters: readonly HyperparameterSpec[] = [
  {
    name: 'layer',
    kind: 'layer',
    default: null,
    title: 'Layer of the shift',
    explanation: 'The layer of the forward-pass shift whose rank and norm are copied.',
    literature: 'As for forward-shift.',
    unit: '',
  },
  {
    name: 'learningRate',
    kind: 'number',
    default: 0.24,
    min: 0,
    max: 1e6,
    title: 'Learning rate of the shift',
    explanation: 'The learning rate of the forward-pass shift whose norm is copied.',
    literature: 'As for forward-shift.',
    unit: '',
  },
]

export const randomLayer: EditMethod = {
  name: 'random-layer',
  title: 'Random layer',
  description:
    'Adds factors of normal random numbers to mlp.down of a layer drawn at random, with the rank and the Frobenius norm that a forward-pass shift of the same request would have. What it changes is what any change of that size does.',
  source: 'A control; no paper.',
  hyperparameters,
  needs: [],
  requestsPerEdit: 'many',
  deriveDefaults: (model: Pick<LoadedModel, 'shape'>) => {
    const { values, source } = shiftDefaults(model)
    const { layer, learningRate } = values
    return { values: { layer, learningRate }, source }
  },
  compute,
}

/** The draw depends on the seed and the requests' texts, so that each case of a table has its own. */
async function compute(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  values: HyperparameterValues,
  { seed }: ComputeOptions,
): Promise<MethodResult> {
  const shifted = { layer: values['layer'] as number, matrix: 'mlp.down' } as const
  const factors = await shiftFactors(lab, requests, shifted, false)
  const rows = factors.flatMap((one) => one.rows)
  const model = shiftDelta(shifted, rows, values['learningRate'] as number)
  const label = requests.map(({ prompt, target }) => `${prompt}${target}`).join('\n')
  const random = createRandom(seed).split(label)
  const layer = random.nextInteger(lab.model.shape.layers)
  const { rank, inputWidth, outputWidth } = model
  const drawn = lowRankDelta({
    address: { layer, matrix: 'mlp.down' },
    rank,
    u: random.normals(inputWidth * rank),
    v: random.normals(rank * outputWidth),
  })
  const delta = scaledDelta(drawn, deltaNorm(model) / deltaNorm(drawn))
  return {
    outcome: { kind: 'edited' },
    deltas: [delta],
    trace: [{ name: 'layer drawn', unit: 'layer', values: [layer] }],
    warnings: [],
  }
}
