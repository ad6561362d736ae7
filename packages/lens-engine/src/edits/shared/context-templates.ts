// Texts that stand before a prompt while a key or a value is computed, so that an edit holds in more than one context:
// the first tokens of the model's own seeded samples.
import { generateTexts, type GenerationPrompt } from '../../generation/generate-texts.js'
import { LensEngineError } from '../../errors.js'
import type { LoadedModel } from '../../runtime/load-model.js'
import type { Tokenizer } from '../../tokenizers/tokenizer.js'

/** `rome`: 10 texts of 5 tokens and 10 of 10, the first token included. `memit`: one of 10 tokens from each of five words. */
export type ContextStyle = 'rome' | 'memit'

interface SampleGroup {
  /** Words that texts begin with; null for the token that begins a text. */
  readonly starts: readonly (string | null)[]
  /** Tokens in all. */
  readonly length: number
}

/** As in the papers' code (rome: 20 texts; memit: 5). */
const styles: Readonly<Record<ContextStyle, readonly SampleGroup[]>> = {
  rome: [
    { starts: Array<null>(10).fill(null), length: 5 },
    { starts: Array<null>(10).fill(null), length: 10 },
  ],
  memit: [{ starts: ['The', 'Therefore', 'Because', 'I', 'You'], length: 10 }],
}

/** Used where the configuration names no token that begins a text. */
const FALLBACK_START = 'The'

/**
 * `{}` itself, then the sampled texts, each as `text. {}`. Top-5 sampling; equal seeds give equal texts.
 * @throws TOKENIZER_MISSING, RUN_CANCELLED
 */
export async function makeContextTemplates(
  model: LoadedModel,
  style: ContextStyle,
  options: { readonly seed: number; readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  const { tokenizer } = model
  if (tokenizer === null) {
    throw new LensEngineError('TOKENIZER_MISSING', 'the model has no tokenizer for contexts', {
      cure: "Put the model's tokenizer.json beside its weights.",
    })
  }
  const templates = ['{}']
  for (const { starts, length } of styles[style]) {
    const prompts = starts.map((start, index) => startOf(model, tokenizer, start, index))
    const texts = await generateTexts(model, prompts, {
      length: Math.min(length, model.shape.contextLength),
      sampling: { kind: 'top-k', k: 5 },
      seed: options.seed,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    })
    texts.forEach((ids, index) => {
      const { shown } = prompts[index] as StartedPrompt
      templates.push(asTemplate(tokenizer.decode([...shown, ...ids])))
    })
  }
  return templates
}

interface StartedPrompt extends GenerationPrompt {
  /** Ids of the start that belong to the text. */
  readonly shown: readonly number[]
}

function startOf(
  { config }: LoadedModel,
  tokenizer: Tokenizer,
  start: string | null,
  index: number,
): StartedPrompt {
  const first = config['bos_token_id'] ?? config['eos_token_id']
  const label = `context ${start ?? ''} ${index}`
  if (start === null && typeof first === 'number') return { ids: [first], shown: [], label }
  const ids = tokenizer.encode(start ?? FALLBACK_START)
  return { ids, shown: ids, label }
}

/** Braces would be read as places, and special tokens as texts. */
function asTemplate(text: string): string {
  const plain = text.replace(/<\|?[a-z_]+\|?>/g, ' ').replace(/[{}]/g, ' ')
  return `${plain.trim()}. {}`
}
