// Prompts -> their most probable continuations, before and after an edit.
import type { MatrixDelta } from '../edits/matrix-delta.js'
import { editedPass } from '../edits/shared/edited-pass.js'
import { generateTexts } from '../generation/generate-texts.js'
import type { LoadedModel } from '../runtime/load-model.js'
import { requireTokenizer } from './asked-prompts.js'
import type { GenerationPair } from './edit-answer.js'

/** Tokens a prompt is continued by. */
export const CONTINUATION_TOKENS = 40

export interface ContinueOptions {
  readonly before: readonly MatrixDelta[]
  readonly after: readonly MatrixDelta[]
  /** After each prompt. */
  readonly onPrompt: (done: number) => void
}

/** Greedy, so that texts differ by the edit alone. @throws PROMPT_EMPTY, PROMPT_TOO_LONG */
export async function continuePrompts(
  model: LoadedModel,
  prompts: readonly string[],
  { before, after, onPrompt }: ContinueOptions,
): Promise<readonly GenerationPair[]> {
  const pairs: GenerationPair[] = []
  for (const prompt of prompts) {
    const unedited = await continueOne(model, prompt, before)
    const edited = before === after ? unedited : await continueOne(model, prompt, after)
    pairs.push({ prompt, before: unedited, after: edited })
    onPrompt(pairs.length)
  }
  return pairs
}

async function continueOne(
  model: LoadedModel,
  prompt: string,
  deltas: readonly MatrixDelta[],
): Promise<string> {
  const tokenizer = requireTokenizer(model)
  const ids = tokenizer.encode(prompt)
  const [continuation] = await generateTexts(model, [{ ids }], {
    length: Math.min(ids.length + CONTINUATION_TOKENS, model.shape.contextLength),
    sampling: { kind: 'greedy' },
    seed: 0,
    stopTokens: endTokens(model),
    ...(deltas.length === 0 ? {} : { edits: editedPass(model, [deltas], [0]) }),
  })
  return tokenizer.decode(continuation ?? [])
}

/** Tokens that end a text, as config.json names them. */
function endTokens({ config }: LoadedModel): readonly number[] {
  const named = config['eos_token_id']
  return [named].flat().filter((id): id is number => typeof id === 'number')
}
