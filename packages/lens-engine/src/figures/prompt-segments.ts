// A prompt and its subject -> the segment of every position, and means of values over each segment.

/**
 * Parts of a prompt, in its order; every position belongs to exactly one. Backward Lens names "first subject token", "last
 * subject token" and "last prompt token"; the others follow ROME's figures (Meng et al. 2022, figure 1). A subject of one
 * token is its last token, and a subject that ends the prompt leaves that place to `last`.
 */
export const promptSegments = [
  'before',
  'first-subject',
  'middle-subject',
  'last-subject',
  'after',
  'further',
  'last',
] as const

export type PromptSegment = (typeof promptSegments)[number]

export const segmentNames: Readonly<Record<PromptSegment, string>> = {
  before: 'before the subject',
  'first-subject': 'first subject token',
  'middle-subject': 'middle subject tokens',
  'last-subject': 'last subject token',
  after: 'first token after it',
  further: 'further tokens',
  last: 'last prompt token',
}

export interface SubjectSpan {
  readonly first: number
  readonly end: number
}

/** The segment of each position. @param span positions [first, end) of the subject */
export function segmentPositions(length: number, { first, end }: SubjectSpan): PromptSegment[] {
  return Array.from({ length }, (_, position): PromptSegment => {
    if (position === length - 1) return 'last'
    if (position === end - 1) return 'last-subject'
    if (position === first) return 'first-subject'
    if (position < first) return 'before'
    if (position < end) return 'middle-subject'
    return position === end ? 'after' : 'further'
  })
}

/** Mean of the values of each segment, in the order of `promptSegments`; null where it has none. NaN values are left out. */
export function segmentMeans(
  values: ArrayLike<number>,
  segments: readonly PromptSegment[],
): (number | null)[] {
  return promptSegments.map((wanted) => {
    let [sum, count] = [0, 0]
    segments.forEach((segment, position) => {
      const value = values[position] as number
      if (segment !== wanted || Number.isNaN(value)) return
      sum += value
      count++
    })
    return count === 0 ? null : sum / count
  })
}
