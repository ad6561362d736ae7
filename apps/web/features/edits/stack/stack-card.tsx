'use client'
// The stack bar: saved edits of one model in order, each on or off, what they do together, and the way to apply or export them.
import { useState } from 'react'
import { Problem } from '../../../components/problem'
import type { EditListPartsFragment } from '../../../graphql/generated/graphql'
import { WriteButton } from '../../account/write-button'
import { ExportMerged } from './export-merged'
import { StackItems } from './stack-items'
import { addItem, mergeStored, orderOf, sameOrder, stackOf, type Stack } from './stack-model'
import { TryPrompt } from './try-prompt'
import { useStack } from './use-stack'

type Edit = EditListPartsFragment

interface StackCardProps {
  readonly modelId: string
  /** The edit of the page: it can be added, and its prompt is tried first. */
  readonly edit?: Edit
  /** Says little where nothing is applied. */
  readonly quiet?: boolean
}

/** What is arranged on screen; it follows the stored order when that changes. */
function useArranged(stored: readonly Edit[] | null) {
  const [state, setState] = useState<{ stored: readonly Edit[] | null; stack: Stack<Edit> }>({
    stored,
    stack: stackOf(stored ?? []),
  })
  if (stored !== null && stored !== state.stored)
    setState({ stored, stack: mergeStored(state.stack, state.stored ?? [], stored) })
  const change = (next: (stack: Stack<Edit>) => Stack<Edit>) =>
    setState((current) => ({ ...current, stack: next(current.stack) }))
  return [state.stack, change] as const
}

interface StackHeadProps {
  readonly name: string | null
  readonly applied: ReturnType<typeof useStack>
  readonly order: readonly string[]
  readonly onAdd: (() => void) | null
}

function StackHead({ name, applied, order, onAdd }: StackHeadProps) {
  const stored = applied.stored?.map(({ id }) => id) ?? []
  const changed = !sameOrder(order, stored)
  return (
    <header className="bar">
      <h2 id="stack-title">Stack{name ? ` on ${name}` : ''}</h2>
      <span className="muted grow">
        {stored.length === 0
          ? 'Nothing is applied: the model is as it was.'
          : `${stored.length} ${stored.length === 1 ? 'edit is' : 'edits are'} applied, first to last.`}
      </span>
      {onAdd && (
        <button type="button" className="button small" onClick={onAdd}>
          Add this edit
        </button>
      )}
      <WriteButton
        verb="apply edits"
        type="button"
        className="button small"
        disabled={stored.length === 0 || applied.applying}
        onClick={() => void applied.apply([])}
      >
        Revert all
      </WriteButton>
      <WriteButton
        verb="apply edits"
        type="button"
        className="button small primary"
        disabled={!changed || applied.applying}
        data-testid="apply-stack"
        onClick={() => void applied.apply(order)}
      >
        {changed ? 'Apply this order' : 'Applied'}
      </WriteButton>
    </header>
  )
}

export function StackCard({ modelId, edit, quiet = false }: StackCardProps) {
  const applied = useStack(modelId)
  const [stack, arrange] = useArranged(applied.stored)
  const [touched, setTouched] = useState(false)
  const change: typeof arrange = (next) => {
    setTouched(true)
    arrange(next)
  }
  const order = orderOf(stack)
  const stored = applied.stored?.map(({ id }) => id) ?? []
  const canAdd =
    edit && edit.outcome === 'EDITED' && !stack.some((item) => item.edit.id === edit.id)
  if (quiet && stack.length === 0) return null
  return (
    <section className="card stack-card" aria-labelledby="stack-title" data-testid="stack-card">
      <StackHead
        name={(stack[0]?.edit ?? edit)?.model.name ?? null}
        applied={applied}
        order={order}
        onAdd={canAdd ? () => change((current) => addItem(current, edit)) : null}
      />
      {applied.complaint && (
        <Problem
          title="The stack was not changed"
          message={applied.complaint.message}
          cure={applied.complaint.cure}
          code={applied.complaint.code}
        >
          <button type="button" className="button small" onClick={applied.reload}>
            Show the present order
          </button>
        </Problem>
      )}
      {applied.error && !applied.stored && (
        <Problem
          title="The stack could not be read"
          message={applied.error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      <StackItems stack={stack} applied={stored} change={change} />
      <TryPrompt modelId={modelId} order={order} first={edit ?? stack[0]?.edit} live={touched} />
      {order.length > 0 && <ExportMerged modelId={modelId} order={order} />}
    </section>
  )
}
