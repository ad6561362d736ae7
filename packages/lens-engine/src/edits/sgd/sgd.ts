// One step of plain gradient descent, kept as its factors: dL/dW = X^T Delta, so W gains -rate X^T Delta, of rank n.
import type { MatrixName } from '../../architectures/hook-points.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import type { EditMethod, MethodResult } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterSpec, HyperparameterValues } from '../hyperparameters.js'
import { addressKey, lowRankDelta, type MatrixDelta } from '../matrix-delta.js'
import type { EditLab } from '../shared/edit-lab.js'
import type { FactorRows, SequenceResult } from '../shared/pass-request.js'
import {
  objectiveSequence,
  objectiveSpec,
  type TargetObjective,
} from '../shared/target-objective.js'

const hyperparameters: readonly HyperparameterSpec[] = [
  {
    name: 'layers',
    kind: 'layers',
    default: null,
    title: 'Layers',
    explanation: 'Blocks whose matrices are changed.',
    literature: 'Backward Lens studies single layers (appendix I.1) and shows all of them.',
    unit: '',
  },
  {
    name: 'matrices',
    kind: 'matrices',
    default: ['mlp.up', 'mlp.down'],
    title: 'Matrices',
    explanation: 'Kinds of matrices that are changed in those layers.',
    literature: 'The MLP matrices, where Backward Lens finds the imprint and the shift.',
    unit: '',
  },
  {
    name: 'learningRate',
    kind: 'number',
    default: 0.05,
    min: 0,
    max: 1e6,
    title: 'Learning rate',
    explanation: 'Factor on the gradient. What is enough in one step depends on layer and model.',
    literature: 'The paper searches the smallest rate that succeeds, layer by layer (figure 26).',
    unit: '',
  },
  {
    name: 'biases',
    kind: 'boolean',
    default: false,
    title: 'Biases too',
    explanation: 'Whether the biases of those matrices take the step as well.',
    literature: 'Not stated.',
    unit: '',
  },
  objectiveSpec('first', 'Backward Lens scores one token at the last position.'),
]

export const sgd: EditMethod = {
  name: 'sgd',
  title: 'One step of gradient descent',
  description:
    'Subtracts the gradient of -log p(target), times a rate, from the chosen matrices, once. It is kept as what it is: the inputs X and the VJPs Delta of each matrix, one rank for each token of the prompt.',
  source: 'Backward Lens (Katz et al. 2024), sections 3 to 5 and appendix I.1.',
  hyperparameters,
  needs: [],
  requestsPerEdit: 'many',
  deriveDefaults,
  compute,
}

function deriveDefaults({ shape, architecture }: Pick<LoadedModel, 'shape' | 'architecture'>) {
  const layer = Math.min(shape.layers - 1, Math.round(0.73 * shape.layers))
  const matrices = (['mlp.gate', 'mlp.up', 'mlp.down'] as const).filter((matrix) =>
    architecture.matrices.includes(matrix),
  )
  return {
    values: { layers: [layer], matrices, learningRate: 0.05, biases: false, objective: 'first' },
    source: `the MLP of layer ${layer}, at the depth where forward shift works in GPT2-xl; untested`,
  }
}

async function compute(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  values: HyperparameterValues,
): Promise<MethodResult> {
  const addresses = (values['layers'] as readonly number[]).flatMap((layer) =>
    (values['matrices'] as readonly MatrixName[]).map((matrix) => ({ layer, matrix })),
  )
  for (const address of addresses) lab.widths(address)
  const objective = values['objective'] as TargetObjective
  const { sequences, loss } = await lab.run({
    sequences: requests.map((one) => objectiveSequence(one, objective, 1 / requests.length)),
    factors: addresses,
  })
  const rate = values['learningRate'] as number
  const deltas = addresses.flatMap((address): readonly MatrixDelta[] => {
    const rows = stackRows(sequences, addressKey(address))
    if (rows.length === 0) return []
    return [stepDelta(lab, address, rows, { rate, biases: values['biases'] === true })]
  })
  const trace = [{ name: 'loss before the step', unit: 'nats', values: [loss ?? Number.NaN] }]
  if (deltas.length === 0) {
    const reason = 'every VJP of the chosen matrices is exactly zero, so nothing is written'
    return { outcome: { kind: 'skipped', reason }, deltas, trace, warnings: [] }
  }
  return { outcome: { kind: 'edited' }, deltas, trace, warnings: [] }
}

interface StepRow {
  readonly input: Float32Array
  readonly vjp: Float32Array
}

/** Rows of all sequences whose VJP is not exactly zero. */
function stackRows(sequences: readonly SequenceResult[], key: string): readonly StepRow[] {
  return sequences.flatMap(({ factors }) => {
    const { input, vjp, positions } = factors.get(key) as FactorRows
    const row = (data: Float32Array, position: number): Float32Array => {
      const width = data.length / positions
      return data.subarray(position * width, (position + 1) * width)
    }
    return Array.from({ length: positions }, (_, position) => ({
      input: row(input, position),
      vjp: row(vjp, position),
    })).filter((one) => one.vjp.some((value) => value !== 0))
  })
}

function stepDelta(
  lab: EditLab,
  address: MatrixDelta['address'],
  rows: readonly StepRow[],
  { rate, biases }: { readonly rate: number; readonly biases: boolean },
): MatrixDelta {
  const [width, out] = lab.widths(address)
  const rank = rows.length
  const u = new Float32Array(width * rank)
  const v = new Float32Array(rank * out)
  const bias = new Float32Array(out)
  rows.forEach(({ input, vjp }, row) => {
    for (let index = 0; index < width; index++) u[index * rank + row] = input[index] as number
    for (let index = 0; index < out; index++) {
      const step = -rate * (vjp[index] as number)
      v[row * out + index] = step
      bias[index] = (bias[index] as number) + step
    }
  })
  const takesBias = biases && lab.hasBias(address)
  return lowRankDelta({ address, rank, u, v, bias: takesBias ? bias : null })
}
