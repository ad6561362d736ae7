'use client'
// Cells kept beside each other: the first words of both ends of each.
import { Ends, PanelTitle, useCellDetail } from './cell-panel'
import { showNumber } from './numbers'
import type { CellDetail } from './cell-detail'
import type { CellAddress, Sign } from './lens-view'
import type { RunFacts } from './use-lens-run'

const SHOWN = 4

function shorten(cell: CellDetail): CellDetail {
  return {
    ...cell,
    top: cell.top?.slice(0, SHOWN) ?? null,
    bottom: cell.bottom?.slice(0, SHOWN) ?? null,
  }
}

interface PinnedProps {
  readonly run: RunFacts
  readonly pin: CellAddress
  readonly sign: Sign
  readonly onOpen: () => void
  readonly onUnpin: () => void
}

function PinnedCell({ run, pin, sign, onOpen, onUnpin }: PinnedProps) {
  const { cell } = useCellDetail(run, pin)
  return (
    <li className="pinned" data-testid="pinned-cell">
      <header>
        <button type="button" className="link" onClick={onOpen}>
          <PanelTitle run={run} address={pin} />
        </button>
        <span className="muted tabular">{cell ? showNumber(cell.norm) : ''}</span>
        <button
          type="button"
          className="icon"
          onClick={onUnpin}
          aria-label={`Unpin layer ${pin.layer}, position ${pin.position}`}
        >
          ×
        </button>
      </header>
      {cell ? (
        <Ends cell={shorten(cell)} sign={sign} measure="logit" />
      ) : (
        <div className="skeleton" style={{ height: 112 }} />
      )}
    </li>
  )
}

interface PinnedCellsProps {
  readonly run: RunFacts
  readonly pins: readonly CellAddress[]
  readonly sign: Sign
  readonly onOpen: (pin: CellAddress) => void
  readonly onUnpin: (pin: CellAddress) => void
}

export function PinnedCells({ run, pins, sign, onOpen, onUnpin }: PinnedCellsProps) {
  const valid = pins.filter(
    (pin) => pin.layer < run.model.layers && pin.position < run.tokens.length,
  )
  if (valid.length === 0) return null
  return (
    <section className="card panel" aria-label="Pinned cells">
      <h2>Pinned</h2>
      <ul className="pins">
        {valid.map((pin) => (
          <PinnedCell
            key={`${pin.surface}${pin.layer}.${pin.position}`}
            run={run}
            pin={pin}
            sign={sign}
            onOpen={() => onOpen(pin)}
            onUnpin={() => onUnpin(pin)}
          />
        ))}
      </ul>
    </section>
  )
}
