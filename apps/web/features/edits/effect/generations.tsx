// Continuations before and after side by side; the words that differ are marked.
import { diffTexts, type DiffPart } from '../text-diff'

interface Pair {
  readonly prompt: string
  readonly before: string
  readonly after: string
}

function Marked({ parts, side }: { readonly parts: readonly DiffPart[]; readonly side: string }) {
  return parts.map((part, index) =>
    part.changed ? (
      <mark key={index} data-side={side}>
        {part.text}
      </mark>
    ) : (
      <span key={index}>{part.text}</span>
    ),
  )
}

function GenerationPair({ pair }: { readonly pair: Pair }) {
  const { before, after } = diffTexts(pair.before, pair.after)
  const same = pair.before === pair.after
  return (
    <li>
      <p className="generation-prompt mono">{pair.prompt}</p>
      <div className="generation-texts">
        <div>
          <h4>Before</h4>
          <p>
            <Marked parts={before} side="before" />
          </p>
        </div>
        <div>
          <h4>After{same ? ': the same words' : ''}</h4>
          <p>
            <Marked parts={after} side="after" />
          </p>
        </div>
      </div>
    </li>
  )
}

export function Generations({ pairs }: { readonly pairs: readonly Pair[] }) {
  if (pairs.length === 0) return null
  return (
    <ul className="generations" data-testid="generations">
      {pairs.map((pair, index) => (
        <GenerationPair key={index} pair={pair} />
      ))}
    </ul>
  )
}
