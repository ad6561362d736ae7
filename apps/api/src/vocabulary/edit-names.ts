// The table of enum names of edits: GraphQL and PostgreSQL on the left, the engine's words on the right.
import { defineNamedValues } from './named-values.js'

export const editTaskKinds = defineNamedValues(
  'EditTaskKind',
  'What a computation about edits is for.',
  {
    COMPUTE: { engine: 'compute', description: 'Computes a saved edit.' },
    PREVIEW: {
      engine: 'preview',
      description: 'Says what an edit would meet and cost, without computing it.',
    },
    TRY: { engine: 'try', description: 'What a model says under a stack of edits.' },
    DIFF: { engine: 'diff', description: 'How alike two edits are.' },
    EXPORT: { engine: 'export', description: 'Merges edits into the weights of a new model.' },
  } as const,
)
export type EditTaskKindKey = keyof typeof editTaskKinds.values

export const editPromptKinds = defineNamedValues(
  'EditPromptKind',
  'Why a prompt was read before and after an edit.',
  {
    REWRITE: { engine: 'rewrite', description: 'The edit was made with it.' },
    PARAPHRASE: {
      engine: 'paraphrase',
      description: 'It asks for the same fact in other words: the edit should hold.',
    },
    NEIGHBORHOOD: {
      engine: 'neighborhood',
      description: 'It asks for another fact: the edit should change nothing.',
    },
    PORTABILITY: {
      engine: 'portability',
      description: 'It asks for what follows from the fact; only some data sets have such prompts.',
    },
    ASKED: { engine: 'asked', description: 'Somebody wanted to see it.' },
  } as const,
)
export type EditPromptKindKey = keyof typeof editPromptKinds.values

export const defaultsProvenances = defineNamedValues(
  'DefaultsProvenance',
  'Where the default hyperparameters of a method come from.',
  {
    SWEPT: {
      engine: 'swept',
      description: 'Searched for and tested by this project on these weights.',
    },
    PUBLISHED: {
      engine: 'published',
      description: 'Published for a model of this shape; not tested here.',
    },
    DERIVED: {
      engine: 'derived',
      description: 'Derived from the model’s shape; not tested anywhere.',
    },
  } as const,
)
export type DefaultsProvenanceKey = keyof typeof defaultsProvenances.values

export const hyperparameterKinds = defineNamedValues(
  'HyperparameterKind',
  'What a hyperparameter may be.',
  {
    NUMBER: { engine: 'number', description: 'A number from `min` to `max`.' },
    INTEGER: { engine: 'integer', description: 'A whole number from `min` to `max`.' },
    BOOLEAN: { engine: 'boolean', description: 'true or false.' },
    CHOICE: { engine: 'choice', description: 'One of `choices`.' },
    LAYER: { engine: 'layer', description: 'A layer, counted from 0.' },
    LAYERS: { engine: 'layers', description: 'Layers in ascending order.' },
    MATRICES: {
      engine: 'matrices',
      description: 'Matrices by the engine’s names, such as `mlp.down`.',
    },
  } as const,
)
export type HyperparameterKindKey = keyof typeof hyperparameterKinds.values

export const editWarningLevels = defineNamedValues(
  'EditWarningLevel',
  'How large an edit is beside the strongest direction of the matrix that it changes.',
  {
    FINE: { engine: 'fine', description: 'Weaker than directions the matrix already has.' },
    LARGE: {
      engine: 'large',
      description: 'Stronger than the strongest direction of the matrix: look at the neighbors.',
    },
    LIKELY_TO_BREAK: {
      engine: 'likely-to-break',
      description: 'Several times as strong as anything in the matrix: the model may be disabled.',
    },
  } as const,
)
export type EditWarningLevelKey = keyof typeof editWarningLevels.values

export const editOutcomeKinds = defineNamedValues(
  'EditOutcomeKind',
  'Whether an edit wrote anything.',
  {
    EDITED: { engine: 'edited', description: 'It changes at least one matrix.' },
    SKIPPED: {
      engine: 'skipped',
      description: 'Nothing was written, as the method prescribes; `skipReason` says why.',
    },
  } as const,
)
export type EditOutcomeKindKey = keyof typeof editOutcomeKinds.values

export const requestsPerEditKinds = defineNamedValues(
  'RequestsPerEdit',
  'How many requests one edit of a method takes.',
  {
    ONE: { engine: 'one', description: 'Exactly one; several edits can be applied together.' },
    MANY: { engine: 'many', description: 'One or more, written together.' },
  } as const,
)
export type RequestsPerEditKey = keyof typeof requestsPerEditKinds.values

export const editNeeds = defineNamedValues(
  'EditNeed',
  'What a method needs besides the model and the requests.',
  {
    KEY_COVARIANCE: {
      engine: 'key-covariance',
      description: 'The covariance of the keys of a layer over a text corpus.',
    },
    CONTEXT_TEMPLATES: {
      engine: 'context-templates',
      description: 'Short texts that prompts are put behind, sampled from the model.',
    },
    MEND_CHECKPOINT: {
      engine: 'mend-checkpoint',
      description: 'A trained editor, made by `lens train-mend`.',
    },
  } as const,
)
export type EditNeedKey = keyof typeof editNeeds.values

export const editSides = defineNamedValues(
  'EditSide',
  'Which factor of a delta U V was projected: the one that lives in the residual stream.',
  {
    INPUT: { engine: 'input', description: 'What the edit reacts to: the columns of U.' },
    OUTPUT: { engine: 'output', description: 'What the edit writes: the rows of V.' },
  } as const,
)
export type EditSideKey = keyof typeof editSides.values

export const editDeltaKinds = defineNamedValues('EditDeltaKind', 'In what form a delta is kept.', {
  LOW_RANK: { engine: 'low-rank', description: 'Factors U [in, rank] and V [rank, out].' },
  DENSE: { engine: 'dense', description: 'A whole matrix [in, out].' },
} as const)
export type EditDeltaKindKey = keyof typeof editDeltaKinds.values
