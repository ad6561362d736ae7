'use client'
// What the annotation rests on: cells, runs, edits and others, pasted as links or taken from the newest.
import { useState, type KeyboardEvent } from 'react'
import { useQuery } from 'urql'
import { RecentEvidenceDocument, type AnchorInput } from '../../../graphql/generated/graphql'
import { kindInWords } from '../../comments/anchors'
import type { AnnotationDraft, DraftEvidence } from './draft-model'
import { anchorOfLink } from './evidence-link'

interface EvidenceFieldProps {
  readonly draft: AnnotationDraft
  readonly onChange: (draft: AnnotationDraft) => void
}

/** What is known of a pasted link before the server names it. */
function titleOfAnchor(anchor: AnchorInput): string {
  const place =
    anchor.kind === 'CELL'
      ? `layer ${anchor.layer}, position ${anchor.position}`
      : anchor.kind === 'NEURON'
        ? `${anchor.layer}/${anchor.index}`
        : ''
  const kind = kindInWords(anchor.kind)
  return `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)} ${place}`.trim()
}

function Given({
  evidence,
  onNote,
  onRemove,
}: {
  readonly evidence: DraftEvidence
  readonly onNote: (note: string) => void
  readonly onRemove: () => void
}) {
  return (
    <li>
      <span className="evidence-title">{evidence.title}</span>
      <input
        className="input"
        aria-label={`Note on ${evidence.title}`}
        placeholder="What it shows"
        value={evidence.note}
        onChange={(event) => onNote(event.target.value)}
      />
      <button
        type="button"
        className="icon"
        aria-label={`Remove ${evidence.title}`}
        onClick={onRemove}
      >
        ×
      </button>
    </li>
  )
}

function Recent({ onChoose }: { readonly onChoose: (one: DraftEvidence) => void }) {
  const [{ data }] = useQuery({ query: RecentEvidenceDocument })
  const runs = (data?.lensRuns.edges ?? []).map(({ node }) => ({
    anchor: { kind: 'RUN', id: node.id } as const,
    title: node.name ?? node.promptText ?? 'Run by token ids',
    group: 'Runs',
  }))
  const edits = (data?.edits.edges ?? []).map(({ node }) => ({
    anchor: { kind: 'EDIT', id: node.id } as const,
    title: node.name ?? `${node.method}: ${node.requests[0]?.subject ?? ''}`,
    group: 'Edits',
  }))
  const all = [...runs, ...edits]
  return (
    <select
      className="input"
      aria-label="Add a recent run or edit"
      value=""
      data-testid="evidence-recent"
      onChange={(event) => {
        const one = all[Number(event.target.value)]
        if (one) onChoose({ anchor: one.anchor, title: one.title, note: '' })
      }}
    >
      <option value="">Recent runs and edits…</option>
      {[...new Set(all.map(({ group }) => group))].map((group) => (
        <optgroup key={group} label={group}>
          {all.map((one, place) =>
            one.group === group ? (
              <option key={one.anchor.id} value={place}>
                {one.title}
              </option>
            ) : null,
          )}
        </optgroup>
      ))}
    </select>
  )
}

function PasteLink({ onAdd }: { readonly onAdd: (one: DraftEvidence) => void }) {
  const [link, setLink] = useState('')
  const [refused, setRefused] = useState(false)
  const add = (text: string) => {
    const anchor = anchorOfLink(text, window.location.origin)
    setRefused(anchor === null && text.trim() !== '')
    if (!anchor) return
    onAdd({ anchor, title: titleOfAnchor(anchor), note: '' })
    setLink('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !link.trim()) return
    event.preventDefault()
    event.stopPropagation()
    add(link)
  }
  return (
    <>
      <input
        className="input"
        aria-label="Link to a run, cell, neuron, edit or evaluation"
        placeholder="Paste a link to a cell, run, neuron, edit…"
        value={link}
        data-testid="evidence-link"
        aria-invalid={refused || undefined}
        onChange={(event) => {
          setLink(event.target.value)
          setRefused(false)
        }}
        onPaste={(event) => {
          const text = event.clipboardData.getData('text')
          if (!anchorOfLink(text, window.location.origin)) return
          event.preventDefault()
          add(text)
        }}
        onKeyDown={onKeyDown}
      />
      {refused && (
        <p className="field-problem" role="alert">
          This is no link to a run, cell, neuron, edit, evaluation or note of this project.
        </p>
      )}
    </>
  )
}

export function EvidenceField({ draft, onChange }: EvidenceFieldProps) {
  const set = (evidence: readonly DraftEvidence[]) => onChange({ ...draft, evidence })
  const add = (one: DraftEvidence) => {
    const known = draft.evidence.some(
      ({ anchor }) => JSON.stringify(anchor) === JSON.stringify(one.anchor),
    )
    if (!known) set([...draft.evidence, one])
  }
  return (
    <fieldset className="evidence-field">
      <legend>Evidence</legend>
      {draft.evidence.length > 0 && (
        <ul data-testid="draft-evidence">
          {draft.evidence.map((one, place) => (
            <Given
              key={JSON.stringify(one.anchor)}
              evidence={one}
              onNote={(note) =>
                set(draft.evidence.map((other, at) => (at === place ? { ...other, note } : other)))
              }
              onRemove={() => set(draft.evidence.filter((_, at) => at !== place))}
            />
          ))}
        </ul>
      )}
      <div className="evidence-add">
        <PasteLink onAdd={add} />
        <Recent onChoose={add} />
      </div>
    </fieldset>
  )
}
