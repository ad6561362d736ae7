// Models as the API process sees them: described and tokenised from files alone, never loaded into ONNX Runtime.
import { existsSync } from 'node:fs'
import path from 'node:path'
import {
  LensEngineError,
  availableMemory,
  describeModel,
  estimateMemory,
  listModels,
  loadTokenizer,
  openModel,
  prepareEditRequest,
  preparePrompt,
  spacedTarget,
} from '@imprint/lens-engine'
import type {
  EditRequest,
  LensRequest,
  ModelDescription,
  PreparedEditRequest,
  PreparedPrompt,
  TokenSpan,
  Tokenizer,
} from '@imprint/lens-engine'
import { placeContinuation } from './place-continuation.js'

export interface SpannedToken {
  readonly id: number
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface TokenizedText {
  readonly text: string
  readonly tokens: readonly SpannedToken[]
}

interface OpenedModel {
  readonly shape: ReturnType<typeof describeModel>['shape']
  readonly tokenizer: Tokenizer | null
}

/** Tokens of the prompt that the memory is stated for. */
const memoryPositions = 256

export class ModelLibrary {
  readonly #home: string
  readonly #opened = new Map<string, OpenedModel>()
  readonly #memory = new Map<string, number | null>()

  constructor(home: string) {
    this.#home = home
  }

  /** Names of every model of the store that can be opened, the bundled one first. */
  available(): { readonly name: string; readonly bundled: boolean }[] {
    const models = listModels({ home: this.#home }).filter((model) => model.available)
    return models.map(({ name, bundled }) => ({ name, bundled }))
  }

  /** Brings a model into the store, if it is not there, and describes it. */
  import(source: string): { readonly description: ModelDescription; readonly directory: string } {
    const files = openModel(source, { home: this.#home })
    return { directory: files.directory, description: describeModel(files) }
  }

  /** Whether a model of the store can be opened; `lens models inspect` says why one cannot. */
  canOpen(name: string): boolean {
    try {
      describeModel(openModel(name, { home: this.#home }))
      return true
    } catch (error) {
      if (error instanceof LensEngineError) return false
      throw error
    }
  }

  /** Why the model in a directory cannot be run; null when it can. */
  unavailableReason(directory: string): string | null {
    if (existsSync(path.join(directory, 'config.json'))) return null
    return 'Its files are no longer in the model store. Add it again with "lens models add".'
  }

  /** Bytes that a run of 256 tokens (or of the longest prompt) takes; null when the model cannot be opened. */
  memoryNeeded(directory: string): number | null {
    const known = this.#memory.get(directory)
    if (known !== undefined) return known
    const needed = this.#readMemoryNeeded(directory)
    this.#memory.set(directory, needed)
    return needed
  }

  /** Bytes that a process on this machine may still take. */
  memoryAvailable(): number {
    return availableMemory()
  }

  #readMemoryNeeded(directory: string): number | null {
    try {
      const { shape, bytes } = describeModel(openModel(directory, { home: this.#home }))
      return estimateMemory(shape, bytes, Math.min(memoryPositions, shape.contextLength)).total
    } catch (error) {
      if (error instanceof LensEngineError) return null
      throw error
    }
  }

  /** The tokens of a prompt with their places: where the tokenizer begins a text with a token of its own, it comes first. */
  tokenize(directory: string, text: string): TokenizedText {
    return this.#describeTokens(directory, text, (tokenizer) => tokenizer.encodeWithOffsets(text))
  }

  /** The tokens of a target with their places: it continues the prompt, so no token begins it. */
  tokenizeTarget(directory: string, text: string): TokenizedText {
    return this.#describeTokens(directory, text, (tokenizer) => placeContinuation(tokenizer, text))
  }

  #describeTokens(
    directory: string,
    text: string,
    place: (tokenizer: Tokenizer) => readonly TokenSpan[],
  ): TokenizedText {
    const { tokenizer } = this.#open(directory)
    const spans = tokenizer === null ? [] : place(tokenizer)
    const tokens = spans.map((span) => ({ ...span, text: tokenizer?.tokenText(span.id) ?? '' }))
    return { text, tokens }
  }

  /** Text of one token. */
  tokenText(directory: string, id: number): string {
    return this.#open(directory).tokenizer?.tokenText(id) ?? ''
  }

  /** A target as a run would read it. A text of nothing but spaces is left alone: it has no target yet. */
  spacedTarget(text: string): string {
    if (text.trim() === '') return text
    const spaced = spacedTarget({ text })
    return 'text' in spaced ? spaced.text : text
  }

  /** Checks a request as the engine would, without computing. @throws LensEngineError */
  prepare(directory: string, request: LensRequest): PreparedPrompt {
    return preparePrompt(this.#open(directory), request)
  }

  /** Parses a request as the engine would, without computing. @throws LensEngineError */
  prepareEdit(directory: string, request: EditRequest): PreparedEditRequest {
    return prepareEditRequest(this.#open(directory), request)
  }

  /** Neurons of each layer; null when the model cannot be opened. */
  innerWidth(directory: string): number | null {
    try {
      return this.#open(directory).shape.innerWidth
    } catch (error) {
      if (error instanceof LensEngineError) return null
      throw error
    }
  }

  #open(directory: string): OpenedModel {
    const known = this.#opened.get(directory)
    if (known !== undefined) return known
    const { shape } = describeModel(openModel(directory, { home: this.#home }))
    const opened = { shape, tokenizer: loadTokenizer(directory) }
    this.#opened.set(directory, opened)
    return opened
  }
}
