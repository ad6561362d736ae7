// What the model says next, before and after: one row a token, two bars.
import { showToken } from '../../lens/token-text'
import { showChance } from '../chance'
import { pairTokens, type PromptEffect } from '../result/effect-model'

interface NextTokensProps {
  readonly prompt: Pick<PromptEffect, 'before' | 'after' | 'target' | 'truth'>
  readonly most?: number
}

function Cell({ value, tone }: { readonly value: number | null; readonly tone: string }) {
  return (
    <td data-tone={tone}>
      <span className="pair-bar">
        <i style={{ width: `${(100 * (value ?? 0)).toFixed(2)}%` }} aria-hidden />
        <u>{value === null ? 'less' : showChance(value)}</u>
      </span>
    </td>
  )
}

const begins = (text: string | null, token: string): boolean =>
  text !== null && token.trim() !== '' && text.trim().startsWith(token.trim())

export function NextTokens({ prompt, most = 8 }: NextTokensProps) {
  const pairs = pairTokens(prompt.before, prompt.after, most)
  return (
    <table className="pair-table" data-testid="next-tokens">
      <caption className="hidden-text">Most probable next tokens before and after</caption>
      <thead>
        <tr>
          <th scope="col">Next token</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {pairs.map((pair) => (
          <tr
            key={pair.id}
            data-role={
              begins(prompt.target, pair.text)
                ? 'target'
                : begins(prompt.truth, pair.text)
                  ? 'truth'
                  : undefined
            }
          >
            <th scope="row" className="mono" title={`token ${pair.id}`}>
              {showToken(pair.text)}
            </th>
            <Cell value={pair.before} tone="before" />
            <Cell value={pair.after} tone="after" />
          </tr>
        ))}
      </tbody>
    </table>
  )
}
