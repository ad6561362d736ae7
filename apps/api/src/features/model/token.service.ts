// Tokenises in the API process: a page shows tokens while somebody types, without asking a worker.
import type { ModelLibrary, TokenizedText } from '../../engine/model-library.js'
import { badInput } from '../../errors/input-error.js'
import type { TokenizeKindKey } from '../../vocabulary/names.js'
import type { Viewer } from '../account/viewer.js'
import { hasLoneSurrogate } from '../text-rules.js'
import type { ModelService } from './model.service.js'
import type { Tokenization } from './model.type.js'

const longestText = 20_000

export class TokenService {
  readonly #models: ModelService
  readonly #library: ModelLibrary

  constructor(models: ModelService, library: ModelLibrary) {
    this.#models = models
    this.#library = library
  }

  async tokenize(
    viewer: Viewer,
    modelId: string,
    text: string,
    kind: TokenizeKindKey,
  ): Promise<Tokenization> {
    const model = await this.#models.require(viewer, modelId)
    if (text.length > longestText)
      throw badInput(`The text has more than ${longestText} characters.`, 'text')
    if (!model.hasTokenizer)
      return this.#without(
        model.contextLength,
        text,
        'This model has no tokenizer: give token ids.',
      )
    if (hasLoneSurrogate(text)) {
      return this.#without(
        model.contextLength,
        text,
        'The text holds half of a surrogate pair, which is not text.',
      )
    }
    if (kind === 'PROMPT')
      return this.#describe(this.#library.tokenize(model.directory, text), model.contextLength)
    const spaced = this.#library.spacedTarget(text)
    const tokenized = this.#library.tokenizeTarget(model.directory, spaced)
    return this.#describe(tokenized, model.contextLength, spaced !== text)
  }

  #describe(
    { text, tokens }: TokenizedText,
    contextLength: number,
    spaceAdded = false,
  ): Tokenization {
    return {
      text,
      tokens: [...tokens],
      count: tokens.length,
      contextLength,
      tooLong: tokens.length > contextLength,
      notice: spaceAdded ? 'A leading space was added, as a target continues the prompt.' : null,
    }
  }

  #without(contextLength: number, text: string, notice: string): Tokenization {
    return { text, tokens: [], count: 0, contextLength, tooLong: false, notice }
  }
}
