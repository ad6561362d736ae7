// Patterns by which published byte-level tokenizers split text. A pattern from a file runs only if it is one of these.

const gpt2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
const llama3 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
const qwen2 = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`

/** As tokenizer.json has them. */
export const splitPatterns = { gpt2, llama3, qwen2 } as const

/** Contractions in either case; under Unicode's rules the long s is an s. */
const contraction = String.raw`'(?:[sSſ]|[tT]|[rR][eE]|[vV][eE]|[mM]|[lL][lL]|[dD])`

/**
 * The same pattern with Unicode's white space: JavaScript's \s has U+FEFF and lacks U+0085, the reference's does not.
 * Text without these two splits the same way under both. null for a pattern that is not on the list.
 */
export function compilePattern(source: string): RegExp | null {
  if (!Object.values<string>(splitPatterns).includes(source)) return null
  const unicode = source
    .replace(/\(\?i:[^)]*\)/, contraction)
    .replaceAll(String.raw`\s`, String.raw`\p{White_Space}`)
    .replaceAll(String.raw`\S`, String.raw`\P{White_Space}`)
  return new RegExp(unicode, 'gu')
}

/** Every character with a numeric property by itself, as the Digits step of the reference has it. */
export const singleDigitPattern = /\P{N}+|\p{N}/gu
