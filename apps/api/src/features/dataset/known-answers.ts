// The bytes of KnownAnswers and the words they stand for.
export const knownWords = ['none', 'first', 'all'] as const
export type KnownWord = (typeof knownWords)[number]

/** A case that was not asked. */
export const notAsked = 255

/** Null where it was not asked. */
export const knownWordOf = (byte: number | null): KnownWord | null =>
  byte === null ? null : (knownWords[byte] ?? null)
