'use client'
// The cases of a data set: only the rows on screen are drawn and read. Arrows move, Space chooses, Enter opens.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { Problem } from '../../../components/problem'
import { showCount } from '../../lens/numbers'
import { KNOWN } from '../dataset-words'
import { CasePrompt } from './case-prompt'
import type { CaseWindow, DatasetCase } from './use-case-window'

const ROW = 32
const HEIGHT = 480

interface CasesTableProps {
  readonly cases: CaseWindow
  readonly withKnown: boolean
  readonly chosen: readonly string[]
  readonly active: number
  readonly onActive: (index: number) => void
  readonly onChoose: (caseId: string) => void
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 12,
  PageUp: -12,
  Home: -1e9,
  End: 1e9,
}

function Cells({ one, withKnown }: { readonly one: DatasetCase; readonly withKnown: boolean }) {
  const known = one.known ? KNOWN[one.known] : null
  return (
    <>
      <span role="cell" className="mono faint">
        {one.caseId}
      </span>
      <span role="cell" className="muted" title={one.relation}>
        {one.relation}
      </span>
      <span role="cell" className="case-prompt" title={one.prompt.replace('{}', one.subject)}>
        <CasePrompt prompt={one.prompt} subject={one.subject} />
      </span>
      <span role="cell" className="mono">
        {one.targetTrue?.trim() ?? '–'}
      </span>
      <span role="cell" className="mono accent">
        {one.targetNew?.trim() ?? '–'}
      </span>
      {withKnown && (
        <span role="cell" title={known?.meaning ?? 'Not asked yet'}>
          {known?.label ?? <span className="faint">–</span>}
        </span>
      )}
    </>
  )
}

function Head({ withKnown }: { readonly withKnown: boolean }) {
  return (
    <div role="rowgroup">
      <div role="row" className="case-row case-head" aria-rowindex={1}>
        <span role="columnheader">
          <span className="hidden-text">Choose</span>
        </span>
        <span role="columnheader">Case</span>
        <span role="columnheader">Relation</span>
        <span role="columnheader">Prompt</span>
        <span role="columnheader">True</span>
        <span role="columnheader">New</span>
        {withKnown && <span role="columnheader">Known</span>}
      </div>
    </div>
  )
}

interface RowProps extends Omit<CasesTableProps, 'cases'> {
  readonly index: number
  readonly start: number
  readonly one: DatasetCase | null
}

function CaseRow({ index, start, one, withKnown, chosen, active, onActive, onChoose }: RowProps) {
  const isChosen = one !== null && chosen.includes(one.caseId)
  return (
    <div
      role="row"
      id={`case-${index}`}
      className="case-row"
      data-testid={one ? 'case-row' : undefined}
      data-active={index === active || undefined}
      data-chosen={isChosen || undefined}
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${start}px)`, height: ROW }}
      onClick={() => onActive(index)}
    >
      {one ? (
        <>
          <span role="cell">
            <input
              type="checkbox"
              tabIndex={-1}
              aria-label={`Choose case ${one.caseId}`}
              checked={isChosen}
              onChange={() => onChoose(one.caseId)}
            />
          </span>
          <Cells one={one} withKnown={withKnown} />
        </>
      ) : (
        <span role="cell" className="skeleton case-wait" />
      )}
    </div>
  )
}

function Rows(props: CasesTableProps) {
  const { cases, active, onActive, onChoose } = props
  const frame = useRef<HTMLDivElement>(null)
  const total = cases.total ?? 12
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW,
    overscan: 8,
    initialRect: { width: 900, height: HEIGHT },
  })
  const items = rows.getVirtualItems()
  const first = items[0]?.index ?? 0
  const end = (items.at(-1)?.index ?? 0) + 1
  const { need } = cases
  useEffect(() => {
    if (cases.total !== null) need(first, end)
  }, [need, first, end, cases.total])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    const one = cases.caseAt(active)
    if (event.key === ' ' && one) onChoose(one.caseId)
    else if (step !== undefined) {
      const to = Math.max(0, Math.min(total - 1, active + step))
      onActive(to)
      rows.scrollToIndex(to)
    } else return
    event.preventDefault()
  }
  return (
    <div
      ref={frame}
      role="rowgroup"
      className="case-frame"
      tabIndex={0}
      aria-label={`${showCount(total)} cases: arrows move, Space chooses`}
      aria-busy={cases.total === null}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: rows.getTotalSize() }} role="presentation" />
      {items.map(({ index, start }) => (
        <CaseRow key={index} {...props} index={index} start={start} one={cases.caseAt(index)} />
      ))}
    </div>
  )
}

export function CasesTable(props: CasesTableProps) {
  const { cases, withKnown } = props
  if (cases.complaint)
    return <Problem title="The cases could not be read" message={cases.complaint.message} />
  if (cases.total === 0)
    return (
      <p className="none" data-testid="no-cases">
        No case is like this. Take something out of the filter.
      </p>
    )
  return (
    <div className="case-scroll">
      <div
        role="table"
        className="case-table"
        data-known={withKnown || undefined}
        aria-label="Cases"
        aria-rowcount={(cases.total ?? 0) + 1}
      >
        <Head withKnown={withKnown} />
        <Rows {...props} />
      </div>
    </div>
  )
}
