// What the entries of an inbox mean.
import type { InboxKind } from '../../graphql/generated/graphql'

const WORDS: Readonly<Record<InboxKind, string>> = {
  MENTION: 'mentioned you',
  REPLY: 'replied',
  REVIEW_REQUESTED: 'asks for your review',
  DECISION: 'decided',
  CHANGES_MADE: 'made changes',
}

export const inboxWords = (kind: InboxKind): string => WORDS[kind]

interface Dated {
  readonly createdAt: string
}

const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })

const dayOf = (at: Date): string => `${at.getFullYear()}-${at.getMonth()}-${at.getDate()}`

function dayInWords(at: Date, now: Date): string {
  const yesterday = new Date(now)
  yesterday.setDate(now.getDate() - 1)
  if (dayOf(at) === dayOf(now)) return 'Today'
  if (dayOf(at) === dayOf(yesterday)) return 'Yesterday'
  return DAY.format(at)
}

export interface Day<T> {
  readonly day: string
  readonly items: readonly T[]
}

/** Cuts a list, newest first, where a day ends. */
export function byDay<T extends Dated>(items: readonly T[], now: Date): readonly Day<T>[] {
  const days: { key: string; day: string; items: T[] }[] = []
  for (const item of items) {
    const at = new Date(item.createdAt)
    const last = days.at(-1)
    if (last?.key === dayOf(at)) last.items.push(item)
    else days.push({ key: dayOf(at), day: dayInWords(at, now), items: [item] })
  }
  return days.map(({ day, items: some }) => ({ day, items: some }))
}
