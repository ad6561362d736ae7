'use client'
// The form of annotation mode: label, tags, confidence, text. It keeps what is typed until it is sent.
import { useCallback, useId, useRef, useState, type RefObject } from 'react'
import { useMutation } from 'urql'
import {
  AnnotateNeuronDocument,
  UpdateAnnotationDocument,
  type AnnotationPartsFragment,
} from '../../../graphql/generated/graphql'
import { ConfidenceField } from '../../annotations/form/confidence-field'
import { DescriptionField } from '../../annotations/form/description-field'
import {
  draftOf,
  draftProblem,
  EMPTY_DRAFT,
  inputOfAnchor,
  MOST_LABEL,
  newAnnotation,
  newVersion,
  type AnnotationDraft,
} from '../../annotations/form/draft-model'
import { Refused } from '../../annotations/refused'
import { TagField } from '../../annotations/form/tag-field'
import { useStoredDraft } from '../../annotations/form/use-stored-draft'
import { useRefusable } from '../use-refusable'
import type { QueueNode } from './use-queue'

export interface QueueFields {
  readonly label: RefObject<HTMLInputElement | null>
  readonly tags: RefObject<HTMLInputElement | null>
  readonly description: RefObject<HTMLTextAreaElement | null>
}

export interface QueueFormHandle {
  readonly submit: () => void
  readonly setConfidence: (value: number) => void
}

interface QueueFormProps {
  readonly item: QueueNode
  readonly fields: QueueFields
  readonly handle: RefObject<QueueFormHandle | null>
  readonly onSubmitted: (annotation: AnnotationPartsFragment) => void
}

function useSubmit({ item, onSubmitted }: QueueFormProps, clear: () => void) {
  const [creating, create] = useMutation(AnnotateNeuronDocument)
  const [updating, update] = useMutation(UpdateAnnotationDocument)
  const { complaint, settle } = useRefusable()
  const once = useRef(crypto.randomUUID())
  const send = async (draft: AnnotationDraft) => {
    if (item.mine) {
      const { error, data } = await update({ input: newVersion(item.mine, draft) })
      const answer = data?.updateAnnotation
      return { done: settle({ error, errors: answer?.errors }), saved: answer?.annotation }
    }
    const input = newAnnotation(inputOfAnchor(item.anchor), draft, once.current)
    const { error, data } = await create({ input })
    const answer = data?.annotateNeuron
    return { done: settle({ error, errors: answer?.errors }), saved: answer?.annotation }
  }
  const busy = creating.fetching || updating.fetching
  const submit = async (draft: AnnotationDraft) => {
    if (busy || draftProblem(draft)) return
    const { done, saved } = await send(draft)
    if (!done || !saved) return
    clear()
    onSubmitted(saved)
  }
  return { busy, complaint, submit }
}

export function QueueForm(props: QueueFormProps) {
  const { item, fields, handle } = props
  const id = useId()
  const [start] = useState(() => (item.mine ? draftOf(item.mine) : EMPTY_DRAFT))
  const key = `queue:${item.anchor.key}:${item.mine?.version ?? 0}`
  const { draft, change, clear, restored } = useStoredDraft(key, start)
  const { busy, complaint, submit } = useSubmit(props, clear)
  const send = useCallback(() => void submit(draft), [submit, draft])
  handle.current = {
    submit: send,
    setConfidence: (confidence) => change({ ...draft, confidence }),
  }
  return (
    <form
      className="annotation-form queue-form card pad"
      data-testid="queue-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <QueueLabel id={`${id}label`} field={fields.label} draft={draft} onChange={change} />
      <TagField
        id={`${id}tags`}
        anchor={inputOfAnchor(item.anchor)}
        draft={draft}
        onChange={change}
        field={fields.tags}
      />
      <ConfidenceField
        value={draft.confidence}
        onChange={(confidence) => change({ ...draft, confidence })}
      />
      <DescriptionField
        value={draft.description}
        onChange={(description) => change({ ...draft, description })}
        field={fields.description}
      />
      <Refused complaint={complaint} />
      <div className="bar">
        <button
          type="submit"
          className="button primary"
          disabled={busy || draftProblem(draft) !== null}
          data-testid="queue-submit"
        >
          {busy ? 'Saving' : item.mine ? 'Save and go on' : 'Submit and go on'} <kbd>Enter</kbd>
        </button>
        {restored && <span className="muted">What you had typed was kept.</span>}
      </div>
    </form>
  )
}

function QueueLabel({
  id,
  field,
  draft,
  onChange,
}: {
  readonly id: string
  readonly field: QueueFields['label']
  readonly draft: AnnotationDraft
  readonly onChange: (draft: AnnotationDraft) => void
}) {
  return (
    <>
      <label htmlFor={id}>
        Label <kbd>L</kbd>
      </label>
      <input
        id={id}
        ref={field}
        className="input"
        maxLength={MOST_LABEL}
        autoComplete="off"
        value={draft.label}
        data-testid="queue-label"
        onChange={(event) => onChange({ ...draft, label: event.target.value })}
      />
    </>
  )
}
