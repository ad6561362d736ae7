// MEMIT: many facts at once, spread over the mlp.down of several layers by regularised least squares.
import { LensEngineError } from '../../errors.js'
import type { ModelShape } from '../../architectures/architecture.js'
import type { ComputeOptions, EditMethod, MethodResult } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterSpec, HyperparameterValues } from '../hyperparameters.js'
import { derivedLayers } from '../shared/derived-layers.js'
import { needCovariance, solveCovariance } from '../shared/covariance-solver.js'
import type { EditLab } from '../shared/edit-lab.js'
import { spreadResidual, type Keys, type SolveKeys } from '../shared/spread-residual.js'
import {
  publishedValueDefaults,
  ridgeHyperparameter,
  valueHyperparameters,
} from '../shared/value-hyperparameters.js'
import { combine, identity, solveGram } from '../shared/woodbury.js'

const hyperparameters: readonly HyperparameterSpec[] = [
  {
    name: 'layers',
    kind: 'layers',
    default: null,
    title: 'Layers',
    explanation:
      'The blocks whose mlp.down are changed, in ascending order; the value is optimised at the last of them.',
    literature: '13 to 17 (GPT2-xl), 3 to 8 (GPT-J), 4 to 8 (Llama 2 7B, Llama 3 8B).',
    unit: '',
  },
  {
    name: 'covarianceWeight',
    kind: 'number',
    default: 20_000,
    min: 0,
    max: 1e9,
    title: 'Weight of the covariance (lambda)',
    explanation:
      'How much the keys of the corpus count beside the keys that are written: lambda C + K K^T. Larger changes other facts less and writes less.',
    literature: '20,000 for GPT2-xl; 15,000 for GPT-J and Llama.',
    unit: '',
  },
  ridgeHyperparameter,
  ...valueHyperparameters,
]

export const memit: EditMethod = {
  name: 'memit',
  title: 'MEMIT',
  description:
    "Optimises, for each fact, the residual stream wanted after the last of several layers, and writes what is missing into each layer's mlp.down in turn, by least squares between the facts' keys and the keys of a corpus.",
  source:
    "Meng et al. 2023 (Mass-Editing Memory in a Transformer), algorithm 1; the authors' code.",
  hyperparameters,
  needs: ['key-covariance', 'context-templates'],
  requestsPerEdit: 'many',
  deriveDefaults,
  compute,
}

function deriveDefaults({ shape }: { readonly shape: ModelShape }) {
  return {
    values: {
      ...publishedValueDefaults,
      layers: derivedLayers(shape),
      covarianceWeight: 20_000,
      ridge: 0.001,
      clampFactor: 0.75,
    },
    source:
      'layers at the depth of 13 to 17 in GPT2-xl; the rest as published, with a ridge for a covariance from few tokens; untested',
  }
}

async function compute(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  values: HyperparameterValues,
  options: ComputeOptions,
): Promise<MethodResult> {
  const solveKeys: SolveKeys = async (address, keys) => {
    const covariance = await needCovariance(options.resources, address)
    const weight = values['covarianceWeight'] as number
    const ridge = values['ridge'] as number
    const scaled = keys.map((key) => solveCovariance(covariance, ridge, key).map((x) => x / weight))
    return regularised(keys, scaled)
  }
  const { deltas, trace } = await spreadResidual(lab, requests, values, options, solveKeys)
  return { outcome: { kind: 'edited' }, deltas, trace, warnings: [] }
}

/** (lambda C + K K^T)^-1 K from B = (lambda C)^-1 K. */
function regularised(keys: Keys, solved: Keys): Keys {
  const rows = solveGram(keys, solved, 1, identity(keys.length))
  if (rows !== null) return combine(solved, rows)
  throw new LensEngineError('NOT_FINITE', 'the keys of the requests are not finite', {
    details: { requests: keys.length },
    cure: 'Use another layer, or check the weights with `lens models inspect`.',
  })
}
