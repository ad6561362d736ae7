// How two edits differ: one number for all, then matrix by matrix, word by word, prompt by prompt.
import type { DiffTaskQuery } from '../../../graphql/generated/graphql'
import { matrixFacts } from '../../lens/matrix-names'
import { showToken } from '../../lens/token-text'
import { showChance } from '../chance'
import { PROMPT_KINDS } from '../edit-words'

type Diff = NonNullable<NonNullable<DiffTaskQuery['editTask']>['diff']>

const degrees = (angles: readonly number[]): string =>
  angles.length === 0
    ? '–'
    : angles
        .slice(0, 4)
        .map((angle) => `${((angle * 180) / Math.PI).toFixed(0)}°`)
        .join(' ') + (angles.length > 4 ? ' …' : '')

/** From −1 (opposite) over 0 to 1 (the same), with a true zero in the middle. */
function Cosine({ value }: { readonly value: number }) {
  const half = Math.min(50, Math.abs(value) * 50)
  return (
    <span className="cosine">
      <i aria-hidden>
        <i
          data-negative={value < 0 || undefined}
          style={{ left: `${value < 0 ? 50 - half : 50}%`, width: `${half}%` }}
        />
      </i>
      <b className="tabular">{value.toFixed(3)}</b>
    </span>
  )
}

function Matrices({ diff }: { readonly diff: Diff }) {
  const only = [
    ['A', diff.onlyFirst],
    ['B', diff.onlySecond],
  ] as const
  return (
    <section className="card pad" aria-labelledby="matrices-title" data-testid="diff-matrices">
      <h2 id="matrices-title">
        Direction <small className="muted">cosine of the two changes over all matrices</small>
      </h2>
      <p className="diff-cosine">
        <Cosine value={diff.cosine} />
      </p>
      {diff.shared.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Matrix</th>
              <th scope="col">Cosine</th>
              <th scope="col" title="Principal angles between what lights the two changes">
                Angles of the inputs
              </th>
              <th scope="col" title="Principal angles between what the two changes add">
                Angles of the outputs
              </th>
            </tr>
          </thead>
          <tbody>
            {diff.shared.map((row) => (
              <tr key={`${row.layer}${row.matrix}`}>
                <th scope="row" className="mono">
                  {row.layer} {matrixFacts(row.matrix).label}
                </th>
                <td>
                  <Cosine value={row.cosine} />
                </td>
                <td className="tabular">{degrees(row.inputAngles)}</td>
                <td className="tabular">{degrees(row.outputAngles)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {diff.shared.length === 0 && <p className="muted">They change no matrix in common.</p>}
      {only.map(
        ([letter, names]) =>
          names.length > 0 && (
            <p key={letter} className="muted">
              Only {letter} changes <span className="mono">{names.join(', ')}</span>.
            </p>
          ),
      )}
    </section>
  )
}

function Words({ diff }: { readonly diff: Diff }) {
  if (diff.tokenOverlap.length === 0) return null
  return (
    <section className="card pad" aria-labelledby="words-title" data-testid="diff-words">
      <h2 id="words-title">
        Words <small className="muted">top tokens that both write; bold: shared</small>
      </h2>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Matrix</th>
            <th scope="col">Shared</th>
            <th scope="col">A writes</th>
            <th scope="col">B writes</th>
          </tr>
        </thead>
        <tbody>
          {diff.tokenOverlap.map((row) => (
            <tr key={`${row.layer}${row.matrix}`}>
              <th scope="row" className="mono">
                {row.layer} {matrixFacts(row.matrix).label}
              </th>
              <td className="tabular">{showChance(row.overlap)}</td>
              {[row.firstTokens, row.secondTokens].map((tokens, side) => (
                <td key={side} className="mono wrap">
                  {tokens.slice(0, 10).map((text, index) => (
                    <span key={index} data-shared={row.sharedTokens.includes(text) || undefined}>
                      {showToken(text)}{' '}
                    </span>
                  ))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

type Next = Diff['flips'][number]['first']

function Says({ next }: { readonly next: Next }) {
  const top = next.top[0]
  return (
    <td>
      <span className="mono">{showToken(top?.text ?? '')}</span>{' '}
      <small className="muted tabular">{top ? showChance(top.probability) : ''}</small>
      {next.targetProbability !== null && (
        <small className="muted"> target {showChance(next.targetProbability)}</small>
      )}
    </td>
  )
}

function Flips({ diff }: { readonly diff: Diff }) {
  return (
    <section className="card pad" aria-labelledby="flips-title" data-testid="diff-flips">
      <h2 id="flips-title">
        Prompts that flip{' '}
        <small className="muted">
          {diff.flips.length} of {diff.compared} prompts of both edits
        </small>
      </h2>
      {diff.flips.length === 0 ? (
        <p className="muted">The model says the same after every prompt.</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col" className="flip-kind">
                Kind
              </th>
              <th scope="col">Prompt</th>
              <th scope="col">Says with A</th>
              <th scope="col">Says with B</th>
            </tr>
          </thead>
          <tbody>
            {diff.flips.map((flip, index) => (
              <tr key={index}>
                <td className="muted flip-kind">{PROMPT_KINDS[flip.kind]}</td>
                <td className="mono wrap">{flip.prompt}</td>
                <Says next={flip.first} />
                <Says next={flip.second} />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

export function DiffTables({ diff }: { readonly diff: Diff }) {
  return (
    <>
      <div className="effect-row even">
        <Matrices diff={diff} />
        <Flips diff={diff} />
      </div>
      <Words diff={diff} />
    </>
  )
}
