'use client'
// Everything about one cell: both ends in words, ranks, sizes, and a sentence.
import { useMemo, useState, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { Segmented } from '../../components/segmented'
import {
  HiddenCellDocument,
  ImprintDocument,
  LensCellDocument,
} from '../../graphql/generated/graphql'
import { detailOfCell, detailOfHidden, type BarMeasure, type CellDetail } from './cell-detail'
import { describeCell } from './cell-sentence'
import { CellFacts } from './cell-facts'
import { endLabels, endOf, maskReason } from './grid-model'
import type { CellAddress, Sign } from './lens-view'
import { FACTORS, matrixFacts } from './matrix-names'
import { hasImprint } from './selected-cell'
import { Token } from './token'
import { TokenBars } from './token-bars'
import { showToken } from './token-text'
import { useDebounced } from './use-tokenization'
import { useKept, type RunFacts } from './use-lens-run'

/** A held arrow key passes over cells without asking for each. */
const SETTLE_MS = 60

export function useCellDetail(
  run: RunFacts,
  address: CellAddress,
): { readonly cell: CellDetail | null; readonly fresh: boolean } {
  const { surface, layer, position } = useDebounced(address, SETTLE_MS)
  const hidden = surface === 'HIDDEN'
  const place = { id: run.id, layer, position }
  const [ofMatrix] = useQuery({
    query: LensCellDocument,
    variables: { ...place, matrix: hidden ? 'MLP_DOWN' : surface },
    pause: hidden,
  })
  const [ofHidden] = useQuery({ query: HiddenCellDocument, variables: place, pause: !hidden })
  const cell = useMemo(
    () => (hidden ? detailOfHidden(ofHidden.data) : detailOfCell(ofMatrix.data)),
    [hidden, ofHidden.data, ofMatrix.data],
  )
  const runId = hidden ? ofHidden.data?.lensRun?.id : ofMatrix.data?.lensRun?.id
  const right =
    runId === run.id &&
    cell?.surface === address.surface &&
    cell.layer === address.layer &&
    cell.position === address.position
  const kept = useKept(right ? cell : null)
  return { cell: right ? cell : kept, fresh: right }
}

/** The sentence reads the imprint: asked for beside the cell, it does not wait for it. */
function useImprintAhead(run: RunFacts, address: CellAddress): void {
  const { surface, layer, position } = useDebounced(address, SETTLE_MS)
  useQuery({
    query: ImprintDocument,
    variables: { id: run.id, layer, position },
    pause: !hasImprint(surface),
  })
}

function Sentence({ run, cell }: { readonly run: RunFacts; readonly cell: CellDetail }) {
  const mlp = hasImprint(cell.surface)
  const [{ data, error }] = useQuery({
    query: ImprintDocument,
    variables: { id: run.id, layer: cell.layer, position: cell.position },
    pause: !mlp,
  })
  const imprint = data?.lensRun?.imprint.find(
    (entry) => entry.layer === cell.layer && entry.position === cell.position,
  )
  const parts = describeCell({
    cell,
    tokenHere: run.tokens[cell.position]?.text ?? '',
    layers: run.model.layers,
    vocabularySize: run.model.vocabularySize,
    target: run.rankedTarget?.text ?? null,
    neurons: (mlp && imprint?.full) || [],
  })
  if (parts.length === 0) return null
  if (mlp && !data && !error) return <p className="say" aria-hidden />
  return (
    <p className="say" data-testid="cell-sentence">
      {parts.map((part, index) =>
        'token' in part ? (
          <b key={index} className="mono">
            {part.token}
          </b>
        ) : (
          part.text
        ),
      )}
    </p>
  )
}

interface PanelProps {
  readonly run: RunFacts
  readonly address: CellAddress
  readonly sign: Sign
  readonly pinned: boolean
  readonly onPin: () => void
}

interface CellPanelProps extends PanelProps {
  /** Stands below, once what is above has its height. */
  readonly children?: ReactNode
}

export function Ends({
  cell,
  sign,
  measure,
}: {
  readonly cell: CellDetail
  readonly sign: Sign
  readonly measure: BarMeasure
}) {
  const labels = endLabels(cell.surface, sign)
  const directed =
    cell.surface !== 'HIDDEN' &&
    matrixFacts(cell.surface).projectable === 'VJP' &&
    sign === 'update'
  return (
    <div className="two">
      {(['written', 'removed'] as const).map((show) => (
        <div key={show}>
          <h3>
            {directed ? (show === 'written' ? 'The update writes' : 'It removes') : labels[show]}
          </h3>
          <TokenBars
            tokens={cell[endOf(show, cell.surface, sign)] ?? []}
            measure={measure}
            tone={show}
          />
        </div>
      ))}
    </div>
  )
}

function PanelHead({ run, address, pinned, onPin }: Omit<PanelProps, 'sign'>) {
  const { surface, layer, position } = address
  const facts = surface === 'HIDDEN' ? null : matrixFacts(surface)
  return (
    <>
      <header>
        <h2>
          Layer {layer}, <span className="mono">{showToken(run.tokens[position]?.text ?? '')}</span>
        </h2>
        <button
          type="button"
          className="button small"
          aria-pressed={pinned}
          onClick={onPin}
          title="Enter in the grid does the same"
        >
          {pinned ? 'Unpin' : 'Pin'}
        </button>
      </header>
      <p>
        {facts ? `${facts.label}, ${FACTORS[facts.projectable].label}` : 'hidden state'}, position{' '}
        {position}
      </p>
    </>
  )
}

const MEASURES = [
  { value: 'logit', label: 'logit' },
  { value: 'probability', label: 'probability' },
] as const

export function CellPanel({ run, address, sign, pinned, onPin, children }: CellPanelProps) {
  const [measure, setMeasure] = useState<BarMeasure>('logit')
  const { cell, fresh } = useCellDetail(run, address)
  useImprintAhead(run, address)
  return (
    <>
      <section
        className="card panel"
        aria-label="Cell"
        data-testid="cell-panel"
        data-stale={!fresh || undefined}
      >
        <PanelHead run={run} address={address} pinned={pinned} onPin={onPin} />
        {cell?.masked && address.surface !== 'HIDDEN' && (
          <p className="mask-note">
            {maskReason(
              address.surface,
              address.layer,
              run.model.layers,
              address.position,
              run.tokens.length,
            )}
          </p>
        )}
        {cell ? (
          <>
            <Ends cell={cell} sign={sign} measure={measure} />
            <div className="measure">
              <Segmented<BarMeasure>
                label="Bars show"
                value={measure}
                onChange={setMeasure}
                segments={MEASURES}
              />
            </div>
            <CellFacts run={run} cell={cell} />
          </>
        ) : (
          <div className="two skeleton" style={{ height: 410 }} />
        )}
      </section>
      {cell ? <Sentence run={run} cell={cell} /> : <p className="say" aria-hidden />}
      {cell && children}
    </>
  )
}

export function PanelTitle({
  run,
  address,
}: {
  readonly run: RunFacts
  readonly address: CellAddress
}) {
  return (
    <>
      L{address.layer} <Token text={run.tokens[address.position]?.text ?? ''} />{' '}
      <span className="muted">
        {address.surface === 'HIDDEN' ? 'hidden state' : matrixFacts(address.surface).label}
      </span>
    </>
  )
}
