'use client'
// Every case with what each method made of it: up to 20,000 rows, of which those in view are on the page.
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  lazy,
  Suspense,
  useEffect,
  useMemo,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
} from 'react'
import type { ComparisonInput } from '../../../graphql/generated/graphql'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import {
  armLabels,
  armTones,
  columnsOf,
  type Arm,
  type Column,
  type Comparison,
} from '../comparison-model'
import { filterInput, sortInput, type CaseOrder, type ComparisonView } from '../comparison-view'
import type { ComparedIds } from '../comparison-input'
import type { ChangeView } from '../use-comparison-view'
import { MetricChoice } from '../plots/metric-choice'
import { askedArms, caseArms, nextOrder, sameOrder } from './case-columns'
import { CaseFilterBar } from './case-filter-bar'
import { CaseTableRow } from './case-table-row'
import { neighboursOf, rowAt } from './case-windows'
import { useCaseWindows, type CaseRows, type Stretch } from './use-case-windows'

/** Few cases are opened, so its code comes with the first. */
const CaseSheet = lazy(async () => ({ default: (await import('./case-sheet')).CaseSheet }))

const ROW = 40
const SETTLE_MS = 250

export interface CasesProps {
  readonly ids: ComparedIds
  readonly comparison: Comparison
  readonly view: ComparisonView
  readonly change: ChangeView
  /** Changes while an evaluation goes on, when there may be more cases. */
  readonly again: number
  /** Of this view, with the open case. */
  readonly address: string
}

interface HeadCellProps {
  readonly label: string
  readonly order: CaseOrder
  readonly view: ComparisonView
  readonly change: ChangeView
  readonly style?: CSSProperties
  readonly mono?: boolean
}

function HeadCell({ label, order, view, change, style, mono = false }: HeadCellProps) {
  const now = view.order
  const same = sameOrder(now, order)
  return (
    <span
      role="columnheader"
      aria-sort={now && same ? (now.descending ? 'descending' : 'ascending') : 'none'}
      style={style}
    >
      <button
        type="button"
        className="sort"
        onClick={() => change({ order: nextOrder(now, order) })}
      >
        <span className={mono ? 'mono' : undefined}>{label}</span>
        <span className="sorted" aria-hidden>
          {now && same ? (now.descending ? '▾' : '▴') : ''}
        </span>
      </button>
    </span>
  )
}

interface ShownArms {
  readonly arms: readonly Arm[]
  readonly labels: ReadonlyMap<string, string>
  readonly tones: ReadonlyMap<string, string>
  readonly column: Column
  readonly metricIndex: number
}

function CasesHead({
  shown,
  view,
  change,
}: { readonly shown: ShownArms } & Pick<CasesProps, 'view' | 'change'>) {
  const by = (field: 'CASE_ID' | 'RELATION' | 'SUBJECT'): CaseOrder => ({
    field,
    descending: false,
  })
  const head = { view, change }
  return (
    <div role="row" className="case-row case-head">
      <HeadCell label="Case" order={by('CASE_ID')} {...head} />
      <HeadCell label="Relation" order={by('RELATION')} {...head} />
      <HeadCell label="Prompt" order={by('SUBJECT')} {...head} />
      <span role="columnheader">True → new</span>
      {shown.arms.map((arm) => (
        <HeadCell
          key={arm.id}
          label={shown.labels.get(arm.id) ?? ''}
          order={{ armId: arm.id, metric: shown.column.name, side: 'AFTER', descending: true }}
          style={{ '--arm': shown.tones.get(arm.id) } as CSSProperties}
          mono
          {...head}
        />
      ))}
    </div>
  )
}

function stepRows(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  const row = (event.target as Element).closest<HTMLElement>('[data-place]')
  if (!step || !row) return
  event.preventDefault()
  const next = Number(row.dataset.index) + step
  event.currentTarget.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus()
}

interface BodyProps extends CasesProps {
  readonly shown: ShownArms
  readonly rows: CaseRows
  readonly onStretch: (stretch: Stretch) => void
}

