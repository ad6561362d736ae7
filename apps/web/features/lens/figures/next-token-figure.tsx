// What the model would say next, before any update.
import { showPercent } from '../numbers'
import { showToken } from '../token-text'
import type { RunFacts } from '../use-lens-run'
import { FigureFrame } from './figure-frame'

const ROW = 24
const WIDTH = 560
const LEFT = 130
const ROOM = 350

export function NextTokenFigure({ run }: { readonly run: RunFacts }) {
  const next = run.answer?.next ?? []
  const height = next.length * ROW + 4
  return (
    <div className="figure-row one-up">
      <FigureFrame
        title="Next token"
        caption={`After “${run.promptText ?? 'the prompt'}”, before any update`}
        fileName="next-token"
        table={() => ({
          header: ['token', 'id', 'probability', 'logit'],
          rows: next.map(
            (token) => [showToken(token.text), token.id, token.probability, token.logit] as const,
          ),
        })}
      >
        <svg
          style={{ maxWidth: WIDTH }}
          viewBox={`0 0 ${WIDTH} ${height}`}
          role="img"
          aria-label="The most probable next tokens"
        >
          {next.map((token, index) => (
            <g key={token.id}>
              <text className="mono strong" x={LEFT - 8} y={index * ROW + 16} textAnchor="end">
                {showToken(token.text).slice(0, 16)}
              </text>
              <rect
                className="rank-bar"
                data-on={token.id === run.rankedTarget?.id || undefined}
                x={LEFT}
                y={index * ROW + 4}
                height={ROW - 8}
                width={Math.max(1, token.probability * ROOM)}
                rx="2"
              />
              <text x={LEFT + Math.max(1, token.probability * ROOM) + 8} y={index * ROW + 16}>
                {showPercent(token.probability)}
              </text>
            </g>
          ))}
        </svg>
      </FigureFrame>
    </div>
  )
}
