// Probability of the new answer before and after an edit, as one bar: a tick where it was, filled to where it is.
import { showProbability } from '../../lens/numbers'

interface ChanceBarProps {
  readonly before: number | null
  readonly after: number | null
  readonly what?: string
}

const percent = (value: number): string => `${(Math.min(1, Math.max(0, value)) * 100).toFixed(2)}%`

export function ChanceBar({ before, after, what = 'P(new)' }: ChanceBarProps) {
  if (before === null && after === null) return <span className="faint">–</span>
  const words = `${what} ${before === null ? '–' : showProbability(before)} before, ${after === null ? '–' : showProbability(after)} after`
  return (
    <span className="chance" title={words}>
      <span className="chance-bar" aria-hidden>
        {after !== null && <i style={{ width: percent(after) }} />}
        {before !== null && <u style={{ left: percent(before) }} />}
      </span>
      <span className="tabular">
        <small>{before === null ? '–' : showProbability(before)}</small>
        {' → '}
        {after === null ? '–' : showProbability(after)}
      </span>
    </span>
  )
}
