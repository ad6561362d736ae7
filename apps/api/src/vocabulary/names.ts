// The one table of enum names: GraphQL and PostgreSQL on the left, the engine's words on the right.
import { defineNamedValues } from './named-values.js'

export const matrixNames = defineNamedValues(
  'MatrixName',
  'One weight matrix of a transformer block. GPT-2’s fused `c_attn` is shown as query, key and value.',
  {
    ATTENTION_QUERY: {
      engine: 'attention.query',
      description: 'The query projection of attention.',
    },
    ATTENTION_KEY: { engine: 'attention.key', description: 'The key projection of attention.' },
    ATTENTION_VALUE: {
      engine: 'attention.value',
      description: 'The value projection of attention.',
    },
    ATTENTION_OUTPUT: {
      engine: 'attention.output',
      description: 'The output projection of attention.',
    },
    MLP_GATE: {
      engine: 'mlp.gate',
      description: 'The gate projection of a gated MLP; absent in GPT-2.',
    },
    MLP_UP: { engine: 'mlp.up', description: 'The first matrix of the MLP (FF1 in the paper).' },
    MLP_DOWN: {
      engine: 'mlp.down',
      description: 'The second matrix of the MLP (FF2 in the paper).',
    },
  } as const,
)
export type MatrixNameKey = keyof typeof matrixNames.values

export const factorNames = defineNamedValues(
  'FactorName',
  'Which of the two factors of a gradient: dL/dW is the sum over positions of input times VJP.',
  {
    INPUT: { engine: 'input', description: 'x_i, the row that enters the matrix at a position.' },
    VJP: {
      engine: 'vjp',
      description: 'delta_i, the gradient of the loss at the matrix’s output at a position.',
    },
  } as const,
)
export type FactorNameKey = keyof typeof factorNames.values

export const lensKinds = defineNamedValues(
  'LensKind',
  'How a vector of the residual stream becomes logits of the vocabulary.',
  {
    RAW: { engine: 'raw', description: 'The decoding matrix alone: D v.' },
    FINAL_NORM: { engine: 'final-norm', description: 'The model’s final norm first: D ln_f(v).' },
    NORMALIZED: {
      engine: 'normalized',
      description: 'Unit length, then the final norm: D ln_f(v / |v|).',
    },
  } as const,
)
export type LensKindKey = keyof typeof lensKinds.values

export const targetModes = defineNamedValues(
  'TargetMode',
  'Which tokens of the target the loss scores.',
  {
    FIRST: {
      engine: 'first',
      description: 'The target’s first token, at the prompt’s last position.',
    },
    LAST: {
      engine: 'last',
      description: 'The target’s last token, at the prompt’s last position.',
    },
    SEQUENCE: {
      engine: 'sequence',
      description: 'Every token of the target, teacher-forced; the loss is their sum.',
    },
  } as const,
)
export type TargetModeKey = keyof typeof targetModes.values

export const providerChoices = defineNamedValues(
  'ProviderChoice',
  'Where a run is asked to be computed.',
  {
    AUTO: {
      engine: 'auto',
      description: 'The best the worker has, by its own settings; the receipt says which and why.',
    },
    CPU: { engine: 'cpu', description: 'The processor.' },
    WEBGPU: {
      engine: 'webgpu',
      description: 'A GPU through WebGPU, or software that acts as one.',
    },
    CUDA: { engine: 'cuda', description: 'An NVIDIA GPU through CUDA.' },
  } as const,
)
export type ProviderChoiceKey = keyof typeof providerChoices.values

export const deviceStates = defineNamedValues(
  'DeviceState',
  'Whether a way of computing can be used.',
  {
    USABLE: { engine: 'usable', description: 'It works.' },
    SOFTWARE: {
      engine: 'software',
      description: 'It works, slowly: a program acts as the GPU. `AUTO` passes it by.',
    },
    REFUSED: { engine: 'refused', description: 'It does not work here; `reason` says why.' },
  } as const,
)
export type DeviceStateKey = keyof typeof deviceStates.values

