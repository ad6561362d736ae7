// The numbers of a cell, each with its definition.
import type { CellDetail } from './cell-detail'
import { matrixFacts } from './matrix-names'
import { showNumber, showRank } from './numbers'
import { Token } from './token'
import type { RunFacts } from './use-lens-run'

const DEFINITIONS = {
  rank: 'How many of the vocabulary’s tokens are strictly more probable when this vector is read through the lens; 0 is the most probable.',
  vjp: '|δ|: length of the gradient of the loss at the output of this matrix, here.',
  input: '|x|: length of what this matrix reads, here.',
  gradient:
    'Numerical rank of the whole gradient of this matrix in this layer; at most one per token. From the factors, in float64.',
}

function gradientRankOf(run: RunFacts, cell: CellDetail) {
  return (
    run.gradientRank.find((entry) => entry.layer === cell.layer && entry.matrix === cell.surface) ??
    null
  )
}

export function CellFacts({ run, cell }: { readonly run: RunFacts; readonly cell: CellDetail }) {
  const size = run.model.vocabularySize
  const [vjp, input] =
    cell.factor === 'VJP' ? [cell.norm, cell.otherNorm] : [cell.otherNorm, cell.norm]
  const gradient = gradientRankOf(run, cell)
  const rank = (value: number | null) =>
    value === null || value < 0 ? 'none' : showRank(value, size)
  const answer = run.answer?.token
  return (
    <dl data-testid="cell-facts">
      <dt title={DEFINITIONS.rank}>
        Rank of <Token text={run.rankedTarget?.text ?? ''} />
      </dt>
      <dd>{rank(cell.targetRank)}</dd>
      {answer && answer.id !== run.rankedTarget?.id && (
        <>
          <dt title={DEFINITIONS.rank}>
            Rank of <Token text={answer.text} />
          </dt>
          <dd>{rank(cell.answerRank)}</dd>
        </>
      )}
      {cell.surface === 'HIDDEN' ? (
        <>
          <dt title="Length of the residual stream after this block">Norm</dt>
          <dd>{showNumber(cell.norm)}</dd>
        </>
      ) : (
        <>
          <dt title={DEFINITIONS.vjp}>Norm of δ</dt>
          <dd>{showNumber(vjp)}</dd>
          <dt title={DEFINITIONS.input}>Norm of x</dt>
          <dd>{showNumber(input)}</dd>
          <dt
            title={`${matrixFacts(cell.surface).label}: ${DEFINITIONS.gradient}${gradient ? ` Tolerance ${showNumber(gradient.tolerance, 2)}.` : ''}`}
          >
            Gradient rank
          </dt>
          <dd>{gradient ? `${gradient.rank} of ${run.tokens.length}` : '–'}</dd>
        </>
      )}
    </dl>
  )
}
