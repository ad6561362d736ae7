'use client'
// How many cases a slice takes, with which seed and name, and the button that makes it.
import { Problem } from '../../../components/problem'
import { WriteButton } from '../../account/write-button'
import { draftProblem, draftWords, sayExpected, type SliceDraft } from './slice-model'
import type { MakeSlice, Slice } from './use-slices'

interface SliceFieldsProps {
  readonly datasetId: string
  readonly draft: SliceDraft
  readonly matching: number | null
  readonly modelName: string | null
  readonly making: MakeSlice
  readonly onChange: (part: Partial<SliceDraft>) => void
  readonly onMade: (slice: Slice) => void
}

type NumbersProps = Pick<SliceFieldsProps, 'draft' | 'onChange'>

function Numbers({ draft, onChange }: NumbersProps) {
  return (
    <>
      <label>
        Random cases
        <input
          className="input tabular"
          inputMode="numeric"
          value={draft.count}
          placeholder="all"
          onChange={(event) => onChange({ count: event.target.value })}
        />
      </label>
      <label>
        Seed
        <input
          className="input tabular"
          inputMode="numeric"
          value={draft.seed}
          onChange={(event) => onChange({ seed: event.target.value })}
        />
      </label>
    </>
  )
}

export function SliceFields(props: SliceFieldsProps) {
  const { datasetId, draft, matching, modelName, making, onChange, onMade } = props
  const byHand = draft.caseIds.length > 0
  const problem = draftProblem(draft, matching)
  const make = async () => {
    const slice = await making.make(datasetId, draft)
    if (slice) onMade(slice)
  }
  return (
    <div className="slice-fields" data-testid="slice-fields">
      {!byHand && <Numbers draft={draft} onChange={onChange} />}
      <label className="grow">
        Name of the slice
        <input
          className="input"
          value={draft.name}
          placeholder={draftWords(draft, modelName)}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </label>
      <WriteButton
        verb="make slices"
        type="button"
        className="button primary"
        data-testid="make-slice"
        disabled={making.busy || problem !== null}
        onClick={() => void make()}
      >
        {byHand ? `Make a slice of the ${draft.caseIds.length} chosen` : 'Make a slice'}
      </WriteButton>
      <p className={problem ? 'wrong slice-said' : 'muted slice-said'} aria-live="polite">
        {problem ?? sayExpected(draft, matching)}
      </p>
      {making.complaint && (
        <Problem
          title="The slice was not made"
          message={making.complaint.message}
          cure={making.complaint.cure}
          code={making.complaint.code}
        />
      )}
    </div>
  )
}
