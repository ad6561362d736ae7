// What every text field must satisfy before it is stored.
import { UserFailure } from '../errors/user-failure.js'

/**
 * The text, or null where there is none.
 * @throws TEXT_TOO_LONG, TEXT_INVALID: PostgreSQL stores neither NUL nor half a surrogate pair
 */
export function checkText(
  text: string | null | undefined,
  field: string,
  limit: number,
): string | null {
  if (text === null || text === undefined || text === '') return null
  if (text.length > limit) {
    throw new UserFailure(
      'TEXT_TOO_LONG',
      `${field} has ${text.length} characters; at most ${limit} are allowed.`,
      {
        field,
        cure: 'Shorten it.',
      },
    )
  }
  if (text.includes('\0') || hasLoneSurrogate(text)) {
    throw new UserFailure(
      'TEXT_INVALID',
      `${field} holds a NUL or half of a surrogate pair, which is not text.`,
      {
        field,
        cure: 'Remove the damaged character, or paste the text again.',
      },
    )
  }
  return text
}

/** The text as PostgreSQL can keep it: a NUL is written out, half of a surrogate pair becomes the mark for what cannot be shown. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\\0').replace(new RegExp(halfPair, 'g'), '\ufffd')
}

const halfPair = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** Whether a text holds half of a surrogate pair. */
export function hasLoneSurrogate(text: string): boolean {
  return halfPair.test(text)
}
