'use client'
// Imprint and shift (Backward Lens, Fig. 1): left the neurons that x is written into, right the tokens the shift pushes towards.
import { useState } from 'react'
import { useQuery } from 'urql'
import { Choice } from '../../../components/choice'
import { Segmented } from '../../../components/segmented'
import { ImprintDocument, type ImprintQuery } from '../../../graphql/generated/graphql'
import { useCellDetail } from '../cell-panel'
import type { CellAddress } from '../lens-view'
import { matrixFacts } from '../matrix-names'
import { showNumber } from '../numbers'
import { Token } from '../token'
import { TokenBars } from '../token-bars'
import { showToken } from '../token-text'
import { useKept, type RunFacts } from '../use-lens-run'
import { FigureFrame } from './figure-frame'

type Imprint = NonNullable<ImprintQuery['lensRun']>['imprint'][number]
type Extent = 'own' | 'full'

const ROW = 22
const WIDTH = 380
const MIDDLE = 210

interface ImprintFigureProps {
  readonly run: RunFacts
  readonly address: CellAddress
  readonly onMove: (place: { readonly layer?: number; readonly position?: number }) => void
}

function NeuronBars({ imprint, extent }: { readonly imprint: Imprint; readonly extent: Extent }) {
  const neurons = imprint[extent]
  const most = Math.max(...neurons.map((entry) => Math.abs(entry.change)), 1e-30)
  return (
    <svg
      style={{ maxWidth: WIDTH * 1.25 }}
      viewBox={`0 0 ${WIDTH} ${neurons.length * ROW + 18}`}
      role="img"
      aria-label={`${neurons.length} neurons that change most`}
    >
      <line className="axis" x1={MIDDLE} x2={MIDDLE} y1={0} y2={neurons.length * ROW} />
      {neurons.map((entry, index) => {
        const length = (Math.abs(entry.change) / most) * 130
        return (
          <g key={entry.neuron}>
            <text x="4" y={index * ROW + 15} className="strong">
              neuron {entry.neuron}
            </text>
            <rect
              className="signed"
              data-sign={entry.change < 0 ? 'down' : 'up'}
              x={entry.change < 0 ? MIDDLE - length : MIDDLE}
              y={index * ROW + 4}
              width={length}
              height={ROW - 8}
              rx="2"
            />
            <text x={WIDTH - 4} y={index * ROW + 15} textAnchor="end">
              {entry.change > 0 ? '+' : ''}
              {showNumber(entry.change)}
            </text>
          </g>
        )
      })}
      <text x={MIDDLE - 6} y={neurons.length * ROW + 14} textAnchor="end">
        dimmed ←
      </text>
      <text x={MIDDLE + 6} y={neurons.length * ROW + 14}>
        → lit
      </text>
    </svg>
  )
}

function Shift({
  run,
  address,
  imprint,
}: {
  readonly run: RunFacts
  readonly address: CellAddress
  readonly imprint: Imprint
}) {
  const { cell } = useCellDetail(run, { ...address, surface: 'MLP_DOWN' })
  return (
    <figure className="figure" data-testid="figure-shift">
      <figcaption>
        <h3>What the shift pushes towards</h3>
        <small>mlp.down δ, subtracted: the output of the MLP moves this way</small>
      </figcaption>
      {cell ? (
        <TokenBars tokens={cell.bottom ?? []} measure="logit" tone="written" />
      ) : (
        <div className="skeleton" style={{ height: 220 }} />
      )}
      <dl>
        <dt title="|x|² |δ| of mlp.down">Size of this position’s own shift</dt>
        <dd>{showNumber(imprint.shiftOwnNorm)}</dd>
        <dt title="Length of the sum over k of (x_k · x_i) δ_k">
          Size of the whole gradient’s shift
        </dt>
        <dd>{showNumber(imprint.shiftFullNorm)}</dd>
        <dt title="Before the final norm, for a step of size 1">
          Direct change of the logit of <Token text={run.rankedTarget?.text ?? ''} />
        </dt>
        <dd>{showNumber(imprint.shiftTargetLogit)}</dd>
      </dl>
    </figure>
  )
}

function Places({ run, address, onMove }: ImprintFigureProps) {
  const range = (count: number) => Array.from({ length: count }, (_, index) => String(index))
  return (
    <>
      <Choice
        caption="Layer"
        value={String(address.layer)}
        options={range(run.model.layers).map((value) => ({ value, label: value }))}
        onChange={(layer) => onMove({ layer: Number(layer), position: address.position })}
      />
      <Choice
        caption="Position"
        value={String(address.position)}
        options={run.tokens.map((token, index) => ({
          value: String(index),
          label: `${index} ${showToken(token.text)}`,
        }))}
        onChange={(position) => onMove({ layer: address.layer, position: Number(position) })}
      />
    </>
  )
}

export function ImprintFigure({ run, address, onMove }: ImprintFigureProps) {
  const [extent, setExtent] = useState<Extent>('own')
  const { layer, position } = address
  const [{ data, error }] = useQuery({
    query: ImprintDocument,
    variables: { id: run.id, layer, position },
  })
  const answer = data?.lensRun?.imprint.find(
    (entry) => entry.layer === layer && entry.position === position,
  )
  const imprint = useKept(answer)
  const token = showToken(run.tokens[position]?.text ?? '')
  if (error && !imprint) return <p className="muted">Imprint and shift could not be read.</p>
  if (!imprint)
    return data ? (
      <p className="muted">This run has no MLP matrix in it, so there is no imprint to show.</p>
    ) : (
      <div key="loading" className="skeleton" style={{ height: 300 }} />
    )
  return (
    <>
      <div className="bar">
        <Places run={run} address={address} onMove={onMove} />
        <Segmented<Extent>
          label="Which outer products"
          value={extent}
          onChange={setExtent}
          segments={[
            { value: 'own', label: 'this position alone', title: 'The paper’s k = i: −|x|² δ' },
            {
              value: 'full',
              label: 'the whole gradient',
              title: 'All positions: −Σ (x_k · x_i) δ_k',
            },
          ]}
        />
      </div>
      <div className="figure-row two-up">
        <FigureFrame
          title={`What ${token} imprints`}
          caption={`${matrixFacts(imprint.matrix).label}, layer ${layer}: change of each neuron’s input for a step of size 1`}
          fileName="imprint"
          table={() => ({
            header: ['neuron', 'own_change', 'full_change'],
            rows: imprintRows(imprint),
          })}
        >
          <NeuronBars imprint={imprint} extent={extent} />
        </FigureFrame>
        <Shift run={run} address={address} imprint={imprint} />
      </div>
    </>
  )
}

export function imprintRows(
  imprint: Pick<Imprint, 'own' | 'full'>,
): (readonly [number, number | null, number | null])[] {
  const own = new Map(imprint.own.map((entry) => [entry.neuron, entry.change]))
  const full = new Map(imprint.full.map((entry) => [entry.neuron, entry.change]))
  return [...new Set([...own.keys(), ...full.keys()])].map((neuron) => [
    neuron,
    own.get(neuron) ?? null,
    full.get(neuron) ?? null,
  ])
}
