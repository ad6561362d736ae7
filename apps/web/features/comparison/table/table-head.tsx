// The heads of the table: sort by any column, the scale of each metric, the reference of the differences.
import { DIRECTIONS, headLabel, referenceArm, showMetric } from '../comparison-model'
import { nextSort, type ComparisonView } from '../comparison-view'
import type { ChangeView } from '../use-comparison-view'
import type { ShownColumn, TableProps } from './shown-column'

interface HeadProps {
  readonly label: string
  readonly by: string
  readonly title: string
  readonly view: ComparisonView
  readonly change: ChangeView
  readonly descendingFirst: boolean
  readonly column?: ShownColumn
}

function Head({ label, by, title, view, change, descendingFirst, column }: HeadProps) {
  const sorted = view.sort?.by === by ? view.sort : null
  return (
    <th
      scope="col"
      aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none'}
      data-kind={column ? 'metric' : by}
    >
      <button
        type="button"
        className="sort"
        title={title}
        onClick={() => change({ sort: nextSort(view.sort, by, descendingFirst) })}
      >
        <span>{label}</span>
        {column && (
          <span className="direction" aria-label={DIRECTIONS[column.better].words}>
            {DIRECTIONS[column.better].sign}
          </span>
        )}
        <span className="sorted" aria-hidden>
          {sorted ? (sorted.descending ? '▾' : '▴') : ''}
        </span>
      </button>
      {column && (
        <span className="column-scale" aria-hidden>
          <i>{showMetric(column.domain.low, column).replace(/\.0$/, '')}</i>
          <i>{showMetric(column.domain.high, column).replace(/\.0$/, '')}</i>
        </span>
      )}
    </th>
  )
}

interface AgainstProps extends TableProps {
  readonly labels: ReadonlyMap<string, string>
  readonly metric: ShownColumn | undefined
}

function AgainstChoice({ comparison, view, change, labels, metric }: AgainstProps) {
  return (
    <label className="against-choice" title={`Paired difference in ${metric?.label ?? 'a metric'}`}>
      {metric?.name} against
      <select
        value={referenceArm(comparison, view.reference)}
        onChange={(event) => change({ reference: event.target.value })}
      >
        {comparison.arms.map(({ id }) => (
          <option key={id} value={id}>
            {labels.get(id)}
          </option>
        ))}
      </select>
    </label>
  )
}

const COSTS = [
  { label: 'n', by: 'n', title: 'Cases measured', descendingFirst: true },
  { label: 's / edit', by: 'seconds', title: 'Mean seconds an edit took', descendingFirst: false },
  {
    label: 'memory',
    by: 'bytes',
    title: 'Most memory of the engine while editing',
    descendingFirst: false,
  },
] as const

export function TableHead({
  columns,
  ...props
}: AgainstProps & { readonly columns: readonly ShownColumn[] }) {
  const { view, change } = props
  const head = { view, change }
  return (
    <thead>
      <tr>
        <Head label="Method" by="name" title="Sort by name" descendingFirst={false} {...head} />
        {columns.map((column) => (
          <Head
            key={column.name}
            label={headLabel(column)}
            by={column.name}
            title={`${column.label}. ${column.description} Sort by it.`}
            descendingFirst={column.better !== 'LOWER'}
            column={column}
            {...head}
          />
        ))}
        <th scope="col" data-kind="against">
          <AgainstChoice {...props} />
        </th>
        {COSTS.map((cost) => (
          <Head key={cost.by} {...cost} {...head} />
        ))}
      </tr>
    </thead>
  )
}
