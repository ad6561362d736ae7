// The raw row of one (case, method): what the model said before and after the edit. Every metric is derived from such rows.

/** `portability`: a question that follows from the edit; only some data sets have them. */
export type PromptKind = 'rewrite' | 'paraphrase' | 'neighborhood' | 'portability'

/** How a model reads one target after one prompt, teacher-forced. All arrays have one entry per target token. */
export interface TargetReading {
  /** Negative log probability of the whole target in nats: the sum over its tokens. */
  readonly nll: number
  readonly tokens: number
  /** Whether the token is the most probable one at its place. */
  readonly correct: readonly boolean[]
  /** The most probable token at each place; `easyedit` locality compares them before and after. */
  readonly argmax: readonly number[]
}

/** Readings of both targets; null where the case has no such target. */
export interface PromptReading {
  readonly new: TargetReading | null
  readonly true: TargetReading | null
}

export interface PromptRow {
  readonly kind: PromptKind
  /** Place among the prompts of its kind, from 0. */
  readonly index: number
  readonly before: PromptReading
  readonly after: PromptReading
  /** KL(base || edited) of the next token in nats; null where it was not computed. */
  readonly klToBase: number | null
}

/** Text-level readings of one model; null where they were not made. */
export interface TextReading {
  /** Generated texts with their prompts, cleaned. */
  readonly generations: readonly string[] | null
  /** Texts about the new target's subjects, for the reference score. */
  readonly references: readonly string[] | null
  /** Perplexity on a plain text. */
  readonly perplexity: number | null
}

export interface CaseRow {
  readonly caseId: string
  readonly relation: string
  readonly method: string
  readonly prompts: readonly PromptRow[]
  readonly before: TextReading
  readonly after: TextReading
}

/** `before`: the base model (the published "original" row); `after`: the edited one. */
export type Side = 'before' | 'after'
