'use client'
// What the edit wrote, in words: the factors of each matrix projected into the vocabulary, strongest first.
import { formatCsv } from '../../../components/csv'
import { saveFile } from '../../../components/save-file'
import { matrixFacts } from '../../lens/matrix-names'
import { showNumber, showRank } from '../../lens/numbers'
import { showToken } from '../../lens/token-text'
import type { EditFacts } from './effect-model'

type Reading = EditFacts['readings'][number]
type Factor = Reading['factors'][number]

const MOST_FACTORS = 4
const MOST_TOKENS = 10

const SIDES: Readonly<Record<string, string>> = {
  OUTPUT: 'what it adds to the residual stream',
  INPUT: 'what it is lit by',
}

function Words({ tokens, tone }: { readonly tokens: Factor['top']; readonly tone: string }) {
  return (
    <ul className="words" data-tone={tone}>
      {tokens.slice(0, MOST_TOKENS).map((token) => (
        <li
          key={token.id}
          className="mono"
          title={`probability ${showNumber(token.probability, 2)}`}
        >
          {showToken(token.text)}
        </li>
      ))}
    </ul>
  )
}

function FactorRow({
  factor,
  most,
  vocabularySize,
}: {
  readonly factor: Factor
  readonly most: number
  readonly vocabularySize: number
}) {
  return (
    <li className="factor">
      <p className="factor-strength" title="Length of what it adds">
        <i aria-hidden>
          <i style={{ width: `${((100 * factor.strength) / most).toFixed(1)}%` }} />
        </i>
        <span className="tabular">{showNumber(factor.strength, 3)}</span>
      </p>
      <div>
        <Words tokens={factor.top} tone="up" />
        <Words tokens={factor.bottom} tone="down" />
        <p className="muted">The target is {showRank(factor.targetRank, vocabularySize)}.</p>
      </div>
    </li>
  )
}

function readingsCsv(readings: readonly Reading[]): string {
  const words = (tokens: Factor['top']) => tokens.map(({ text }) => showToken(text)).join(' ')
  return formatCsv(
    ['layer', 'matrix', 'side', 'factor', 'strength', 'target_rank', 'top', 'bottom'],
    readings.flatMap((reading) =>
      reading.factors.map((factor, index) => [
        reading.layer,
        matrixFacts(reading.matrix).label,
        reading.side.toLowerCase(),
        index,
        factor.strength,
        factor.targetRank,
        words(factor.top),
        words(factor.bottom),
      ]),
    ),
  )
}

interface ReadingsProps {
  readonly readings: readonly Reading[]
  readonly vocabularySize: number
}

export function Readings({ readings, vocabularySize }: ReadingsProps) {
  if (readings.length === 0) return <p className="muted">Nothing was written.</p>
  const most = Math.max(
    ...readings.flatMap(({ factors }) => factors.map((one) => one.strength)),
    1e-12,
  )
  const sorted = readings.toSorted(
    (a, b) => (b.factors[0]?.strength ?? 0) - (a.factors[0]?.strength ?? 0),
  )
  return (
    <div className="readings" data-testid="readings">
      <p className="muted">
        Each change is a sum of factors: a key that lights it, and a value that it adds. The side
        that lives in the residual stream is read through the final norm and the decoding matrix.
        Green: tokens it makes more probable; brown: less.
      </p>
      {sorted.map((reading) => (
        <section key={`${reading.layer}${reading.matrix}`}>
          <h3>
            Layer {reading.layer}, <span className="mono">{matrixFacts(reading.matrix).label}</span>{' '}
            <small className="muted">
              rank {reading.rank}, {SIDES[reading.side]}
            </small>
          </h3>
          <ol>
            {reading.factors.slice(0, MOST_FACTORS).map((factor, index) => (
              <FactorRow key={index} factor={factor} most={most} vocabularySize={vocabularySize} />
            ))}
          </ol>
          {reading.factors.length > MOST_FACTORS && (
            <p className="faint">
              {reading.factors.length - MOST_FACTORS} weaker factors are in the CSV.
            </p>
          )}
        </section>
      ))}
      <button
        type="button"
        className="link"
        onClick={() => saveFile('edit-factors.csv', readingsCsv(readings), 'text/csv')}
      >
        CSV
      </button>
    </div>
  )
}
