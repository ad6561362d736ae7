// The queue of annotation mode: where one is, what is left, and which key does what.
export interface QueueItem {
  readonly id: string
  readonly mine: { readonly id: string } | null
}

export interface QueueProgress {
  readonly done: number
  readonly total: number
  readonly finished: boolean
}

export function progressOf(items: readonly QueueItem[]): QueueProgress {
  const done = items.filter(({ mine }) => mine !== null).length
  return { done, total: items.length, finished: items.length > 0 && done === items.length }
}

/** The first that is not done; the first of all when everything is. */
export function startOf(items: readonly QueueItem[]): number {
  return Math.max(
    0,
    items.findIndex(({ mine }) => mine === null),
  )
}

/** The next not done after a place, going round; null when none is left. */
export function nextOpen(items: readonly QueueItem[], from: number): number | null {
  for (let step = 1; step <= items.length; step++) {
    const at = (from + step) % items.length
    if (items[at]?.mine === null) return at
  }
  return null
}

export type QueueAct =
  | { readonly kind: 'move'; readonly by: 1 | -1 }
  | { readonly kind: 'focus'; readonly field: 'label' | 'tags' | 'description' }
  | { readonly kind: 'confidence'; readonly value: number }
  | { readonly kind: 'submit' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'skip' }
  | { readonly kind: 'help' }

const ACTS: Readonly<Record<string, QueueAct>> = {
  j: { kind: 'move', by: 1 },
  k: { kind: 'move', by: -1 },
  ArrowRight: { kind: 'move', by: 1 },
  ArrowLeft: { kind: 'move', by: -1 },
  l: { kind: 'focus', field: 'label' },
  t: { kind: 'focus', field: 'tags' },
  d: { kind: 'focus', field: 'description' },
  n: { kind: 'skip' },
  Enter: { kind: 'submit' },
  '?': { kind: 'help' },
}

interface Pressed {
  readonly key: string
  readonly typing: boolean
  readonly modified: boolean
}

/** null: the key means nothing here. While typing only leaving means something; Enter belongs to the field. */
export function actOf({ key, typing, modified }: Pressed): QueueAct | null {
  if (modified) return key === 'Enter' ? { kind: 'submit' } : null
  if (typing) return key === 'Escape' ? { kind: 'leave' } : null
  if (/^[1-9]$/.test(key)) return { kind: 'confidence', value: Number(key) / 10 }
  return ACTS[key.length === 1 ? key.toLowerCase() : key] ?? null
}

export const QUEUE_KEYS: ReadonlyArray<readonly [readonly string[], string]> = [
  [['J', 'K'], 'Next, previous'],
  [['N'], 'Next that is not done'],
  [['L'], 'Write the label'],
  [['T'], 'Add tags'],
  [['D'], 'Write the description'],
  [['1', '…', '9'], 'Confidence, 10% to 90%'],
  [['Enter'], 'Submit and go on; in the description, Ctrl Enter'],
  [['Esc'], 'Leave a field'],
  [['?'], 'This list'],
]
