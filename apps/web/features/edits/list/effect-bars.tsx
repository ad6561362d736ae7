// The effect of an edit as two thin bars: before and after, or predicted and measured.
import { showChance } from '../chance'
import { showNumber } from '../../lens/numbers'

interface BarRow {
  readonly name: string
  readonly value: number | null
  readonly tone: 'quiet' | 'strong' | 'hollow'
}

interface BarsProps {
  readonly rows: readonly BarRow[]
  readonly most: number
  readonly format: (value: number) => string
}

function Bars({ rows, most, format }: BarsProps) {
  return (
    <dl className="mini-bars">
      {rows.map(({ name, value, tone }) => (
        <div key={name} data-tone={tone}>
          <dt className="hidden-text">{name}</dt>
          <i aria-hidden>
            <i
              style={{ width: `${Math.min(100, (100 * Math.abs(value ?? 0)) / most).toFixed(1)}%` }}
              data-negative={(value ?? 0) < 0 || undefined}
            />
          </i>
          <dd title={`${name}: ${value === null ? 'not known' : format(value)}`}>
            {value === null ? '–' : format(value)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

export function ProbabilityBars({
  before,
  after,
}: {
  readonly before: number | null
  readonly after: number | null
}) {
  if (before === null && after === null) return <span className="faint">–</span>
  return (
    <Bars
      most={1}
      format={showChance}
      rows={[
        { name: 'Probability of the target before', value: before, tone: 'quiet' },
        { name: 'Probability of the target after', value: after, tone: 'strong' },
      ]}
    />
  )
}

const signed = (value: number) => `${value > 0 ? '+' : ''}${showNumber(value, 2)}`

export function LogitBars({
  predicted,
  measured,
  most,
}: {
  readonly predicted: number | null
  readonly measured: number | null
  readonly most: number
}) {
  if (predicted === null && measured === null) return <span className="faint">–</span>
  return (
    <Bars
      most={most}
      format={signed}
      rows={[
        { name: 'Predicted change of the target’s logit', value: predicted, tone: 'hollow' },
        { name: 'Measured change of the target’s logit', value: measured, tone: 'strong' },
      ]}
    />
  )
}
