// Forward-pass shift: the input of `mlp.down` at the prompt's last position times the target's own decoder row, added to
// the matrix. One forward pass, no gradient.
import type { EditMethod, MethodResult } from '../edit-method.js'
import type { PreparedEditRequest } from '../edit-request.js'
import type { HyperparameterSpec, HyperparameterValues } from '../hyperparameters.js'
import { addressKey } from '../matrix-delta.js'
import type { EditLab } from '../shared/edit-lab.js'
import { shiftDefaults } from '../shared/shift-defaults.js'
import { shiftDelta, shiftFactors } from '../shared/shift-factors.js'

const hyperparameters: readonly HyperparameterSpec[] = [
  {
    name: 'layer',
    kind: 'layer',
    default: null,
    title: 'Layer',
    explanation:
      'The block whose mlp.down is changed. Late layers write almost straight into the logits; earlier ones are read by those above.',
    literature:
      'Layer 35 of the 48 of GPT2-xl; layers 30 to 40 did well in the sweep of the paper.',
    unit: '',
  },
  {
    name: 'learningRate',
    kind: 'number',
    default: 0.24,
    min: 0,
    max: 1e6,
    title: 'Learning rate',
    explanation:
      'Factor on the outer product. The logit of the target gains, before the final norm, this times the squared norms of the input and of the decoder row.',
    literature: '0.24 for GPT2-xl; 0.14 to 0.26 did well in the sweep of the paper.',
    unit: '',
  },
  {
    name: 'targetTokens',
    kind: 'choice',
    default: 'first',
    choices: {
      first:
        'only the first token of the target, read at the last position of the prompt (as published)',
      sequence:
        'every token of the target, each read after the ones before it; one rank for each token',
    },
    title: 'Target tokens',
    explanation: 'Which tokens of a target of several tokens are written.',
    literature: 'The published code writes the first token alone.',
    unit: '',
  },
  {
    name: 'skipWhenKnown',
    kind: 'boolean',
    default: true,
    title: 'Skip what is known',
    explanation: 'Write nothing when every token to be written already is the most probable one.',
    literature: 'The published code skips.',
    unit: '',
  },
]

export const forwardShift: EditMethod = {
  name: 'forward-shift',
  title: 'Forward-pass shift',
  description:
    "Adds the outer product of what enters mlp.down at the prompt's last position and the target's row of the decoder. The gradient of mlp.down has nearly this form, so the step needs a forward pass only.",
  source: "Backward Lens (Katz et al. 2024), section 7 and appendix I.2; the authors' code.",
  hyperparameters,
  needs: [],
  requestsPerEdit: 'many',
  deriveDefaults: shiftDefaults,
  compute,
}

async function compute(
  lab: EditLab,
  requests: readonly PreparedEditRequest[],
  values: HyperparameterValues,
): Promise<MethodResult> {
  const address = { layer: values['layer'] as number, matrix: 'mlp.down' } as const
  const factors = await shiftFactors(lab, requests, address, values['targetTokens'] === 'sequence')
  const written = factors.filter((rows) => !(values['skipWhenKnown'] === true && rows.known))
  const warnings = factors.flatMap((rows, index) =>
    rows.known && !written.includes(rows)
      ? [
          `request ${index + 1} was skipped: "${requests[index]?.target.trim()}" is the model's answer already`,
        ]
      : [],
  )
  if (written.length === 0) {
    const reason = 'the target is the answer of the model already, so there is nothing to write'
    return { outcome: { kind: 'skipped', reason }, deltas: [], trace: [], warnings }
  }
  const rows = written.flatMap((one) => one.rows)
  const delta = shiftDelta(address, rows, values['learningRate'] as number)
  const key = addressKey(address)
  const gains = rows.map(({ input, decoder }) => squared(input) * squared(decoder))
  return {
    outcome: { kind: 'edited' },
    deltas: [delta],
    trace: [
      {
        name: `gain of the target's logit before the final norm, ${key}`,
        unit: 'logits',
        values: gains.map((gain) => gain * (values['learningRate'] as number)),
      },
    ],
    warnings,
  }
}

const squared = (vector: Float32Array): number =>
  vector.reduce((sum, value) => sum + value * value, 0)
