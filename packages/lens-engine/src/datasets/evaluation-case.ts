// The one case type that every data set becomes.

/** Where a relation's name comes from: the record, or its prompt with `{}` for the subject. */
export type RelationSource = 'record' | 'template'

export interface CaseRelation {
  readonly id: string
  readonly source: RelationSource
}

export interface ExpectedPrompt {
  readonly prompt: string
  /** The text the unedited world expects after it. */
  readonly target: string
}

/** One edit to evaluate. Prompts end without a space, targets begin without one. */
export interface EvaluationCase {
  /** Unique within its file. */
  readonly id: string
  readonly request: {
    /** With `{}` in the subject's place, exactly once. */
    readonly prompt: string
    readonly subject: string
    /** null in data sets of known facts, which ask for no edit. */
    readonly targetNew: string | null
    /** null in zsRE, which gives only the answer to teach. */
    readonly targetTrue: string | null
  }
  readonly relation: CaseRelation
  /** Full texts that ask for the same fact in other words. */
  readonly paraphrases: readonly string[]
  readonly neighbors: readonly ExpectedPrompt[]
  readonly generationPrompts: readonly string[]
  /** Prompts about other subjects of which the new target is true; absent where the data set has none. */
  readonly attributes?: readonly ExpectedPrompt[]
}
