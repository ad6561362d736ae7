// The stack of a model as it is being arranged: saved edits in order, each on or off, beside the order that is applied.
export interface StackItem<E extends { readonly id: string } = { readonly id: string }> {
  readonly edit: E
  readonly on: boolean
}

export type Stack<E extends { readonly id: string }> = readonly StackItem<E>[]

interface Identified {
  readonly id: string
}

export function stackOf<E extends Identified>(edits: readonly E[]): Stack<E> {
  return edits.map((edit) => ({ edit, on: true }))
}

/** The edits that are on, in order. */
export function orderOf<E extends Identified>(stack: Stack<E>): string[] {
  return stack.filter(({ on }) => on).map(({ edit }) => edit.id)
}

export function toggleItem<E extends Identified>(stack: Stack<E>, id: string): Stack<E> {
  return stack.map((item) => (item.edit.id === id ? { ...item, on: !item.on } : item))
}

export function removeItem<E extends Identified>(stack: Stack<E>, id: string): Stack<E> {
  return stack.filter(({ edit }) => edit.id !== id)
}

/** Adds an edit at the end; one that is there already is turned on. */
export function addItem<E extends Identified>(stack: Stack<E>, edit: E): Stack<E> {
  return stack.some((item) => item.edit.id === edit.id)
    ? stack.map((item) => (item.edit.id === edit.id ? { ...item, on: true } : item))
    : [...stack, { edit, on: true }]
}

/** Moves an item to a place, which is kept inside the stack. */
export function moveItem<E extends Identified>(
  stack: Stack<E>,
  id: string,
  place: number,
): Stack<E> {
  const item = stack.find(({ edit }) => edit.id === id)
  if (!item) return stack
  const others = removeItem(stack, id)
  const to = Math.max(0, Math.min(others.length, place))
  return [...others.slice(0, to), item, ...others.slice(to)]
}

export function sameOrder(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}

/**
 * What is on screen after the stored stack was read again. Where its order is the same, nothing that was arranged is lost;
 * a new order is shown, with what is switched off after it.
 */
export function mergeStored<E extends Identified>(
  stack: Stack<E>,
  before: readonly E[],
  stored: readonly E[],
): Stack<E> {
  const now = new Map(stored.map((edit) => [edit.id, edit]))
  const idsOf = (edits: readonly E[]) => edits.map(({ id }) => id)
  if (sameOrder(idsOf(before), idsOf(stored)))
    return stack.map((item) => ({ ...item, edit: now.get(item.edit.id) ?? item.edit }))
  return [...stackOf(stored), ...stack.filter(({ edit, on }) => !now.has(edit.id) && !on)]
}
