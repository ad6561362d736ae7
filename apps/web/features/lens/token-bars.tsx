// Tokens of one end, strongest first, each with its number and a bar behind it.
import type { ScoredTokenPartsFragment } from '../../graphql/generated/graphql'
import { barsOf, type BarMeasure } from './cell-detail'
import { showProbability } from './numbers'
import { showToken } from './token-text'

interface TokenBarsProps {
  readonly tokens: readonly ScoredTokenPartsFragment[]
  readonly measure: BarMeasure
  readonly tone: 'written' | 'removed'
}

export function TokenBars({ tokens, measure, tone }: TokenBarsProps) {
  const format = (value: number) =>
    measure === 'logit' ? value.toFixed(2) : showProbability(value)
  const bars = barsOf(tokens, measure, showToken, format)
  if (bars.length === 0) return <p className="faint">no words</p>
  return (
    <ol className="bars" data-tone={tone}>
      {bars.map((bar) => (
        <li key={bar.id} title={bar.title}>
          <i style={{ width: `calc((100% - 36px) * ${bar.length.toFixed(4)})` }} aria-hidden />
          <span className="mono">{bar.text}</span>
          <u>{bar.value}</u>
        </li>
      ))}
    </ol>
  )
}