function CasesBody({ shown, rows, view, change, onStretch }: BodyProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const count = rows.total ?? 0
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0]
  useEffect(() => onStretch({ first, last }), [first, last, onStretch])
  const columns = `72px 118px minmax(230px, 1fr) 150px${' 214px'.repeat(shown.arms.length)}`
  return (
    <div
      ref={scroller}
      className="cases-scroll"
      role="table"
      aria-label="Cases"
      aria-rowcount={count + 1}
      aria-busy={!rows.fresh}
      style={
        { '--columns': columns, '--least': `${600 + shown.arms.length * 214}px` } as CSSProperties
      }
      onKeyDown={stepRows}
      tabIndex={0}
    >
      <CasesHead {...{ shown, view, change }} />
      <div className="cases-rows" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <CaseTableRow
            key={item.key}
            row={rowAt(rows, item.index)}
            index={item.index}
            start={item.start}
            arms={shown.arms}
            tones={shown.tones}
            column={shown.column}
            metricIndex={shown.metricIndex}
            onOpen={(place) => change({ open: place })}
          />
        ))}
      </div>
      {rows.total === 0 && <p className="none">No case passes this filter.</p>}
    </div>
  )
}

function useShownArms({ comparison, view }: Pick<CasesProps, 'comparison' | 'view'>): ShownArms {
  return useMemo(() => {
    const columns = columnsOf(comparison).filter(({ isScore }) => !isScore)
    const at = Math.max(
      0,
      columns.findIndex(({ name }) => name === view.metric),
    )
    return {
      arms: caseArms(comparison, view),
      labels: armLabels(comparison.arms),
      tones: armTones(comparison.arms),
      column: columns[at]!,
      metricIndex: at,
    }
  }, [comparison, view])
}

/** What the rows are asked with, a moment after the last key. */
function useAskedCases({ ids, comparison, view }: CasesProps, shown: ShownArms): ComparisonInput {
  const filter = filterInput(view.filter)
  const text = JSON.stringify({
    evaluationIds: ids,
    armIds: askedArms(comparison, shown.arms, view),
    ...(filter && { filter }),
  })
  const settled = useDebouncedValue(text, SETTLE_MS)
  return useMemo(() => JSON.parse(settled) as ComparisonInput, [settled])
}

export function CasesCard(props: CasesProps) {
  const { ids, comparison, view, change, again, address } = props
  const shown = useShownArms(props)
  const [stretch, setStretch] = useState<Stretch>({ first: 0, last: 0 })
  const rows = useCaseWindows(useAskedCases(props, shown), sortInput(view.order), stretch, again)
  const columns = columnsOf(comparison).filter(({ isScore }) => !isScore)
  return (
    <section
      className="card cases-card"
      aria-labelledby="cases-title"
      data-testid="cases"
      id="cases"
    >
      <div className="bar">
        <h2 id="cases-title">Cases</h2>
        <span
          className="muted tabular case-count"
          role="status"
          data-testid="case-count"
          data-stale={!rows.fresh || undefined}
        >
          {rows.total === null
            ? ''
            : `${rows.total.toLocaleString('en-US')} of ${comparison.cases.toLocaleString('en-US')}`}
        </span>
        <span className="grow" />
        <MetricChoice
          caption="Metric"
          columns={columns}
          value={shown.column.name}
          onChange={(metric) => change({ metric })}
        />
      </div>
      <CaseFilterBar comparison={comparison} view={view} change={change} />
      {rows.complaint && (
        <p className="wrong" role="alert">
          {rows.complaint.message}
        </p>
      )}
      <CasesBody {...props} shown={shown} rows={rows} onStretch={setStretch} />
      <p className="faint cases-legend">
        Each method: {shown.column.label}, then the probability of the new answer, before (tick) →
        after (bar). Enter opens a case.
      </p>
      {view.open !== null && (
        <Suspense>
          <CaseSheet
            ids={ids}
            place={view.open}
            address={address}
            {...neighboursOf(rows, view.open)}
            onPlace={(open) => change({ open })}
          />
        </Suspense>
      )}
    </section>
  )
}
