// The one way a tokenizer file is refused: TOKENIZER_INVALID with `details.reason` naming the case.
import { LensEngineError } from '../errors.js'

export type TokenizerFault =
  | 'TOO_LARGE'
  | 'NOT_UTF8'
  | 'NOT_JSON'
  | 'BAD_STRUCTURE'
  | 'BAD_ID'
  | 'BAD_MERGE'
  | 'BYTES_MISSING'
  | 'PATTERN_UNKNOWN'
  | 'KIND_UNSUPPORTED'

const cureOfDamage = 'Get tokenizer.json from the model’s publisher again.'
const cureOfKind =
  'This version reads byte-level BPE tokenizers (GPT-2 and its kin) and SentencePiece-like BPE (Llama 2 and its kin). Give token ids instead: --prompt-ids and --target-id.'

const cures: Partial<Record<TokenizerFault, string>> = {
  PATTERN_UNKNOWN: cureOfKind,
  KIND_UNSUPPORTED: cureOfKind,
}

export function tokenizerInvalid(
  reason: TokenizerFault,
  file: string,
  message: string,
): LensEngineError {
  return new LensEngineError('TOKENIZER_INVALID', `${file}: ${message} (${reason})`, {
    details: { reason, file },
    cure: cures[reason] ?? cureOfDamage,
  })
}
