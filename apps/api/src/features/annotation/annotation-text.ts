// What people write in an annotation -> what is stored of it, or what is wrong with it.
import { UserFailure } from '../../errors/user-failure.js'
import { checkText } from '../text-rules.js'

export const annotationLimits = {
  label: 200,
  description: 20_000,
  tag: 50,
  tags: 20,
  evidence: 20,
  note: 500,
  change: 500,
  clientMutationId: 200,
} as const

/** @throws LABEL_EMPTY, TEXT_TOO_LONG, TEXT_INVALID */
export function cleanLabel(label: string): string {
  const clean = checkText(label.trim().replace(/\s+/g, ' '), 'label', annotationLimits.label)
  if (clean !== null) return clean
  throw new UserFailure('LABEL_EMPTY', 'The label is empty.', {
    field: 'label',
    cure: 'Say in a few words what it is.',
  })
}

/** Lower case, trimmed, each once, in alphabetical order. @throws TOO_MANY_TAGS, TEXT_TOO_LONG, TEXT_INVALID */
export function cleanTags(tags: readonly string[]): string[] {
  const { tag: longest, tags: most } = annotationLimits
  tooMany(tags.length, 5 * most)
  const words = tags.map((tag) => tag.trim().toLowerCase().replace(/\s+/g, ' '))
  const clean = [...new Set(words.filter(Boolean))].sort()
  clean.forEach((tag) => checkText(tag, 'tags', longest))
  tooMany(clean.length, most)
  return clean
}

function tooMany(count: number, most: number): void {
  if (count <= most) return
  throw new UserFailure('TOO_MANY_TAGS', `${count} tags are more than ${most}.`, {
    field: 'tags',
    cure: `Keep the ${annotationLimits.tags} that matter.`,
  })
}

/** @throws BAD_ARGUMENT */
export function checkConfidence(confidence: number | null | undefined): number {
  const value = confidence ?? 0.5
  if (Number.isFinite(value) && value >= 0 && value <= 1) return value
  throw new UserFailure('BAD_ARGUMENT', `A confidence of ${value} is not between 0 and 1.`, {
    field: 'confidence',
    cure: 'Give a number from 0 (a guess) to 1 (certain).',
  })
}

/** @throws BAD_ARGUMENT */
export function checkVersion(version: number): number {
  // The next one must fit into the column, too.
  if (Number.isInteger(version) && version > 0 && version < 2 ** 31 - 1) return version
  throw new UserFailure('BAD_ARGUMENT', `${version} is no version.`, {
    field: 'version',
    cure: 'Send the version that you saw.',
  })
}

/** @throws TOO_MUCH_EVIDENCE */
export function checkEvidenceCount(count: number): void {
  const most = annotationLimits.evidence
  if (count <= most) return
  throw new UserFailure('TOO_MUCH_EVIDENCE', `${count} pieces of evidence are more than ${most}.`, {
    field: 'evidence',
    cure: `Keep the ${most} that say most.`,
  })
}
