// The queue of a collection: its items with one's own annotation alone, and where one is in it.
import { useCallback, useState } from 'react'
import {
  CollectionQueueDocument,
  type AnnotationPartsFragment,
  type CollectionQueueQuery,
} from '../../../graphql/generated/graphql'
import { useItems } from '../use-items'
import { nextOpen, progressOf, startOf } from './queue-model'

export type QueueNode = NonNullable<
  CollectionQueueQuery['collection']
>['items']['edges'][number]['node']

const NOTHING: readonly QueueNode[] = []

export function useQueue(id: string) {
  const list = useItems<QueueNode>(CollectionQueueDocument, id)
  const [chosen, setChosen] = useState<number | null>(null)
  const [ended, setEnded] = useState(false)
  const items = list.items ?? NOTHING
  const ready = list.items !== null && list.complete
  const at = chosen ?? startOf(items)
  const move = useCallback(
    (by: number) => {
      setEnded(false)
      setChosen(Math.max(0, Math.min(items.length - 1, at + by)))
    },
    [items.length, at],
  )
  const skip = useCallback(() => {
    const to = nextOpen(items, at)
    if (to === null) setEnded(true)
    else setChosen(to)
  }, [items, at])
  const submitted = useCallback(
    (mine: AnnotationPartsFragment) => {
      const done = items.map((item, place) => (place === at ? { ...item, mine } : item))
      list.set(() => done)
      const to = nextOpen(done, at)
      if (to === null) setEnded(true)
      else setChosen(to)
    },
    [items, at, list],
  )
  const progress = progressOf(items)
  return {
    ready,
    complaint: list.complaint,
    items,
    at,
    item: items[at] ?? null,
    progress,
    ended: ended || (chosen === null && progress.finished),
    move,
    skip,
    submitted,
    again: () => {
      setEnded(false)
      setChosen(0)
    },
  }
}

export type Queue = ReturnType<typeof useQueue>
