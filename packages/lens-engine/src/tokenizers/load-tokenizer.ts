// A model's directory -> Tokenizer, or null where there is no tokenizer.json.
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LensEngineError } from '../errors.js'
import { createByteLevelTokenizer } from './byte-level-tokenizer.js'
import { checkSentencePieceJson, isSentencePiece } from './sentencepiece-json.js'
import { createSentencePieceTokenizer } from './sentencepiece-tokenizer.js'
import type { Tokenizer } from './tokenizer.js'
import { tokenizerInvalid } from './tokenizer-error.js'
import { checkTokenizerJson } from './tokenizer-json.js'

export const tokenizerFile = 'tokenizer.json'
const maximumFileBytes = 64 * 2 ** 20

/**
 * Loads the tokenizer of a model directory. Other tokenizer files (vocab.json, merges.txt) are not read.
 * @throws TOKENIZER_INVALID for a file that is damaged, too large, or of a kind the engine does not read
 */
export function loadTokenizer(directory: string): Tokenizer | null {
  const path = join(directory, tokenizerFile)
  const bytes = readTokenizerFile(path)
  if (bytes === null) return null
  return readTokenizer(bytes, path)
}

/** The tokenizer that the bytes of a tokenizer.json describe. @throws TOKENIZER_INVALID */
export function readTokenizer(bytes: Uint8Array, path: string): Tokenizer {
  const digest = createHash('sha256').update(bytes).digest('hex')
  return createTokenizer(parseJson(bytes, path), digest, path)
}

/** The tokenizer of the content of a tokenizer.json; `path` is named in errors. @throws TOKENIZER_INVALID */
export function createTokenizer(json: unknown, digest: string, path: string): Tokenizer {
  return isSentencePiece(json)
    ? createSentencePieceTokenizer(checkSentencePieceJson(json, path), digest)
    : createByteLevelTokenizer(checkTokenizerJson(json, path), digest)
}

function readTokenizerFile(path: string): Buffer | null {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return null
    if (stat.size > maximumFileBytes)
      throw tokenizerInvalid('TOO_LARGE', path, `${stat.size} bytes, more than ${maximumFileBytes}`)
    return readFileSync(path)
  } catch (error) {
    if (error instanceof LensEngineError || !(error instanceof Error)) throw error
    throw new LensEngineError('FILE_UNREADABLE', `${path} cannot be read: ${error.message}`, {
      details: { file: path },
      cure: 'Check that this user may read the file.',
      cause: error,
    })
  }
}

function parseJson(bytes: Uint8Array, path: string): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw tokenizerInvalid('NOT_UTF8', path, 'it is not UTF-8 text')
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw tokenizerInvalid(
      'NOT_JSON',
      path,
      error instanceof Error ? error.message.slice(0, 120) : 'not JSON',
    )
  }
}
