// The filter of the feed <-> the address, and what the API is asked for.
import type { ActivityFilter } from '../../graphql/generated/graphql'

export interface ActivityView {
  readonly actorId: string
  readonly kind: ActivityKind | ''
}

/** The kinds of subject that the feed tells of. */
export const KINDS = [
  ['comment', 'comments'],
  ['review', 'reviews'],
  ['annotation', 'annotations'],
  ['edit', 'edits'],
  ['evaluation', 'evaluations'],
  ['member', 'people'],
] as const

export type ActivityKind = (typeof KINDS)[number][0]

export function parseActivityView(query: URLSearchParams): ActivityView {
  const kind = query.get('about')
  return {
    actorId: query.get('by') ?? '',
    kind: KINDS.find(([known]) => known === kind)?.[0] ?? '',
  }
}

export function formatActivityView({ actorId, kind }: ActivityView): string {
  const query = new URLSearchParams()
  if (actorId) query.set('by', actorId)
  if (kind) query.set('about', kind)
  return query.toString()
}

export function activityFilter({ actorId, kind }: ActivityView): ActivityFilter | null {
  if (!actorId && !kind) return null
  return { ...(actorId && { actorId }), ...(kind && { subjectKind: kind }) }
}
