// A range of any metric of any method, typed: what a brush does, for the keyboard and for exact ends.
import { useState, type FormEvent } from 'react'
import { Choice } from '../../../components/choice'
import type { CaseSide } from '../../../graphql/generated/graphql'
import { columnsOf, type Comparison } from '../comparison-model'
import { withRange, type ComparisonView, type RangeFilter } from '../comparison-view'
import { MetricChoice } from '../plots/metric-choice'
import type { ChangeView } from '../use-comparison-view'

interface RangeFormProps {
  readonly comparison: Comparison
  readonly view: ComparisonView
  readonly change: ChangeView
}

interface Typed {
  readonly armId: string
  readonly metric: string
  readonly side: CaseSide
  readonly min: string
  readonly max: string
}

const SIDES: ReadonlyArray<{ readonly value: CaseSide; readonly label: string }> = [
  { value: 'AFTER', label: 'after the edit' },
  { value: 'BEFORE', label: 'before the edit' },
]

const numberOf = (text: string): number | null => {
  const value = Number(text)
  return text.trim() === '' || !Number.isFinite(value) ? null : value
}

function Ends({
  typed,
  put,
}: {
  readonly typed: Typed
  readonly put: (part: Partial<Typed>) => void
}) {
  return (['min', 'max'] as const).map((end) => (
    <input
      key={end}
      className="input"
      inputMode="decimal"
      placeholder={end === 'min' ? 'from' : 'to'}
      aria-label={end === 'min' ? 'From' : 'To'}
      value={typed[end]}
      onChange={(event) => put({ [end]: event.target.value })}
    />
  ))
}

export function RangeForm({ comparison, view, change }: RangeFormProps) {
  const columns = columnsOf(comparison).filter(({ isScore }) => !isScore)
  const [typed, setTyped] = useState<Typed>({
    armId: view.arms[0] ?? comparison.arms[0]?.id ?? '',
    metric: columns[0]?.name ?? '',
    side: 'AFTER',
    min: '',
    max: '',
  })
  const put = (part: Partial<Typed>) => setTyped((current) => ({ ...current, ...part }))
  const range: RangeFilter = { ...typed, min: numberOf(typed.min), max: numberOf(typed.max) }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change({ filter: withRange(view.filter, range) })
  }
  const arms = comparison.arms.map(({ id, label }) => ({ value: id, label }))
  const { armId, metric, side } = typed
  return (
    <details className="choose-columns range-form">
      <summary className="button small">Ranges</summary>
      <form className="menu" onSubmit={submit}>
        <Choice
          caption="Method"
          value={armId}
          options={arms}
          onChange={(id) => put({ armId: id })}
        />
        <MetricChoice
          caption="Metric"
          columns={columns}
          value={metric}
          onChange={(name) => put({ metric: name })}
        />
        <Choice
          caption="When"
          value={side}
          options={SIDES}
          onChange={(when) => put({ side: when })}
        />
        <span className="range-ends">
          <Ends typed={typed} put={put} />
          <button
            type="submit"
            className="button small"
            disabled={range.min === null && range.max === null}
          >
            Add
          </button>
        </span>
      </form>
    </details>
  )
}
