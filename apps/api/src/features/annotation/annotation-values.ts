// Rows of annotations -> what GraphQL shows of them.
import type { StoredAnchor } from '../anchor/anchor.js'
import type { Annotation, AnnotationVersion, Evidence } from './annotation.type.js'
import type { AnnotationRow, AnnotationVersionRow } from './annotation.repository.js'
import { diffVersions } from './version-diff.js'
import type { ComparedVersion } from './version-diff.js'

/** As stored in the column `evidence`. */
export interface StoredEvidence {
  readonly anchor: StoredAnchor
  readonly note: string | null
}

export const storedEvidence = (json: unknown): StoredEvidence[] => json as StoredEvidence[]

export function toAnnotation(row: AnnotationRow): Annotation {
  const { id, state, label, description, tags, confidence, version, createdAt, updatedAt } = row
  return {
    ...{ id, state, label, description, tags, confidence, version, createdAt, updatedAt },
    ...{ authorId: row.authorId, anchorKey: row.anchorKey, anchorJson: row.anchor },
    evidence: storedEvidence(row.evidence).map(toEvidence),
  }
}

const toEvidence = ({ anchor, note }: StoredEvidence): Evidence => ({ anchorJson: anchor, note })

/** @param rows versions of one annotation, oldest first -> newest first, each against the one before */
export function toVersions(rows: readonly AnnotationVersionRow[]): AnnotationVersion[] {
  const shown = rows.map((row, index) => {
    const { version, label, description, tags, confidence, change, createdAt, authorId } = row
    const before = rows[index - 1]
    const diff = before === undefined ? [] : diffVersions(comparedOf(before), comparedOf(row))
    return { version, label, description, tags, confidence, change, createdAt, authorId, diff }
  })
  return shown.reverse()
}

function comparedOf(row: AnnotationVersionRow): ComparedVersion {
  const { label, description, tags, confidence } = row
  const evidence = storedEvidence(row.evidence).map(({ anchor, note }) => ({
    ...{ key: anchor.key, note },
  }))
  return { label, description, tags, confidence, evidence }
}
