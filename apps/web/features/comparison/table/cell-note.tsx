// What stands beside a number of the table: definition, interval and how it was made, how many cases, where from.
import {
  DIRECTIONS,
  showMetric,
  showP,
  type Column,
  type SignedDifference,
} from '../comparison-model'
import type { CellValue } from './table-model'

interface CellNoteProps {
  readonly column: Column
  readonly cell: CellValue
  readonly who: string
  readonly source: string
}

export function CellNote({ column, cell, who, source }: CellNoteProps) {
  const interval = cell.low !== null && cell.high !== null
  const isWilson = cell.wilson !== null && cell.low === cell.wilson[0]
  const made = source.startsWith('published')
    ? ', as published'
    : isWilson
      ? ', Wilson’s'
      : ', bootstrap over cases'
  return (
    <>
      <p>
        <b>{column.label}</b> of <span className="mono">{who}</span>:{' '}
        <b>{showMetric(cell.mean, column)}</b> {column.unit}
      </p>
      <p className="muted">
        {column.description} {DIRECTIONS[column.better].words}.
      </p>
      {interval && (
        <p>
          95% interval {showMetric(cell.low, column)} to {showMetric(cell.high, column)}
          {made}.
        </p>
      )}
      {cell.wilson && !isWilson && (
        <p>
          Wilson interval {showMetric(cell.wilson[0], column)} to{' '}
          {showMetric(cell.wilson[1], column)}.
        </p>
      )}
      <p className="muted">
        {cell.n !== null && <>n = {cell.n.toLocaleString('en-US')}</>}
        {cell.missing > 0 && `, ${cell.missing.toLocaleString('en-US')} missing`}
        {cell.sd !== null && `, standard deviation ${showMetric(cell.sd, column)}`}
      </p>
      {cell.note && <p className="muted">{cell.note}</p>}
      <p className="faint">Source: {source}</p>
    </>
  )
}

interface DifferenceNoteProps {
  readonly column: Column
  readonly difference: SignedDifference
  readonly first: string
  readonly second: string
}

export function DifferenceNote({ column, difference, first, second }: DifferenceNoteProps) {
  const { low, high, n, p, adjustedP, test, significant, onlyFirst, onlySecond } = difference
  return (
    <>
      <p>
        <b>{column.label}</b>: <span className="mono">{first}</span> minus{' '}
        <span className="mono">{second}</span>, on the {n.toLocaleString('en-US')} cases that both
        have
      </p>
      <p>
        95% interval {showMetric(low, column)} to {showMetric(high, column)}, paired bootstrap.
      </p>
      <p>
        {showP(p)}, {showP(adjustedP).replace('p', 'adjusted p')}
        {test && ` (${test})`}: {significant ? 'significant' : 'not significant'} at 5%.
      </p>
      {onlyFirst !== null && onlySecond !== null && (
        <p className="muted">
          Right only with {first}: {onlyFirst}; only with {second}: {onlySecond}.
        </p>
      )}
    </>
  )
}
