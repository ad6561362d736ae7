// One edited arm in the table: its means with intervals, its difference to the reference, what it cost.
import type { CSSProperties } from 'react'
import { showNumber } from '../../lens/numbers'
import {
  differenceOf,
  isControl,
  showDifference,
  showMetric,
  showP,
  type Arm,
  type Comparison,
} from '../comparison-model'
import { Noted } from '../number-notes'
import { CellNote, DifferenceNote } from './cell-note'
import { IntervalMark } from './interval-mark'
import type { ShownColumn } from './shown-column'
import type { ArmRow } from './table-model'

interface ArmTableRowProps {
  readonly row: ArmRow
  readonly index: number
  readonly columns: readonly ShownColumn[]
  readonly comparison: Comparison
  readonly label: string
  readonly tone: string
  readonly reference: string
  readonly metric: ShownColumn | undefined
  readonly chosen: boolean
  readonly onChoose: () => void
}

type CellProps = Pick<ArmTableRowProps, 'row' | 'index' | 'label' | 'comparison'> & {
  readonly column: ShownColumn
  readonly place: number
}

function MetricCell({ row, index, label, column, place }: CellProps) {
  const cell = row.cells.get(column.name)
  if (!cell) return <td className="faint">–</td>
  const best = column.best === row.id
  return (
    <td data-best={best || undefined}>
      <Noted
        className="number"
        row={index}
        column={place}
        note={() => (
          <CellNote
            column={column}
            cell={cell}
            who={label}
            source={`${row.arm.evaluationName}, ${row.arm.modelName}`}
          />
        )}
      >
        <IntervalMark cell={cell} domain={column.domain} />
        <b>{showMetric(cell.mean, column)}</b>
        <span className="best">
          {best && <span title="significantly better than every other">★</span>}
        </span>
      </Noted>
    </td>
  )
}

type AgainstProps = Pick<
  ArmTableRowProps,
  'row' | 'index' | 'label' | 'comparison' | 'reference' | 'metric'
> & {
  readonly place: number
}

function AgainstCell({ row, index, label, comparison, reference, metric, place }: AgainstProps) {
  if (row.id === reference) return <td className="against faint">reference</td>
  const found = metric && differenceOf(comparison.differences, metric.name, row.id, reference)
  if (!found || found.difference === null)
    return <td className="against faint">{isControl(row.arm) ? 'control' : '–'}</td>
  const second = comparison.arms.find(({ id }) => id === reference)?.label ?? ''
  return (
    <td className="against" data-significant={found.significant}>
      <Noted
        row={index}
        column={place}
        note={() => (
          <DifferenceNote column={metric} difference={found} first={label} second={second} />
        )}
      >
        <b>{showDifference(found.difference, metric)}</b>{' '}
        <small>
          {found.significant
            ? showP(found.adjustedP ?? found.p)
            : `n.s., ${showP(found.adjustedP ?? found.p)}`}
        </small>
      </Noted>
    </td>
  )
}

function Counts({ arm }: { readonly arm: Arm }) {
  const lost = [
    [arm.failed, 'failed'],
    [arm.skipped, 'skipped'],
    [arm.missing, 'to come'],
  ] as const
  const said = lost.filter(([count]) => count > 0)
  const words = said.map(([count, word]) => `${count.toLocaleString('en-US')} ${word}`)
  return (
    <td className="counts tabular">
      {arm.n.toLocaleString('en-US')}
      {words.length > 0 && (
        <small title={words.join(', ')} data-failed={arm.failed > 0 || undefined}>
          {words[0]}
          {words.length > 1 && ' …'}
        </small>
      )}
    </td>
  )
}

const GIGABYTE = 1e9

const showBytes = (bytes: number | null): string =>
  bytes === null
    ? '–'
    : bytes >= GIGABYTE
      ? `${(bytes / GIGABYTE).toFixed(1)} GB`
      : `${Math.round(bytes / 1e6)} MB`

function Name({
  row,
  label,
  chosen,
  onChoose,
}: Pick<ArmTableRowProps, 'row' | 'label' | 'chosen' | 'onChoose'>) {
  const { arm } = row
  const settings = Object.entries((arm.hyperparameters ?? {}) as Record<string, unknown>)
  return (
    <th
      scope="row"
      title={settings.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join('\n')}
    >
      <label>
        <input
          type="checkbox"
          checked={chosen}
          onChange={onChoose}
          aria-label={`Choose ${label}`}
        />
        <span className="swatch" aria-hidden />
        <span className="mono">{label}</span>
      </label>
    </th>
  )
}

export function ArmTableRow({ tone, columns, ...props }: ArmTableRowProps) {
  const { row, index, label, comparison, chosen } = props
  return (
    <tr
      style={{ '--arm': tone } as CSSProperties}
      data-chosen={chosen || undefined}
      data-testid={`arm-${row.arm.name}`}
    >
      <Name {...props} />
      {columns.map((column, place) => (
        <MetricCell key={column.name} {...{ row, index, label, comparison, column, place }} />
      ))}
      <AgainstCell {...props} place={columns.length} />
      <Counts arm={row.arm} />
      <td className="tabular cost">{showNumber(row.arm.secondsPerEdit, 2)}</td>
      <td className="tabular cost">{showBytes(row.arm.peakBytes)}</td>
    </tr>
  )
}
