// Made-up answers about edits in the engine's form, for tests of what happens around the engine.
import { editId } from '@imprint/lens-engine'
import type {
  ComputeEditTask,
  ComputedEdit,
  Edit,
  EditAnswers,
  EditEffect,
  EditTask,
  NextToken,
} from '@imprint/lens-engine'

const width = 16
const inner = 64

const nextToken = (probability: number): NextToken => ({
  top: [{ id: 5, text: ' a', probability, logit: 1 }],
  ...{ targetProbability: probability, targetRank: 2, truthProbability: 0.5, truthRank: 0 },
  ...{ argmaxIsTarget: probability > 0.5, argmaxIsTruth: probability <= 0.5, entropy: 1.5 },
})

function sampleEffect(prompt: string, target: string | null): EditEffect {
  const logits = { predictedLogitChange: 1.5, measuredLogitChange: 1.25 }
  const read = { before: nextToken(0.25), after: nextToken(0.75), divergence: 0.1, truth: null }
  return {
    prompts: [{ kind: 'rewrite', prompt, target, ...read, ...logits }],
    generations: [{ prompt, before: ' one', after: ' two' }],
    lens: [],
    milliseconds: 3,
  }
}

const growth = {
  address: { layer: 1, matrix: 'mlp.down' },
  ...{ change: 1, matrix: 2, relative: 0.5, spectral: 1.5, explanation: 'Strong.' },
  level: 'large',
} as const

/** One rank-1 delta of one layer. */
export function sampleEdit({
  method,
  requests,
}: Pick<ComputeEditTask, 'method' | 'requests'>): Edit {
  const address = { layer: 1, matrix: 'mlp.down' } as const
  const place = { address, inputWidth: inner, outputWidth: width }
  const content = {
    ...{ method, requests, hyperparameters: { layer: 1 } },
    model: {
      ...{ name: 'tiny-bytes', family: 'gpt2', weightsDigest: 'w', configDigest: 'c' },
      tokenizerDigest: null,
    },
    deltas: [
      {
        kind: 'low-rank',
        ...place,
        rank: 1,
        bias: null,
        u: new Float32Array(inner).fill(0.5),
        v: new Float32Array(width).fill(0.25),
      },
    ],
  } as const
  return {
    id: editId(content),
    ...content,
    outcome: { kind: 'edited' },
    trace: [{ name: 'loss', unit: 'nats', values: [3, 2] }],
    warnings: [],
    cost: {
      ...{ forwardPasses: 2, backwardPasses: 1, sequences: 3, tokens: 30 },
      ...{ milliseconds: 12, peakBytes: 1e9 },
    },
    receipt: {
      ...{ engineVersion: '0', runtimeVersion: '0', provider: 'cpu', dtype: 'float32', threads: 1 },
      ...{ seed: 0, graphDigests: [], defaults: 'derived: here', onTopOf: [] },
    },
  }
}

function sampleComputed(task: ComputeEditTask): ComputedEdit {
  const effect = sampleEffect(task.requests[0]?.prompt ?? '', task.requests[0]?.target ?? null)
  const predicted = [{ logit: 0, predicted: 1.5, measured: 1.25, nllBefore: 2, nllAfter: 1 }]
  return { edit: sampleEdit(task), effect, readings: [], growth: [growth], predicted }
}

/** By kind of task. */
export const sampleAnswers: {
  readonly [Kind in EditTask['kind']]: (task: EditTask & { kind: Kind }) => EditAnswers[Kind]
} = {
  'compute-edit': sampleComputed,
  'preview-edit': () => ({
    ...{ promptTokens: 5, targetTokens: 1, subjectTokens: ['abc'], lookupToken: 'c' },
    ...{ lookupPosition: 3, current: nextToken(0.25), currentAnswer: ' a', willSkip: false },
    ...{ predictedLogitChange: 1.5, predictionNote: 'By first order.', estimatedSeconds: 1 },
    ...{ estimatedBytes: 1e9, missing: [], notes: [] },
  }),
  'try-edits': ({ prompt, target }) => ({
    effect: sampleEffect(prompt, target ?? null),
    growth: [growth],
  }),
  'diff-edits': ({ prompts }) => ({
    ...{ cosine: 1, shared: [], onlyFirst: [], onlySecond: [], tokenOverlap: [], flips: [] },
    compared: prompts.length,
  }),
  'export-edits': ({ directory }) => ({
    ...{ directory, files: ['model.safetensors'], bytes: 1, digests: {}, checkedTensors: 1 },
    ...{ largestDifference: 0, tolerance: 1e-3 },
  }),
  'map-interference': ({ edits }) => ({
    keyOverlap: edits.map((_, row) => edits.map((__, column) => (row === column ? 1 : 0.25))),
    pairs: edits.flatMap((_, first) =>
      edits.flatMap((__, second) =>
        first === second
          ? []
          : [{ first, second, alone: 0.75, together: 0.5, firstHolds: first < second }],
      ),
    ),
  }),
}
