// The filter of the audit log: its address, what is asked of the API, and its rows as a file.
import type { AuditEventsQuery, AuditFilter } from '../../graphql/generated/graphql'

export type AuditRow = AuditEventsQuery['auditEvents']['edges'][number]['node']

export interface AuditView {
  readonly actor: string
  readonly action: string
  readonly subject: string
  /** Days back; '' is all. */
  readonly days: string
}

export const EMPTY_AUDIT_VIEW: AuditView = { actor: '', action: '', subject: '', days: '' }

const DAY_MS = 86_400_000

export function readAuditView(query: URLSearchParams): AuditView {
  const text = (name: string) => query.get(name) ?? ''
  const days = /^\d{1,3}$/.test(text('days')) ? text('days') : ''
  return { actor: text('actor'), action: text('action'), subject: text('subject'), days }
}

export function writeAuditView(view: AuditView): string {
  const entries = Object.entries(view).filter(([, value]) => value !== '')
  return new URLSearchParams(entries as [string, string][]).toString()
}

/** `today`: milliseconds; the day and not the moment, so that the question stays the same. */
export function auditFilterOf(view: AuditView, today: number): AuditFilter {
  const midnight = Math.floor(today / DAY_MS) * DAY_MS
  return {
    ...(view.actor && { actorId: view.actor }),
    ...(view.action.trim() && { action: view.action.trim() }),
    ...(view.subject.trim() && { subject: view.subject.trim() }),
    ...(view.days && { since: new Date(midnight - Number(view.days) * DAY_MS).toISOString() }),
  }
}

export const AUDIT_HEADER = ['at', 'actor', 'handle', 'via', 'action', 'subject', 'detail'] as const

export const auditCells = (row: AuditRow): readonly string[] => [
  row.createdAt,
  row.actor.name,
  row.actor.handle,
  row.via?.toLowerCase() ?? '',
  row.action,
  row.subject,
  row.detailJson ?? '',
]

function parsed(text: string | null | undefined): unknown {
  try {
    return text ? (JSON.parse(text) as unknown) : null
  } catch {
    return text
  }
}

export const auditRecord = (row: AuditRow): object => ({
  at: row.createdAt,
  actor: { id: row.actor.id, handle: row.actor.handle, name: row.actor.name },
  via: row.via?.toLowerCase() ?? null,
  action: row.action,
  subject: row.subject,
  detail: parsed(row.detailJson),
})
