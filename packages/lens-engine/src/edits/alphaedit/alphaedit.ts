// AlphaEdit: MEMIT's wanted values, written only into directions that keys of the corpus hardly use.
import type { MatrixAddress } from '../../architectures/hook-points.js'
import type { ModelShape } from '../../architectures/architecture.js'
import { LensEngineError } from '../../errors.js'
import type { ComputeOptions, EditMethod, MethodResult } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterSpec, HyperparameterValues } from '../hyperparameters.js'
import { derivedLayers } from '../shared/derived-layers.js'
import { makeContextTemplates } from '../shared/context-templates.js'
import { needCovariance } from '../shared/covariance-solver.js'
import type { EditLab } from '../shared/edit-lab.js'
import { meanKeys, spreadResidual, type Keys, type SolveKeys } from '../shared/spread-residual.js'
import { publishedValueDefaults, valueHyperparameters } from '../shared/value-hyperparameters.js'
import { combine, gramOf, solveGram } from '../shared/woodbury.js'
import { projectToNullSpace } from './null-space.js'

const hyperparameters: readonly HyperparameterSpec[] = [
  {
    name: 'layers',
    kind: 'layers',
    default: null,
    title: 'Layers',
    explanation: 'The blocks whose mlp.down are changed, in ascending order.',
    literature: 'As MEMIT: 13 to 17 (GPT2-xl), 3 to 8 (GPT-J), 4 to 8 (Llama 3 8B).',
    unit: '',
  },
  {
    name: 'nullSpaceThreshold',
    kind: 'number',
    default: 0.02,
    min: 0,
    max: 1e9,
    title: 'Threshold of the null space',
    explanation:
      'Directions along which C has at most this much are free to be written. In units of C, so it depends on the scale of the keys; see thresholdScale.',
    literature: '0.02, absolute.',
    unit: '',
  },
  {
    name: 'thresholdScale',
    kind: 'choice',
    default: 'absolute',
    choices: {
      absolute: 'as published: eigenvalues of C itself',
      relative: 'eigenvalues as a share of the mean eigenvalue, so that models compare',
    },
    title: 'Scale of the threshold',
    explanation: 'What the threshold is measured against.',
    literature: 'absolute',
    unit: '',
  },
  {
    name: 'l2',
    kind: 'number',
    default: 10,
    min: 1e-9,
    max: 1e9,
    title: 'L2',
    explanation: 'Ridge of the solve: larger writes less.',
    literature: '10 for GPT2-xl, GPT-J and Llama 3; EasyEdit uses 1 for Llama 3.',
    unit: '',
  },
  ...valueHyperparameters,
]

export const alphaedit: EditMethod = {
  name: 'alphaedit',
  title: 'AlphaEdit',
  description:
    'As MEMIT, but each update is projected onto the directions in which keys of the corpus are close to zero, so that what they look up stays. Keys written by earlier AlphaEdit edits are kept in place too.',
  source: "Fang et al. 2025 (AlphaEdit), section 3; the authors' code.",
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
      nullSpaceThreshold: 0.02,
      thresholdScale: 'relative',
      l2: 10,
      clampFactor: 0.75,
    },
    source:
      'layers at the depth of 13 to 17 in GPT2-xl; the published threshold, measured against the mean eigenvalue; untested',
  }
}

async function compute(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  values: HyperparameterValues,
  options: ComputeOptions,
): Promise<MethodResult> {
  const earlier = (options.earlier ?? [])
    .filter(({ method }) => method === 'alphaedit')
    .flatMap((edit) => edit.requests)
  const warnings: string[] = []
  const solveKeys: SolveKeys = async (address, keys) => {
    const kept = earlier.length === 0 ? [] : await earlierKeys(lab, earlier, address, options)
    const covariance = await needCovariance(options.resources, address)
    const { project, share } = projectToNullSpace(covariance, {
      threshold: values['nullSpaceThreshold'] as number,
      relative: values['thresholdScale'] === 'relative',
    })
    const free = `layer ${address.layer}: ${(100 * share).toFixed(1)} % of the directions are free`
    if (share < 0.02 || share > 0.98) warnings.push(`${free}; check the threshold`)
    return solveProjected(keys.map(project), kept.map(project), values['l2'] as number)
  }
  const { deltas, trace } = await spreadResidual(lab, requests, values, options, solveKeys)
  return { outcome: { kind: 'edited' }, deltas, trace, warnings }
}

/** Keys of requests written before, read again under all that was written (as the code does after each batch). */
async function earlierKeys(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  address: MatrixAddress,
  { resources, seed }: ComputeOptions,
): Promise<Keys> {
  const contexts =
    (await resources.contextTemplates?.('memit')) ??
    (await makeContextTemplates(lab.model, 'memit', { seed, signal: lab.signal }))
  return meanKeys(lab, requests, contexts, address, [])
}

/**
 * [P (K K^T + Kp Kp^T) + L2 I]^-1 P K with G = [K, Kp]: by Woodbury
 * (1 / L2) (PK - PG (L2 I + G^T P G)^-1 G^T P K), which needs a system of one row for each key only.
 * @param keys P K, @param kept P Kp
 */
function solveProjected(keys: Keys, kept: Keys, l2: number): Keys {
  const all = [...keys, ...kept]
  const weights = solveGram(all, all, l2, gramOf(all, keys))
  if (weights === null) {
    throw new LensEngineError('NOT_FINITE', 'the keys of the requests are not finite', {
      details: { requests: keys.length },
      cure: 'Use another layer, or check the weights with `lens models inspect`.',
    })
  }
  const corrections = combine(all, weights)
  return keys.map((key, column) =>
    key.map((value, index) => (value - (corrections[column]?.[index] as number)) / l2),
  )
}
