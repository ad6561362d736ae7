'use client'
// What is asked of whom: a title, a text, reviewers by name or role; sent at once or kept as a draft.
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { DialogFrame } from '../../components/dialog-frame'
import { useRef, useState } from 'react'
import { useMutation } from 'urql'
import { Problem } from '../../components/problem'
import { TalkRequestReviewDocument } from '../../graphql/generated/graphql'
import { useTalker } from '../comments'
import { complaintOf } from '../edits/complaint'
import { useKeptText } from './decision'
import { SUBJECTS, type RequestReviewProps } from './review-words'
import { ReviewersField, type Asked } from './reviewers-field'

const NOBODY: Asked = { ids: [], roles: [] }

function useRequest({ subjectKind, subjectId, title }: RequestReviewProps) {
  const router = useRouter()
  const [text, type] = useKeptText(`${subjectKind}/${subjectId}|review`)
  const [name, setName] = useState(title)
  const [asked, setAsked] = useState(NOBODY)
  const [{ fetching, error, data }, request] = useMutation(TalkRequestReviewDocument)
  const mutationId = useRef('')
  const send = async (asDraft: boolean) => {
    mutationId.current ||= crypto.randomUUID()
    const input = {
      subjectKind,
      subjectId,
      title: name.trim(),
      body: text.trim(),
      reviewerIds: [...asked.ids],
      reviewerRoles: [...asked.roles],
      asDraft,
      clientMutationId: mutationId.current,
    }
    const result = await request({ input })
    const review = result.data?.requestReview.review
    if (!review) {
      // An answer that never came may have been heard: only a refusal starts a new request.
      if (result.data) mutationId.current = ''
      return
    }
    type('')
    router.push(`/reviews/${review.id}`)
  }
  const complaint = complaintOf(error, data?.requestReview.errors)
  return { text, type, name, setName, asked, setAsked, busy: fetching, complaint, send }
}

type Request = ReturnType<typeof useRequest>

function Fields({ use }: { readonly use: Request }) {
  const { person } = useTalker()
  return (
    <>
      <label className="talk-field">
        <span>Title</span>
        <input
          className="input"
          value={use.name}
          maxLength={200}
          onChange={(event) => use.setName(event.target.value)}
        />
      </label>
      <label className="talk-field">
        <span>What should be looked at</span>
        <textarea
          className="input"
          rows={4}
          placeholder="Markdown"
          value={use.text}
          onChange={(event) => use.type(event.target.value)}
        />
      </label>
      <ReviewersField asker={person?.id ?? null} asked={use.asked} onChange={use.setAsked} />
    </>
  )
}

export function RequestDialog(props: RequestReviewProps & { readonly onClose: () => void }) {
  const use = useRequest(props)
  const { busy, complaint, name, send } = use
  const unready = busy || name.trim() === ''
  return (
    <DialogFrame className="dialog wide" testId="request-dialog" onClose={props.onClose}>
      <Dialog.Title>Request a review of this {SUBJECTS[props.subjectKind]}</Dialog.Title>
      <form
        className="talk-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (!unready) void send(false)
        }}
      >
        <Fields use={use} />
        {complaint && <Problem title="The review was not requested" {...complaint} />}
        <div className="dialog-actions">
          <Dialog.Close className="button">Cancel</Dialog.Close>
          <button
            type="button"
            className="button"
            disabled={unready}
            onClick={() => void send(true)}
          >
            Keep as draft
          </button>
          <button type="submit" className="button primary" disabled={unready}>
            Request review
          </button>
        </div>
      </form>
    </DialogFrame>
  )
}
