'use client'
// Writes an annotation, or a new version of one. What is typed survives reload until it is sent.
import { useId, useRef, useState, type FormEvent, type KeyboardEvent } from 'react'
import { useMutation } from 'urql'
import {
  AnnotateNeuronDocument,
  UpdateAnnotationDocument,
  type AnchorInput,
  type AnnotationPartsFragment,
} from '../../../graphql/generated/graphql'
import { complaintOf, type Complaint } from '../../edits/complaint'
import { Refused } from '../refused'
import { ConfidenceField } from './confidence-field'
import { DescriptionField } from './description-field'
import {
  draftOf,
  draftProblem,
  EMPTY_DRAFT,
  MOST_LABEL,
  newAnnotation,
  newVersion,
  type AnnotationDraft,
} from './draft-model'
import { EvidenceField } from './evidence-field'
import { TagField } from './tag-field'
import { useStoredDraft } from './use-stored-draft'

interface AnnotationFormProps {
  readonly anchor: AnchorInput
  /** Names the thing in this browser's store. */
  readonly draftKey: string
  /** What is changed; a new annotation when absent. */
  readonly annotation?: AnnotationPartsFragment
  readonly onDone: () => void
  readonly onCancel?: () => void
}

/** Sends the draft: a first version or the next. */
function useSend(anchor: AnchorInput, annotation: AnnotationPartsFragment | undefined) {
  const [creating, create] = useMutation(AnnotateNeuronDocument)
  const [updating, update] = useMutation(UpdateAnnotationDocument)
  const once = useRef(crypto.randomUUID())
  const send = async (draft: AnnotationDraft): Promise<Complaint | null> => {
    if (annotation) {
      const { error, data } = await update({ input: newVersion(annotation, draft) })
      return complaintOf(error, data?.updateAnnotation.errors)
    }
    const { error, data } = await create({ input: newAnnotation(anchor, draft, once.current) })
    const complaint = complaintOf(error, data?.annotateNeuron.errors)
    if (!complaint) once.current = crypto.randomUUID()
    return complaint
  }
  return { sending: creating.fetching || updating.fetching, send }
}

export function AnnotationForm(props: AnnotationFormProps) {
  const { anchor, draftKey, annotation, onDone, onCancel } = props
  const [start] = useState(() => (annotation ? draftOf(annotation) : EMPTY_DRAFT))
  const { draft, change, clear, restored } = useStoredDraft(draftKey, start)
  const { sending, send } = useSend(anchor, annotation)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const id = useId()
  const problem = draftProblem(draft)
  const submit = async (event?: FormEvent) => {
    event?.preventDefault()
    if (problem || sending) return
    const refused = await send(draft)
    setComplaint(refused)
    if (refused) return
    clear()
    onDone()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void submit()
  }
  return (
    <form
      className="annotation-form"
      data-testid="annotation-form"
      onSubmit={(event) => void submit(event)}
      onKeyDown={onKeyDown}
    >
      <LabelField id={`${id}label`} draft={draft} onChange={change} />
      <DescriptionField
        value={draft.description}
        onChange={(description) => change({ ...draft, description })}
      />
      <TagField id={`${id}tags`} anchor={anchor} draft={draft} onChange={change} />
      <ConfidenceField
        value={draft.confidence}
        onChange={(confidence) => change({ ...draft, confidence })}
      />
      <EvidenceField draft={draft} onChange={change} />
      {annotation && <ChangeField draft={draft} onChange={change} />}
      <Refused complaint={complaint} />
      <FormActions
        caption={sending ? 'Saving' : annotation ? 'Save version' : 'Propose annotation'}
        problem={problem}
        sending={sending}
        restored={restored}
        onCancel={
          onCancel &&
          (() => {
            clear()
            onCancel()
          })
        }
      />
    </form>
  )
}

function ChangeField({
  draft,
  onChange,
}: {
  readonly draft: AnnotationDraft
  readonly onChange: (draft: AnnotationDraft) => void
}) {
  const id = useId()
  return (
    <>
      <label htmlFor={id}>What changed, and why</label>
      <input
        id={id}
        className="input"
        maxLength={500}
        value={draft.change}
        onChange={(event) => onChange({ ...draft, change: event.target.value })}
      />
    </>
  )
}

function LabelField({
  id,
  draft,
  onChange,
}: {
  readonly id: string
  readonly draft: AnnotationDraft
  readonly onChange: (draft: AnnotationDraft) => void
}) {
  return (
    <>
      <label htmlFor={id}>Label</label>
      <input
        id={id}
        className="input"
        maxLength={MOST_LABEL}
        value={draft.label}
        placeholder="French cities"
        autoComplete="off"
        data-testid="annotation-label"
        onChange={(event) => onChange({ ...draft, label: event.target.value })}
      />
    </>
  )
}

interface FormActionsProps {
  readonly caption: string
  readonly problem: string | null
  readonly sending: boolean
  readonly restored: boolean
  readonly onCancel: (() => void) | undefined
}

function FormActions({ caption, problem, sending, restored, onCancel }: FormActionsProps) {
  return (
    <div className="bar">
      <button
        type="submit"
        className="button primary"
        disabled={problem !== null || sending}
        title={problem ?? 'Ctrl Enter'}
        data-testid="annotation-submit"
      >
        {caption}
      </button>
      {onCancel && (
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      )}
      {restored && <span className="muted">What you had typed was kept.</span>}
    </div>
  )
}
