'use client'
// One case opened: every prompt with what each method made of it, the texts side by side, and the ways onward.
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { Dialog } from 'radix-ui'
import { DialogFrame } from '../../../components/dialog-frame'
import { useMemo, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { CopyText } from '../../../components/copy-text'
import { Problem } from '../../../components/problem'
import { CaseDetailDocument, OpenCaseEditDocument } from '../../../graphql/generated/graphql'
import { CommentThread } from '../../comments'
import { caseAnchor } from '../../comments/anchors'
import { complaintOf, type Complaint } from '../../edits/complaint'
import { joinPrompt } from '../../edits/edit-words'
import { showDuration } from '../../lens/numbers'
import type { ComparedIds } from '../comparison-input'
import { WriteButton } from '../../account/write-button'
import { partsOf } from './case-columns'
import { lensAddress, type ArmDetail, type CaseDetail } from './case-detail-model'
import { CaseContinuations, CasePrompts } from './case-prompts'

interface CaseSheetProps {
  readonly ids: ComparedIds
  readonly place: number
  readonly address: string
  /** Places of the rows before and after it in the table; null where there is none or it is not known. */
  readonly previous: number | null
  readonly next: number | null
  readonly onPlace: (place: number | null) => void
}

function OpenEdit({ arm, place }: { readonly arm: ArmDetail; readonly place: number }) {
  const router = useRouter()
  const [{ fetching }, open] = useMutation(OpenCaseEditDocument)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const run = async () => {
    const { data, error } = await open({ armId: arm.arm.id, place })
    const edit = data?.openCaseEdit.edit
    if (edit) router.push(`/edits/${edit.id}`)
    else setComplaint(complaintOf(error, data?.openCaseEdit.errors))
  }
  return (
    <>
      <WriteButton
        verb="run edits"
        type="button"
        className="button small"
        disabled={fetching}
        title="Computes this edit again as an edit of its own, with its lens before and after"
        onClick={() => void run()}
      >
        {fetching ? 'Opening …' : 'Open this edit'}
      </WriteButton>
      {complaint && (
        <small className="wrong" role="alert">
          {complaint.message}
        </small>
      )}
    </>
  )
}

function ArmCard({ arm, place }: { readonly arm: ArmDetail; readonly place: number }) {
  return (
    <li className="case-arm">
      <b className="mono">{arm.arm.label}</b>
      {arm.outcome !== 'EDITED' && (
        <span className="badge" data-outcome={arm.outcome ?? undefined}>
          {arm.outcome?.toLowerCase() ?? 'not yet'}
        </span>
      )}
      {arm.editMilliseconds !== null && (
        <span className="muted">{showDuration(arm.editMilliseconds / 1000)}</span>
      )}
      <span className="grow" />
      <OpenEdit arm={arm} place={place} />
      {arm.error && (
        <p className="wrong">
          {arm.error.message} <span className="muted">{arm.error.cure}</span>
        </p>
      )}
      {arm.warnings.map((warning) => (
        <p key={warning} className="muted">
          {warning}
        </p>
      ))}
    </li>
  )
}

function CaseTalk({
  evaluationId,
  place,
}: {
  readonly evaluationId: string
  readonly place: number
}) {
  const anchor = useMemo(() => caseAnchor(evaluationId, place), [evaluationId, place])
  return (
    <section className="case-talk" aria-labelledby="case-talk-title">
      <h3 id="case-talk-title">Comments on this case</h3>
      <CommentThread anchor={anchor} label="Comment on this case" />
    </section>
  )
}

function Body({ detail, ids }: { readonly detail: CaseDetail; readonly ids: ComparedIds }) {
  const { datasetCase: fact, arms, place } = detail
  const prompt = partsOf(fact.prompt, fact.subject)
  const model = arms[0]?.arm.modelId ?? null
  return (
    <>
      <p className="case-prompt">
        {prompt.before}
        <mark className="subject">{prompt.subject}</mark>
        {prompt.after} <s className="mono muted">{fact.targetTrue?.trim()}</s>{' '}
        <b className="mono accent">{fact.targetNew?.trim()}</b>
      </p>
      <p className="bar">
        {[fact.targetNew, fact.targetTrue].map(
          (target, index) =>
            target && (
              <Link
                key={index}
                className="link"
                prefetch={false}
                href={lensAddress(model, joinPrompt(fact.prompt, fact.subject), target)}
              >
                Lens of the unedited model, target {target.trim()}
              </Link>
            ),
        )}
      </p>
      <ul className="case-arms">
        {arms.map((arm) => (
          <ArmCard key={arm.arm.id} arm={arm} place={place} />
        ))}
      </ul>
      <CasePrompts arms={arms} />
      <CaseContinuations arms={arms} />
      {ids.length === 1 && ids[0] && <CaseTalk evaluationId={ids[0]} place={place} />}
      <details>
        <summary className="link">Records as they were stored</summary>
        <pre className="case-record" tabIndex={0}>
          {JSON.stringify(
            arms.map(({ record }) => record),
            null,
            2,
          )}
        </pre>
      </details>
    </>
  )
}

export function CaseSheet({ ids, place, address, previous, next, onPlace }: CaseSheetProps) {
  const [{ data, error }] = useQuery({
    query: CaseDetailDocument,
    variables: { evaluationIds: [...ids], place },
    requestPolicy: 'cache-and-network',
  })
  const detail = data?.caseDetail?.place === place ? data.caseDetail : null
  const complaint = complaintOf(error, undefined)
  const gone = data !== undefined && data.caseDetail === null
  return (
    <DialogFrame className="sheet" testId="case-sheet" onClose={() => onPlace(null)}>
      <header className="bar">
        <Dialog.Title>
          Case {detail ? detail.caseId : ''} <small className="muted">{detail?.relation}</small>
        </Dialog.Title>
        <span className="grow" />
        <button
          type="button"
          className="button small"
          disabled={previous === null}
          onClick={() => onPlace(previous)}
        >
          Previous
        </button>
        <button
          type="button"
          className="button small"
          disabled={next === null}
          onClick={() => onPlace(next)}
        >
          Next
        </button>
        <CopyText text={`${window.location.origin}${address}`} label="Copy link" />
        <Dialog.Close className="button small">Close</Dialog.Close>
      </header>
      {complaint && (
        <Problem title="The case was not read" message={complaint.message} cure={complaint.cure} />
      )}
      {gone && <p className="muted">There is no such case in this comparison.</p>}
      {detail ? (
        <Body detail={detail} ids={ids} />
      ) : (
        !gone && !complaint && <div className="skeleton" style={{ height: 320 }} />
      )}
    </DialogFrame>
  )
}
