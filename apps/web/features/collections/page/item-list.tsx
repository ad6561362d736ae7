'use client'
// The ordered items of a collection; a move shows at once and is taken back when it is refused.
import { useMutation } from 'urql'
import { Problem } from '../../../components/problem'
import {
  RemoveFromCollectionDocument,
  UpdateCollectionItemDocument,
} from '../../../graphql/generated/graphql'
import type { Items } from '../use-items'
import { useRefusable } from '../use-refusable'
import { ItemRow, type CollectionItem } from './item-row'
import { moved } from './reorder'

interface ItemListProps {
  readonly list: Items<CollectionItem>
  readonly mayChange: boolean
  readonly onChanged: () => void
}

function useItemChanges({ list, onChanged }: ItemListProps) {
  const [, update] = useMutation(UpdateCollectionItemDocument)
  const [, remove] = useMutation(RemoveFromCollectionDocument)
  const { complaint, settle } = useRefusable()
  const send = async (input: { id: string; note?: string; place?: number }) => {
    const { error, data } = await update({ input })
    const done = settle({ error, errors: data?.updateCollectionItem.errors })
    if (!done) list.reload()
    return done
  }
  return {
    complaint,
    move: (from: number, to: number) => {
      const item = list.items?.[from]
      const target = list.items?.[to]
      if (!item || !target) return
      list.set((items) => moved(items, from, to))
      void send({ id: item.id, place: to }).then((done) => done && list.reload())
    },
    note: (item: CollectionItem, note: string) => {
      list.set((items) => items.map((one) => (one.id === item.id ? { ...one, note } : one)))
      void send({ id: item.id, note })
    },
    drop: async (item: CollectionItem) => {
      const { error, data } = await remove({ itemId: item.id })
      if (!settle({ error, errors: data?.removeFromCollection.errors })) return
      list.set((items) => items.filter(({ id }) => id !== item.id))
      onChanged()
    },
  }
}

export function ItemList(props: ItemListProps) {
  const { list, mayChange } = props
  const changes = useItemChanges(props)
  if (list.complaint && !list.items)
    return (
      <Problem
        title="The items could not be read"
        message={list.complaint.message}
        cure={list.complaint.cure}
      />
    )
  if (!list.items) return <div className="card skeleton" style={{ height: 360 }} aria-busy />
  if (list.items.length === 0)
    return (
      <section className="card empty" data-testid="collection-empty">
        <h2>Nothing is in it yet</h2>
        <p>
          Choose rows in the table of neurons, or “Collect” on a neuron. Links to cells, runs and
          edits can be pasted above.
        </p>
        <a className="button" href="/neurons">
          Neurons
        </a>
      </section>
    )
  return (
    <>
      {changes.complaint && (
        <Problem
          title="It was refused"
          message={changes.complaint.message}
          cure={changes.complaint.cure}
          code={changes.complaint.code}
        />
      )}
      <ol className="card item-list" aria-busy={!list.complete}>
        {list.items.map((item, place) => (
          <ItemRow
            key={item.id}
            item={item}
            place={place}
            count={list.items?.length ?? 0}
            mayChange={mayChange}
            onMove={changes.move}
            onNote={changes.note}
            onRemove={(one) => void changes.drop(one)}
          />
        ))}
      </ol>
    </>
  )
}
