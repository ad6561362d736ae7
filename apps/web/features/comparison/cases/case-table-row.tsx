// One case in the table: its prompt with the subject marked, and what each shown method made of it.
import { memo, type CSSProperties } from 'react'
import { showMetric, type Arm, type Column } from '../comparison-model'
import { partsOf, type CaseCell, type CaseRow } from './case-columns'
import { ChanceBar } from './chance-bar'

const ENDED: Readonly<Record<string, string>> = { SKIPPED: 'skipped', FAILED: 'failed' }

interface ArmCellProps {
  readonly cell: CaseCell | undefined
  readonly column: Column
  readonly metricIndex: number
  readonly tone: string
}

function ArmCell({ cell, column, metricIndex, tone }: ArmCellProps) {
  if (!cell || cell.outcome === null)
    return (
      <span role="cell" className="faint">
        not yet
      </span>
    )
  const value = cell.metrics[metricIndex] ?? null
  const ended = ENDED[cell.outcome]
  return (
    <span role="cell" className="arm-cell" style={{ '--arm': tone } as CSSProperties}>
      {ended ? (
        <span className="case-ended" data-outcome={cell.outcome} title={cell.error?.message}>
          {ended}
        </span>
      ) : (
        <b className="tabular case-value">{showMetric(value, column)}</b>
      )}
      <ChanceBar before={cell.newBefore} after={cell.newAfter} />
    </span>
  )
}

interface CaseTableRowProps {
  /** null: on its way. */
  readonly row: CaseRow | null
  readonly index: number
  readonly start: number
  readonly arms: readonly Arm[]
  readonly tones: ReadonlyMap<string, string>
  readonly column: Column
  readonly metricIndex: number
  readonly onOpen: (place: number) => void
}

function Coming({ index, start }: { readonly index: number; readonly start: number }) {
  return (
    <div
      role="row"
      className="case-row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${start}px)` }}
    >
      <span role="cell" className="skeleton line" />
    </div>
  )
}

export const CaseTableRow = memo(function CaseTableRow(props: CaseTableRowProps) {
  const { row, index, start, arms, tones, column, metricIndex, onOpen } = props
  if (!row) return <Coming index={index} start={start} />
  const prompt = partsOf(row.prompt, row.subject)
  return (
    <div
      role="row"
      className="case-row"
      tabIndex={index === 0 ? 0 : -1}
      aria-rowindex={index + 2}
      data-index={index}
      data-place={row.place}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => onOpen(row.place)}
      onKeyDown={(event) => event.key === 'Enter' && onOpen(row.place)}
    >
      <span role="cell" className="tabular muted">
        {row.caseId}
      </span>
      <span role="cell" title={row.relation}>
        {row.relation}
      </span>
      <span role="cell" title={row.prompt}>
        {prompt.before}
        <b className="subject">{prompt.subject}</b>
        {prompt.after}
      </span>
      <span
        role="cell"
        className="mono targets"
        title={`${row.targetTrue ?? '–'} → ${row.targetNew ?? '–'}`}
      >
        <s>{row.targetTrue?.trim() ?? '–'}</s> → {row.targetNew?.trim() ?? '–'}
      </span>
      {arms.map((arm) => (
        <ArmCell
          key={arm.id}
          cell={row.cells.find(({ armId }) => armId === arm.id)}
          column={column}
          metricIndex={metricIndex}
          tone={tones.get(arm.id) ?? ''}
        />
      ))}
    </div>
  )
})
