// What is being written about something: its fields, what is wrong with them, and what is sent.
import type {
  AnchorInput,
  AnchorPartsFragment,
  AnnotationInput,
  AnnotationPartsFragment,
  UpdateAnnotationInput,
} from '../../../graphql/generated/graphql'

export interface DraftEvidence {
  readonly anchor: AnchorInput
  readonly title: string
  readonly note: string
}

export interface AnnotationDraft {
  readonly label: string
  readonly description: string
  readonly tags: readonly string[]
  /** 0..1 */
  readonly confidence: number
  readonly evidence: readonly DraftEvidence[]
  /** Why it is changed; only for a new version. */
  readonly change: string
}

export const MOST_LABEL = 200
export const MOST_TAGS = 20

export const EMPTY_DRAFT: AnnotationDraft = {
  label: '',
  description: '',
  tags: [],
  confidence: 0.5,
  evidence: [],
  change: '',
}

type Placed = Omit<AnchorPartsFragment, 'title' | 'path' | 'key'>

/** What an input needs to name the same thing again. */
export function inputOfAnchor(anchor: Placed): AnchorInput {
  const entries = Object.entries(anchor).filter(
    ([name, value]) => !['title', 'path', 'key', '__typename'].includes(name) && value !== null,
  )
  return Object.fromEntries(entries) as unknown as AnchorInput
}

export function draftOf(annotation: AnnotationPartsFragment): AnnotationDraft {
  return {
    label: annotation.label,
    description: annotation.description,
    tags: annotation.tags,
    confidence: annotation.confidence,
    evidence: annotation.evidence.map(({ anchor, note }) => ({
      anchor: inputOfAnchor(anchor),
      title: anchor.title,
      note: note ?? '',
    })),
    change: '',
  }
}

/** Lower case, one dash for spaces, without a leading hash. */
export const tagOf = (text: string): string =>
  text.trim().toLowerCase().replace(/^#+/, '').replace(/\s+/g, '-').slice(0, 40)

export function withTag(draft: AnnotationDraft, text: string): AnnotationDraft {
  const tag = tagOf(text)
  if (!tag || draft.tags.includes(tag) || draft.tags.length >= MOST_TAGS) return draft
  return { ...draft, tags: [...draft.tags, tag] }
}

/** null: it can be sent. */
export function draftProblem(draft: AnnotationDraft): string | null {
  const label = draft.label.trim()
  if (!label) return 'Give it a label.'
  if (label.length > MOST_LABEL) return `A label has at most ${MOST_LABEL} characters.`
  return null
}

const sentEvidence = (draft: AnnotationDraft) =>
  draft.evidence.map(({ anchor, note }) => ({
    anchor,
    ...(note.trim() && { note: note.trim() }),
  }))

export function newAnnotation(
  anchor: AnchorInput,
  draft: AnnotationDraft,
  clientMutationId: string,
): AnnotationInput {
  return {
    anchor,
    label: draft.label.trim(),
    description: draft.description.trim(),
    tags: [...draft.tags],
    confidence: draft.confidence,
    evidence: sentEvidence(draft),
    clientMutationId,
  }
}

export function newVersion(
  { id, version }: Pick<AnnotationPartsFragment, 'id' | 'version'>,
  draft: AnnotationDraft,
): UpdateAnnotationInput {
  return {
    id,
    version,
    label: draft.label.trim(),
    description: draft.description.trim(),
    tags: [...draft.tags],
    confidence: draft.confidence,
    evidence: sentEvidence(draft),
    ...(draft.change.trim() && { change: draft.change.trim() }),
  }
}

/** Nothing was written that could be lost. */
export function isUntouched(draft: AnnotationDraft, start: AnnotationDraft): boolean {
  return JSON.stringify(draft) === JSON.stringify(start)
}

/** A stored draft; the start when what is stored is no draft. */
export function parseDraft(text: string | null, start: AnnotationDraft): AnnotationDraft {
  if (!text) return start
  try {
    const stored = JSON.parse(text) as Partial<AnnotationDraft> | null
    const fits =
      typeof stored?.label === 'string' &&
      typeof stored.description === 'string' &&
      typeof stored.confidence === 'number' &&
      Array.isArray(stored.tags) &&
      Array.isArray(stored.evidence)
    return fits ? { ...start, ...stored } : start
  } catch {
    return start
  }
}

/** 1..9 on the keyboard -> 0.1..0.9. */
export const confidenceOfKey = (key: string): number | null =>
  /^[1-9]$/.test(key) ? Number(key) / 10 : null
