// Words of one end of a vector with their scores, as bars.
import type { WordPartsFragment } from '../../../graphql/generated/graphql'
import { showNumber } from '../../lens/numbers'
import { showToken } from '../../lens/token-text'

interface WordBarsProps {
  readonly title: string
  readonly words: readonly WordPartsFragment[]
  readonly tone: 'written' | 'removed'
}

export function WordBars({ title, words, tone }: WordBarsProps) {
  const top = Math.max(...words.map(({ score }) => Math.abs(score)), 1e-12)
  return (
    <div>
      <h3>{title}</h3>
      {words.length === 0 && <p className="faint">no words yet</p>}
      <ol className="bars" data-tone={tone}>
        {words.map(({ id, text, score }) => (
          <li key={`${id}${text}`} title={`${text}: ${score}`}>
            <i
              style={{ width: `calc((100% - 44px) * ${(Math.abs(score) / top).toFixed(4)})` }}
              aria-hidden
            />
            <span className="mono">{showToken(text)}</span>
            <u>{showNumber(score)}</u>
          </li>
        ))}
      </ol>
    </div>
  )
}
