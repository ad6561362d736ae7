'use client'
// The table a team argues over: methods as rows, metrics as columns, each mean with its interval on the scale of its column.
import { useMemo } from 'react'
import {
  armLabels,
  armTones,
  bestArm,
  columnsOf,
  firstColumns,
  referenceArm,
  type Comparison,
} from '../comparison-model'
import { toggled, type ComparisonView } from '../comparison-view'
import { moveBetweenCells } from '../number-notes'
import { ArmTableRow } from './arm-row'
import { Published } from './published-rows'
import { ReferenceTableRow } from './reference-row'
import type { ShownColumn, TableProps } from './shown-column'
import { ColumnChoice, PublishedChoice } from './table-choices'
import { TableHead } from './table-head'
import { armRows, domainOf, sortRows, uneditedRows } from './table-model'

function useShownColumns(comparison: Comparison, view: ComparisonView): readonly ShownColumn[] {
  return useMemo(() => {
    const wanted = view.columns ?? firstColumns(comparison)
    const columns = columnsOf(comparison)
    const rows = armRows(comparison, columns)
    return columns
      .filter(({ name }) => wanted.includes(name))
      .map((column) => ({
        ...column,
        domain: domainOf(column, rows),
        best: bestArm(comparison, column),
      }))
  }, [comparison, view.columns])
}

function TableBar(props: TableProps) {
  return (
    <div className="bar table-bar">
      <h2 id="methods-title" className="grow">
        Methods{' '}
        <small className="muted">mean, 95% interval; ★ significantly better than every other</small>
      </h2>
      <PublishedChoice {...props} />
      <ColumnChoice {...props} />
    </div>
  )
}

export function MethodTable(props: TableProps) {
  const { comparison, view, change } = props
  const columns = useShownColumns(comparison, view)
  const rows = useMemo(
    () => sortRows(armRows(comparison, columnsOf(comparison)), view.sort),
    [comparison, view.sort],
  )
  const tones = useMemo(() => armTones(comparison.arms), [comparison.arms])
  const labels = useMemo(() => armLabels(comparison.arms), [comparison.arms])
  const unedited = uneditedRows(comparison, columns)
  const metric =
    columns.find(({ name }) => name === view.metric) ??
    columns.find(({ isScore }) => isScore) ??
    columns[0]
  const reference = referenceArm(comparison, view.reference)
  return (
    <section
      className="card comparison-table"
      aria-labelledby="methods-title"
      data-testid="methods"
    >
      <TableBar {...props} />
      <div className="table-scroll" role="region" aria-label="Methods by metrics" tabIndex={0}>
        <table className="methods" onKeyDown={moveBetweenCells}>
          <TableHead {...props} columns={columns} labels={labels} metric={metric} />
          <tbody>
            {rows.map((row, index) => (
              <ArmTableRow
                key={row.id}
                row={row}
                index={index}
                columns={columns}
                comparison={comparison}
                label={labels.get(row.id) ?? row.arm.label}
                tone={tones.get(row.id) ?? ''}
                reference={reference}
                metric={metric}
                chosen={view.arms.includes(row.id)}
                onChoose={() => change({ arms: toggled(view.arms, row.id) })}
              />
            ))}
            {unedited.map((row, index) => (
              <ReferenceTableRow
                key={row.id}
                row={row}
                place={rows.length + index}
                columns={columns}
                source="this comparison, before the edits"
              />
            ))}
            <Published {...props} columns={columns} place={rows.length + unedited.length} />
          </tbody>
        </table>
      </div>
    </section>
  )
}