export const streamPasses = defineNamedValues(
  'StreamPass',
  'Which way a run goes through the blocks, when it goes one block at a time.',
  {
    FORWARD: { engine: 'forward', description: 'From the first block to the loss.' },
    BACKWARD: { engine: 'backward', description: 'From the last block back, reading each.' },
    CHECK: { engine: 'check', description: 'Forward again, for the gradient check.' },
  } as const,
)
export type StreamPassKey = keyof typeof streamPasses.values

export const runStates = defineNamedValues('RunState', 'Where a run is in its life.', {
  QUEUED: { engine: 'queued', description: 'Waiting for a worker.' },
  RUNNING: { engine: 'running', description: 'A worker holds its lease and computes it.' },
  DONE: { engine: 'done', description: 'Its results are stored and can be read.' },
  FAILED: {
    engine: 'failed',
    description: 'It ended without results; `error` says why and what to do.',
  },
  CANCELLED: { engine: 'cancelled', description: 'Somebody cancelled it before it was done.' },
} as const)
export type RunStateKey = keyof typeof runStates.values

export const runStages = defineNamedValues('RunStage', 'What a run is doing now.', {
  QUEUED: { engine: 'queued', description: 'Nothing yet.' },
  LOADING: {
    engine: 'loading',
    description: 'The engine loads the model, unless it is loaded already.',
  },
  COMPUTING: {
    engine: 'computing',
    description: 'Forward and backward pass, and the projections inside the same graph.',
  },
  PROJECTING: {
    engine: 'projecting',
    description: 'What follows the graph: gradient ranks, imprint, the gradient check.',
  },
  STORING: { engine: 'storing', description: 'The worker writes the results.' },
  DONE: { engine: 'done', description: 'Finished.' },
} as const)
export type RunStageKey = keyof typeof runStages.values

export const importStates = defineNamedValues(
  'ImportState',
  'Where the import of a model is in its life.',
  {
    QUEUED: { engine: 'queued', description: 'Waiting for a worker.' },
    RUNNING: {
      engine: 'running',
      description: 'A worker holds its lease and brings the model in.',
    },
    DONE: { engine: 'done', description: 'The model is in the store and can be read.' },
    FAILED: {
      engine: 'failed',
      description: 'It ended without a model; `error` says why and what to do.',
    },
    CANCELLED: { engine: 'cancelled', description: 'Somebody cancelled it before it was done.' },
  } as const,
)
export type ImportStateKey = keyof typeof importStates.values

export const importStages = defineNamedValues(
  'ImportStage',
  'What the import of a model is doing now.',
  {
    QUEUED: { engine: 'queued', description: 'Nothing yet.' },
    RESOLVING: {
      engine: 'resolving',
      description: 'The hub is asked which commit and which files it is.',
    },
    DOWNLOADING: { engine: 'downloading', description: 'Files arrive; what is there is kept.' },
    VERIFYING: {
      engine: 'verifying',
      description: 'What arrived is compared with the hub’s sizes and checksums.',
    },
    IMPORTING: {
      engine: 'importing',
      description: 'The files are checked, converted if they have to be, and put into the store.',
    },
    DONE: { engine: 'done', description: 'Finished.' },
  } as const,
)
export type ImportStageKey = keyof typeof importStages.values

export const modelSourceKinds = defineNamedValues('ModelSourceKind', 'Where a model comes from.', {
  HUB: { engine: 'hub', description: 'A repository of a Hugging Face hub.' },
  DIRECTORY: { engine: 'directory', description: 'A directory on the server.' },
  GGUF: { engine: 'gguf', description: 'A GGUF file on the server.' },
} as const)
export type ModelSourceKindKey = keyof typeof modelSourceKinds.values

export const tokenizeKinds = defineNamedValues('TokenizeKind', 'What the text would be used as.', {
  PROMPT: { engine: 'prompt', description: 'A prompt: the text as it is.' },
  TARGET: {
    engine: 'target',
    description: 'A target: a leading space is added where there is none, as a run would.',
  },
} as const)
export type TokenizeKindKey = keyof typeof tokenizeKinds.values
