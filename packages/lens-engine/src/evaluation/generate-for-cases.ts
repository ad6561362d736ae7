// Prepared cases and their edits -> generated texts: several cases with different edits continue in one batch.
import type { MatrixDelta } from '../edits/matrix-delta.js'
import { editedPass } from '../edits/shared/edited-pass.js'
import { generateTexts } from '../generation/generate-texts.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { groupEdits } from './measure-prompts.js'
import { cleanGeneratedText } from './text/ngram-entropy.js'
import { tokenizerOf, type PreparedCase } from './prepare-case.js'

export interface TextOptions {
  /** Tokens of a text, its prompt's included: 100 in the papers. */
  readonly length: number
  /** The most probable tokens that one is drawn from: 5 in the papers. */
  readonly topK: number
  readonly seed: number
  readonly signal?: AbortSignal | undefined
}

export interface CaseDeltas {
  readonly prepared: PreparedCase
  /** None: the base model. */
  readonly deltas: readonly MatrixDelta[]
}

/**
 * Texts of each case, with their prompts, cleaned. The draws of a text depend on the seed and its place in the case, so
 * texts before and after an edit differ by the edit alone.
 * @throws RUN_CANCELLED
 */
export async function generateForCases(
  model: LoadedModel,
  cases: readonly CaseDeltas[],
  options: TextOptions,
): Promise<readonly (readonly string[])[]> {
  const texts = Array<readonly string[]>(cases.length)
  for (const group of groupEdits(cases)) {
    const members = group.map((index) => cases[index] as CaseDeltas)
    const written = await generateGroup(model, members, options)
    group.forEach((index, place) => (texts[index] = written[place] as readonly string[]))
  }
  return texts
}

async function generateGroup(
  model: LoadedModel,
  members: readonly CaseDeltas[],
  { length, topK, seed, signal }: TextOptions,
): Promise<readonly (readonly string[])[]> {
  const prompts = members.flatMap(({ prepared }) => prepared.generation)
  const owner = members.flatMap(({ prepared }, place) => prepared.generation.map(() => place))
  const stacks = members.map(({ deltas }) => deltas)
  const edits = stacks.every((one) => one.length === 0) ? null : editedPass(model, stacks, owner)
  const continuations = await generateTexts(model, prompts, {
    length: Math.min(length, model.shape.contextLength),
    sampling: { kind: 'top-k', k: Math.min(topK, model.shape.vocabularySize) },
    seed,
    ...(edits === null ? {} : { edits }),
    ...(signal === undefined ? {} : { signal }),
  })
  const tokenizer = tokenizerOf(model)
  const texts = prompts.map(({ ids }, index) =>
    cleanGeneratedText(tokenizer.decode([...ids, ...(continuations[index] as readonly number[])])),
  )
  return members.map((_, place) => texts.filter((_text, index) => owner[index] === place))
}
