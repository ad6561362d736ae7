// What the engine asks of a tokenizer.

/** A token and where it stands in the text that was encoded. */
export interface TokenSpan {
  readonly id: number
  /** UTF-16 offset of the first character the token has a byte of. */
  readonly start: number
  /** UTF-16 offset after the last character the token has a byte of; tokens that share a character overlap. */
  readonly end: number
}

export interface Tokenizer {
  /** Ids run from 0 to this, exclusive; added tokens are included. */
  readonly vocabularySize: number
  /** sha256 of tokenizer.json, hexadecimal. */
  readonly digest: string
  /**
   * Token ids of a text of its own: with the tokens it begins with (Llama's <s>) where tokenizer.json names them, unless the
   * text itself begins with them. Nothing for an empty text. @throws PROMPT_NOT_TEXT for a lone surrogate
   */
  encode(text: string): number[]
  /** Ids of text that continues another: no start token and no space is put before it. @throws PROMPT_NOT_TEXT */
  encodeContinuation(text: string): number[]
  /** As `encode`, with each token's place in the text; start tokens that are not in it stand at its beginning, empty. @throws PROMPT_NOT_TEXT */
  encodeWithOffsets(text: string): TokenSpan[]
  /** Text of the bytes of all tokens; bytes that are no UTF-8 become U+FFFD. @throws TOKEN_OUT_OF_RANGE */
  decode(ids: readonly number[]): string
  /**
   * Text of one token for display; control characters and bytes that are no whole character appear as `\xNN`, an unknown
   * id as `<id>`.
   */
  tokenText(id: number): string
}
