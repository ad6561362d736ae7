// What the engine answers about edits: the edit itself, and what it does before and after, in words and numbers.
import type { MatrixAddress } from '../architectures/hook-points.js'
import type { Edit } from '../edits/edit.js'
import type { EditDiff } from '../readings/diff-edits.js'
import type { NormGrowth } from '../readings/norm-growth.js'
import type { PredictedEffect } from '../readings/predict-effect.js'

/** `asked` is a prompt that belongs to no edit. */
export type EditPromptKind = 'rewrite' | 'paraphrase' | 'neighborhood' | 'asked'

/** A token with its text; bytes that are not whole characters appear as `\xNN`. */
export interface EditToken {
  readonly id: number
  readonly text: string
  readonly probability: number
  readonly logit: number
}

/** What a model says after a prompt. Null wherever no target or truth was given. */
export interface NextToken {
  /** The most probable next tokens, most probable first. */
  readonly top: readonly EditToken[]
  /** Of the target's whole text: the product over its tokens, each read after the ones before it. */
  readonly targetProbability: number | null
  /** Tokens more probable than the target's first. */
  readonly targetRank: number | null
  readonly truthProbability: number | null
  readonly truthRank: number | null
  /** Whether each token of the target is the most probable one where it is read. */
  readonly argmaxIsTarget: boolean | null
  readonly argmaxIsTruth: boolean | null
  /** Of the next token, nats. */
  readonly entropy: number
}

export interface PromptEffect {
  readonly kind: EditPromptKind
  /** With its subject in place. */
  readonly prompt: string
  readonly target: string | null
  /** The answer of the unedited world; of a neighbor its own. */
  readonly truth: string | null
  readonly before: NextToken
  readonly after: NextToken
  /** KL(before || after) of the next token, nats. */
  readonly divergence: number
  /** Change of the logit of the target's first token: by first order, and as measured. Rewrite prompts only. */
  readonly predictedLogitChange: number | null
  readonly measuredLogitChange: number | null
}

/** A prompt with its continuations. */
export interface GenerationPair {
  readonly prompt: string
  /** Without the prompt. */
  readonly before: string
  readonly after: string
}

/** The logit lens after one block, at the last position of the first rewrite prompt. */
export interface LayerEffect {
  /** -1 is the embedding. */
  readonly layer: number
  readonly before: readonly EditToken[]
  readonly after: readonly EditToken[]
  readonly targetRankBefore: number | null
  readonly targetRankAfter: number | null
  readonly truthRankBefore: number | null
  readonly truthRankAfter: number | null
}

export interface EditEffect {
  readonly prompts: readonly PromptEffect[]
  readonly generations: readonly GenerationPair[]
  readonly lens: readonly LayerEffect[]
  readonly milliseconds: number
}

export interface EditFactorReading {
  /** Length of what it adds: the norms of both factors multiplied. */
  readonly strength: number
  /** Of the first token of the first request's target. */
  readonly targetRank: number
  readonly top: readonly EditToken[]
  /** Least probable first. */
  readonly bottom: readonly EditToken[]
}

/** The factors of one matrix in words, as `readEdit`. */
export interface EditReading {
  readonly address: MatrixAddress
  readonly kind: 'low-rank' | 'dense'
  /** Which side was projected: the one that lives in the residual stream. */
  readonly side: 'input' | 'output'
  readonly rank: number
  /** Strongest first. */
  readonly factors: readonly EditFactorReading[]
}

export interface EditNormGrowth extends NormGrowth {
  /** What its level means. */
  readonly explanation: string
}

export interface ComputedEdit {
  readonly edit: Edit
  readonly effect: EditEffect
  readonly readings: readonly EditReading[]
  readonly growth: readonly EditNormGrowth[]
  /** One for each request. */
  readonly predicted: readonly PredictedEffect[]
}

export interface TriedEdits {
  readonly effect: EditEffect
  /** Of the whole stack. */
  readonly growth: readonly EditNormGrowth[]
}

/** What is known of an edit before it is computed, of its first request where there are several. */
export interface EditPreview {
  readonly promptTokens: number
  readonly targetTokens: number
  readonly subjectTokens: readonly string[]
  /** The subject's last token, where ROME and its relatives look the fact up. */
  readonly lookupToken: string
  readonly lookupPosition: number
  /** What the model says now, under the edits below. */
  readonly current: NextToken
  /** As many of the most probable tokens, one after the other, as the target has. */
  readonly currentAnswer: string
  readonly willSkip: boolean
  /** Of the logit of the target's first token, by first order; null where only the computation can tell. */
  readonly predictedLogitChange: number | null
  readonly predictionNote: string
  /** null where nothing is known about this method on this model. */
  readonly estimatedSeconds: number | null
  /** Memory of the process while it computes. */
  readonly estimatedBytes: number | null
  /** What has to be made first, and how: in words, with the time it takes or the command that makes it. */
  readonly missing: readonly string[]
  readonly notes: readonly string[]
}

/** Overlap of the top tokens of one matrix that both edits change. */
export interface EditTokenOverlap {
  readonly address: MatrixAddress
  /** Shared tokens as a share of all, 0 to 1. */
  readonly overlap: number
  readonly firstTokens: readonly string[]
  readonly secondTokens: readonly string[]
  readonly sharedTokens: readonly string[]
}

/** A prompt after which the two edits make different tokens the most probable. */
export interface EditFlip {
  readonly kind: EditPromptKind
  readonly prompt: string
  readonly target: string | null
  readonly first: NextToken
  readonly second: NextToken
}

export interface EditDifference extends EditDiff {
  readonly tokenOverlap: readonly EditTokenOverlap[]
  readonly flips: readonly EditFlip[]
  /** Prompts that were compared. */
  readonly compared: number
}

/** What is left of the first edit of a pair when the second is applied on top; both are places in the task's list. */
export interface InterferencePair {
  readonly first: number
  readonly second: number
  /** Of the first edit's new targets under the first edit: the mean over its requests. */
  readonly alone: number
  /** The same under both. */
  readonly together: number
  /** Whether each target still is the model's answer under both. */
  readonly firstHolds: boolean
}

export interface EditInterference {
  /** [edit][edit], from 0 to 1; 1 on the diagonal. */
  readonly keyOverlap: readonly (readonly number[])[]
  /** Every ordered pair; those whose first edit asks for nothing are left out. */
  readonly pairs: readonly InterferencePair[]
}

export interface ExportedModel {
  readonly directory: string
  readonly files: readonly string[]
  readonly bytes: number
  /** sha256 of each file of weights. */
  readonly digests: Readonly<Record<string, string>>
  /** Tensors that were read back and compared with base and edits. */
  readonly checkedTensors: number
  /** Largest difference of a logit from the model under the same edits, divided by the largest logit. */
  readonly largestDifference: number
  readonly tolerance: number
}
