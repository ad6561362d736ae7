// The edits that write to a neuron, and how strongly.
import Link from 'next/link'
import { matrixFacts } from '../../lens/matrix-names'
import { showNumber } from '../../lens/numbers'
import type { NeuronFacts } from './words-card'

type Writing = NeuronFacts['edits'][number]

function nameOf(edit: NonNullable<Writing['edit']>): string {
  const [request] = edit.requests
  return (
    edit.name ?? (request ? `${request.subject ?? ''} → ${request.target.trim()}` : edit.method)
  )
}

function Row({ writing, top }: { readonly writing: Writing; readonly top: number }) {
  const { edit, matrix, norm, share } = writing
  return (
    <li data-testid="neuron-edit">
      {edit ? (
        <Link href={`/edits/${edit.id}`} prefetch={false} title={nameOf(edit)}>
          {nameOf(edit)} <span className="muted">{edit.method}</span>
        </Link>
      ) : (
        <span className="muted">an edit that was deleted</span>
      )}
      <span className="muted mono">{matrixFacts(matrix).label}</span>
      <span className="near-bar" aria-hidden>
        <i style={{ width: `${((norm / top) * 100).toFixed(1)}%` }} />
      </span>
      <u
        className="tabular"
        title={`${(share * 100).toFixed(2)}% of what the edit writes to this matrix`}
      >
        {showNumber(norm)} <span className="muted">{(share * 100).toFixed(1)}%</span>
      </u>
    </li>
  )
}

export function EditsCard({ neuron }: { readonly neuron: NeuronFacts }) {
  const top = Math.max(...neuron.edits.map(({ norm }) => norm), 1e-12)
  return (
    <section className="card pad" aria-labelledby="edits-title" data-testid="neuron-edits">
      <h2 id="edits-title" className="neuron-head-line">
        Edits that write to it <small className="muted">norm, share of the edit</small>
      </h2>
      {neuron.edits.length === 0 ? (
        <p className="muted">No computed edit of this model writes to this neuron.</p>
      ) : (
        <ol className="writes">
          {neuron.edits.map((writing, place) => (
            <Row
              key={`${writing.edit?.id ?? place}${writing.matrix}`}
              writing={writing}
              top={top}
            />
          ))}
        </ol>
      )}
    </section>
  )
}
