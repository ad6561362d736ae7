'use client'
// The head of an edit: its name, what was asked, its signs, and what can be done with it.
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useMemo, useState } from 'react'
import { useMutation } from 'urql'
import { ConfirmDialog } from '../../../components/confirm-dialog'
import { Problem } from '../../../components/problem'
import { saveFile } from '../../../components/save-file'
import { When } from '../../../components/when'
import { DeleteEditDocument, RenameEditDocument } from '../../../graphql/generated/graphql'
import { editAnchor } from '../../comments/anchors'
import { CommentsButton } from '../../comments/comments-button'
import { sumMarkers, useMarkers } from '../../comments/use-markers'
import { RequestReview } from '../../reviews'
import { EditState, LevelBadge } from '../badges'
import { complaintOf, type Complaint } from '../complaint'
import { editTitle, requestLine } from '../edit-words'
import { RequestLine } from '../request-line'
import { useStack } from '../stack/use-stack'
import { WriteButton } from '../../account/write-button'
import type { EditFacts } from './effect-model'
import { LensButtons } from './lens-buttons'

const CHANGES_EDITS = { additionalTypenames: ['Edit', 'EditConnection', 'EditStack'] }

function Name({ edit }: { readonly edit: EditFacts }) {
  const [draft, setDraft] = useState<string | null>(null)
  const [{ fetching, error, data }, rename] = useMutation(RenameEditDocument)
  const refused = complaintOf(error, data?.renameEdit.errors)
  if (draft === null)
    return (
      <div className="edit-title">
        <h1>{edit.name?.trim() || requestLine(edit)}</h1>
        <WriteButton
          verb="rename edits"
          type="button"
          className="link"
          onClick={() => setDraft(edit.name ?? '')}
        >
          {edit.name ? 'Rename' : 'Name it'}
        </WriteButton>
      </div>
    )
  const save = async () => {
    const result = await rename({ id: edit.id, name: draft.trim() || null })
    if (!complaintOf(result.error, result.data?.renameEdit.errors)) setDraft(null)
  }
  return (
    <form
      className="edit-title"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
      onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}
    >
      <h1 className="hidden-text">{editTitle(edit)}</h1>
      <input
        className="input"
        aria-label="Name of the edit"
        autoFocus
        value={draft}
        placeholder={requestLine(edit)}
        onChange={(event) => setDraft(event.target.value)}
      />
      <button type="submit" className="button small primary" disabled={fetching}>
        Save
      </button>
      <button type="button" className="button small" onClick={() => setDraft(null)}>
        Cancel
      </button>
      {refused && <span className="wrong">{refused.message}</span>}
    </form>
  )
}

function ApplyButton({
  edit,
  onRefused,
}: {
  readonly edit: EditFacts
  readonly onRefused: (complaint: Complaint | null) => void
}) {
  const { stored, apply, applying, complaint } = useStack(edit.model.id)
  if (edit.outcome !== 'EDITED') return null
  const order = stored?.map(({ id }) => id) ?? []
  const applied = order.includes(edit.id)
  const toggle = async () => {
    const done = await apply(applied ? order.filter((id) => id !== edit.id) : [...order, edit.id])
    onRefused(done ? null : complaint)
  }
  return (
    <WriteButton
      verb="apply edits"
      type="button"
      className={`button small ${applied ? '' : 'primary'}`}
      disabled={applying || stored === null}
      data-testid="apply-edit"
      title={
        applied
          ? 'Take it out of the stack that is applied to the model'
          : 'Put it at the end of the stack that is applied to the model'
      }
      onClick={() => void toggle()}
    >
      {applied ? 'Revert' : 'Apply'}
    </WriteButton>
  )
}

function DeleteButton({ edit }: { readonly edit: EditFacts }) {
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const [{ error, data }, deleteEdit] = useMutation(DeleteEditDocument)
  const refused = complaintOf(error, data?.deleteEdit.errors)
  const remove = async () => {
    const result = await deleteEdit({ id: edit.id }, CHANGES_EDITS)
    if (result.data?.deleteEdit.deletedId) router.push('/edits')
  }
  return (
    <>
      <WriteButton
        verb="delete edits"
        type="button"
        className="button small"
        onClick={() => setOpen(true)}
      >
        Delete
      </WriteButton>
      {refused && <span className="wrong">{refused.message}</span>}
      <ConfirmDialog
        open={open}
        title="Delete this edit?"
        action="Delete the edit"
        onClose={() => setOpen(false)}
        onConfirm={() => void remove()}
      >
        <p className="mono">{editTitle(edit)}</p>
        <p>Its factors and measurements go with it, and links to it stop working.</p>
      </ConfirmDialog>
    </>
  )
}

/** What people say about it, and the way to a review. */
function EditTalk({ edit }: { readonly edit: EditFacts }) {
  const anchor = useMemo(() => editAnchor(edit.id), [edit.id])
  const counted = sumMarkers(useMarkers(anchor))
  return (
    <>
      <CommentsButton anchor={anchor} counted={counted} about="this edit" showsLinked />
      {edit.task.state === 'DONE' && (
        <RequestReview subjectKind="EDIT" subjectId={edit.id} title={editTitle(edit)} />
      )}
    </>
  )
}

function exportName(edit: EditFacts): string {
  const words = `${edit.method}-${edit.name ?? requestLine(edit)}`.toLowerCase()
  return words
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60)
}

function Actions({ edit, again }: { readonly edit: EditFacts; readonly again: string }) {
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  return (
    <div className="edit-actions">
      <ApplyButton edit={edit} onRefused={setComplaint} />
      <Link className="button small" href={again} prefetch={false}>
        Run again with changes
      </Link>
      {edit.outcome === 'EDITED' && <LensButtons edit={edit} onRefused={setComplaint} />}
      {edit.downloadUrl && (
        <a className="button small" href={edit.downloadUrl} download>
          Factors (safetensors)
        </a>
      )}
      <button
        type="button"
        className="button small"
        onClick={() =>
          saveFile(
            `${exportName(edit)}.json`,
            `${JSON.stringify(edit, null, 2)}\n`,
            'application/json',
          )
        }
      >
        JSON
      </button>
      {edit.outcome === 'EDITED' && (
        <a
          className="button small"
          href={`/api/edits/${edit.id}.json`}
          title="The edit with its factors, as a file that Import takes"
          download
        >
          Export
        </a>
      )}
      <DeleteButton edit={edit} />
      <EditTalk edit={edit} />
      {complaint && (
        <Problem
          title="The stack was not changed"
          message={complaint.message}
          cure={complaint.cure}
        />
      )}
    </div>
  )
}

export function EditHeader({ edit, again }: { readonly edit: EditFacts; readonly again: string }) {
  return (
    <header className="edit-header">
      <Name edit={edit} />
      <ul className="edit-requests">
        {edit.requests.map((request, index) => (
          <li key={index}>
            <RequestLine request={request} truth={index === 0 ? edit.probes.truth : null} />
          </li>
        ))}
      </ul>
      <p className="edit-signs muted">
        <b>{edit.methodTitle}</b>
        <span>on {edit.model.name}</span>
        <EditState
          state={edit.task.state}
          outcome={edit.outcome}
          applied={edit.applied}
          place={edit.stackPosition}
        />
        {edit.summary && edit.outcome === 'EDITED' && <LevelBadge level={edit.summary.level} />}
        <span>
          {edit.author}, <When at={edit.createdAt} />
        </span>
      </p>
      <Actions edit={edit} again={again} />
    </header>
  )
}
