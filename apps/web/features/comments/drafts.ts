// What is typed and not yet known to have arrived, kept by the browser: one draft per place, and what was sent in vain.
import type { Unsent } from './thread-model'

const DRAFT = 'imprint.draft.'
const UNSENT = 'imprint.unsent.'

/** Where a draft belongs: a new thread of a place, a reply, or a change of a comment. */
export function draftName(place: string, part: 'new' | 'reply' | 'edit', id = ''): string {
  return `${place}|${part}|${id}`
}

function storage(): Storage | null {
  try {
    return typeof localStorage === 'undefined' ? null : localStorage
  } catch {
    return null
  }
}

export function readDraft(name: string): string {
  try {
    return storage()?.getItem(DRAFT + name) ?? ''
  } catch {
    return ''
  }
}

export function keepDraft(name: string, text: string): void {
  try {
    if (text === '') storage()?.removeItem(DRAFT + name)
    else storage()?.setItem(DRAFT + name, text)
  } catch {
    // A full or refused storage costs only what a reload would have brought back.
  }
}

const isUnsent = (
  value: unknown,
): value is Pick<Unsent, 'clientMutationId' | 'body' | 'parentId'> =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Unsent).clientMutationId === 'string' &&
  typeof (value as Unsent).body === 'string'

/** What an earlier visit could not send; it can be sent again under its old id, so that nothing is said twice. */
export function readUnsent(place: string): readonly Unsent[] {
  try {
    const list: unknown = JSON.parse(storage()?.getItem(UNSENT + place) ?? '[]')
    if (!Array.isArray(list)) return []
    return list.filter(isUnsent).map(({ clientMutationId, body, parentId }) => ({
      clientMutationId,
      body,
      parentId: parentId ?? null,
      state: 'failed',
      reason: 'It was not sent before the page was left.',
    }))
  } catch {
    return []
  }
}

export function keepUnsent(place: string, list: readonly Unsent[]): void {
  try {
    const kept = list.map(({ clientMutationId, body, parentId }) => ({
      clientMutationId,
      body,
      parentId,
    }))
    if (kept.length === 0) storage()?.removeItem(UNSENT + place)
    else storage()?.setItem(UNSENT + place, JSON.stringify(kept))
  } catch {
    // As above.
  }
}
