'use client'
// The neurons of a layer: only the rows on screen are drawn and read. Arrows move, Space chooses, Enter opens.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { showCount } from '../../lens/numbers'
import { neuronAddress } from '../neuron-address'
import { COLUMNS, type NeuronColumn } from './columns'
import { NeuronTableRow, ROW } from './neuron-table-row'
import type { TableView } from './table-view'
import type { NeuronWindow } from './use-neuron-window'

const HEIGHT = 620

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 16,
  PageUp: -16,
  Home: -1e9,
  End: 1e9,
}

interface NeuronTableProps {
  readonly modelId: string
  readonly layer: number
  readonly neurons: NeuronWindow
  readonly view: TableView
  readonly chosen: ReadonlySet<number>
  readonly onChoose: (index: number) => void
  readonly onSort: (order: NonNullable<NeuronColumn['order']>) => void
}

function HeadCell({
  column,
  view,
  onSort,
}: Pick<NeuronTableProps, 'view' | 'onSort'> & { readonly column: NeuronColumn }) {
  const { order } = column
  const sorted = order !== null && view.order === order
  return (
    <span
      role="columnheader"
      className={column.numeric ? 'number' : undefined}
      aria-sort={sorted ? (view.direction === 'ASCENDING' ? 'ascending' : 'descending') : undefined}
      title={column.meaning}
    >
      {order === null ? (
        column.label
      ) : (
        <button
          type="button"
          data-testid={`sort-${column.name}`}
          data-sorted={sorted || undefined}
          onClick={() => onSort(order)}
        >
          {column.label}
          <i aria-hidden>{sorted ? (view.direction === 'ASCENDING' ? '↑' : '↓') : ''}</i>
        </button>
      )}
    </span>
  )
}

function Head({ view, onSort }: Pick<NeuronTableProps, 'view' | 'onSort'>) {
  return (
    <div role="rowgroup">
      <div role="row" className="neuron-row neuron-head" aria-rowindex={1}>
        <span role="columnheader">
          <span className="hidden-text">Choose</span>
        </span>
        {COLUMNS.map((column) => (
          <HeadCell key={column.name} column={column} view={view} onSort={onSort} />
        ))}
      </div>
    </div>
  )
}

function useRows({ neurons, modelId, layer, onChoose }: NeuronTableProps) {
  const router = useRouter()
  const frame = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const total = neurons.total ?? 20
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 10,
    initialRect: { width: 1100, height: HEIGHT },
  })
  const items = rows.getVirtualItems()
  const end = (items.at(-1)?.index ?? 0) + 1
  const { need } = neurons
  useEffect(() => {
    if (neurons.total !== null) need(end)
  }, [need, end, neurons.total])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    const one = neurons.rows[active]
    if (event.target !== event.currentTarget) return
    if (event.key === ' ' && one) onChoose(one.index)
    else if (event.key === 'Enter' && one) router.push(neuronAddress(modelId, layer, one.index))
    else if (step !== undefined) {
      const to = Math.max(0, Math.min(total - 1, active + step))
      setActive(to)
      rows.scrollToIndex(to)
    } else return
    event.preventDefault()
  }
  return { frame, rows, items, active, setActive, total, onKeyDown }
}

export function NeuronTable(props: NeuronTableProps) {
  const { neurons, modelId, layer, view, chosen, onChoose, onSort } = props
  const { frame, rows, items, active, setActive, total, onKeyDown } = useRows(props)
  return (
    <div className="neuron-scroll">
      <div
        role="table"
        className="neuron-table"
        aria-label={`Neurons of layer ${layer}`}
        aria-rowcount={total + 1}
      >
        <Head view={view} onSort={onSort} />
        <div
          ref={frame}
          role="rowgroup"
          className="neuron-frame"
          tabIndex={0}
          aria-label={`${showCount(total)} neurons: arrows move, Space chooses, Enter opens`}
          aria-busy={neurons.total === null}
          data-testid="neuron-frame"
          onKeyDown={onKeyDown}
        >
          <div style={{ height: rows.getTotalSize() }} role="presentation" />
          {items.map(({ index, start }) => {
            const neuron = neurons.rows[index] ?? null
            return (
              <NeuronTableRow
                key={index}
                modelId={modelId}
                place={index}
                start={start}
                neuron={neuron}
                active={index === active}
                chosen={neuron !== null && chosen.has(neuron.index)}
                onActive={setActive}
                onChoose={onChoose}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}
