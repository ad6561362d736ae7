// Which columns and which published rows the table shows.
import { columnsOf, firstColumns } from '../comparison-model'
import { toggled } from '../comparison-view'
import type { TableProps } from './shown-column'

export function ColumnChoice({ comparison, view, change }: TableProps) {
  const shown = view.columns ?? firstColumns(comparison)
  return (
    <details className="choose-columns">
      <summary className="button small">Columns</summary>
      <fieldset className="menu">
        <legend className="hidden-text">Columns of the table</legend>
        {columnsOf(comparison).map(({ name, label, description }) => (
          <label key={name} title={description}>
            <input
              type="checkbox"
              checked={shown.includes(name)}
              onChange={() => change({ columns: toggled(shown, name) })}
            />
            {label} <small className="faint">{name}</small>
          </label>
        ))}
      </fieldset>
    </details>
  )
}

export function PublishedChoice({ comparison, view, change }: TableProps) {
  if (comparison.published.length === 0) return null
  const value = view.published ?? comparison.published[0]?.id ?? 'none'
  return (
    <span className="pick">
      <label htmlFor="published">Published</label>
      <select
        id="published"
        value={value}
        onChange={(event) => change({ published: event.target.value })}
      >
        {comparison.published.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
        <option value="none">hidden</option>
      </select>
    </span>
  )
}
