// Two versions of an annotation -> what stayed, came and went, word by word.
import { diffArrays, diffWordsWithSpace } from 'diff'
import type { TextDiff } from './annotation.type.js'

export interface ComparedVersion {
  readonly label: string
  readonly description: string
  readonly tags: readonly string[]
  readonly confidence: number
  readonly evidence: readonly { readonly key: string; readonly note: string | null }[]
}

interface Change {
  readonly added?: boolean
  readonly removed?: boolean
}

/** Texts that differ in more words than this are shown as one that went and one that came. */
const mostEdits = 2_000

const kindOf = ({ added, removed }: Change): string =>
  added ? 'added' : removed ? 'removed' : 'same'

/** Fields that did not change are left out. */
export function diffVersions(before: ComparedVersion, after: ComparedVersion): TextDiff[] {
  return [
    ...diffText('label', before.label, after.label),
    ...diffText('description', before.description, after.description),
    ...diffList('tags', before.tags, after.tags),
    ...diffText('confidence', String(before.confidence), String(after.confidence)),
    ...diffList('evidence', before.evidence.map(lineOf), after.evidence.map(lineOf)),
  ]
}

function diffText(field: string, before: string, after: string): TextDiff[] {
  if (before === after) return []
  const changes = diffWordsWithSpace(before, after, { maxEditLength: mostEdits })
  if (changes === undefined) return whole(field, before, after)
  return changes.map((change) => ({ field, kind: kindOf(change), text: change.value }))
}

const whole = (field: string, before: string, after: string): TextDiff[] => [
  { field, kind: 'removed', text: before },
  { field, kind: 'added', text: after },
]

function diffList(field: string, before: readonly string[], after: readonly string[]): TextDiff[] {
  const changes = diffArrays([...before], [...after])
  if (changes.every(({ added, removed }) => !added && !removed)) return []
  return changes.flatMap((change) =>
    change.value.map((text) => ({ field, kind: kindOf(change), text })),
  )
}

const lineOf = ({ key, note }: { key: string; note: string | null }): string =>
  note === null ? key : `${key}: ${note}`
