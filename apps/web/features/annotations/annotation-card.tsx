'use client'
// One annotation: label, who and how sure, text, tags, evidence, and what may be done with it.
import Link from 'next/link'
import { useState, type ReactNode } from 'react'
import { useMutation } from 'urql'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { Problem } from '../../components/problem'
import { When } from '../../components/when'
import {
  WithdrawAnnotationDocument,
  type AnnotationPartsFragment,
} from '../../graphql/generated/graphql'
import { MarkdownText } from '../comments/markdown-text'
import { useTalker } from '../comments/use-talker'
import { complaintOf, type Complaint } from '../edits/complaint'
import { AnnotationForm } from './form/annotation-form'
import { inputOfAnchor } from './form/draft-model'
import { AskReview } from './ask-review'
import { AnnotationBadge } from './state-badge'

interface AnnotationCardProps {
  readonly annotation: AnnotationPartsFragment
  readonly onChanged: () => void
  /** Whether the card names what it is about. */
  readonly withAnchor?: boolean
  /** Level of its heading: 2 on pages of annotations, 3 under the heading of a card. */
  readonly level?: 2 | 3
  readonly children?: ReactNode
}

function Confidence({ value }: { readonly value: number }) {
  const percent = Math.round(value * 100)
  return (
    <span className="confidence" title={`Confidence ${percent}%`}>
      <i aria-hidden>
        <b style={{ width: `${percent}%` }} />
      </i>
      <span className="hidden-text">confidence </span>
      {percent}%
    </span>
  )
}

function Evidence({ annotation }: Pick<AnnotationCardProps, 'annotation'>) {
  if (annotation.evidence.length === 0) return null
  return (
    <ul className="evidence" data-testid="annotation-evidence">
      {annotation.evidence.map(({ anchor, note }) => (
        <li key={anchor.key}>
          <Link href={anchor.path} prefetch={false}>
            {anchor.title}
          </Link>
          {note && <span className="muted"> {note}</span>}
        </li>
      ))}
    </ul>
  )
}

function useWithdraw(id: string, onChanged: () => void) {
  const [asking, setAsking] = useState(false)
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const [{ fetching }, withdraw] = useMutation(WithdrawAnnotationDocument)
  const confirm = async () => {
    const { error, data } = await withdraw({ id })
    const refused = complaintOf(error, data?.withdrawAnnotation.errors)
    setComplaint(refused)
    if (!refused) onChanged()
  }
  return { asking, setAsking, complaint, fetching, confirm }
}

function Actions({
  annotation,
  onEdit,
  onChanged,
}: Pick<AnnotationCardProps, 'annotation' | 'onChanged'> & { readonly onEdit: () => void }) {
  const talker = useTalker()
  const { asking, setAsking, complaint, fetching, confirm } = useWithdraw(annotation.id, onChanged)
  const own = talker.person?.id === annotation.author.id
  const mayChange = talker.may('ANNOTATE') && (own || talker.may('ADMINISTER'))
  return (
    <>
      {mayChange && annotation.state !== 'WITHDRAWN' && (
        <span className="bar annotation-actions">
          <button type="button" className="link" onClick={onEdit} data-testid="annotation-edit">
            Edit
          </button>
          <AskReview annotation={annotation} />
          <button
            type="button"
            className="link"
            disabled={fetching}
            onClick={() => setAsking(true)}
          >
            Withdraw
          </button>
        </span>
      )}
      {complaint && (
        <Problem title="It was refused" message={complaint.message} cure={complaint.cure} />
      )}
      <ConfirmDialog
        open={asking}
        title="Withdraw this annotation?"
        action="Withdraw"
        onConfirm={() => void confirm()}
        onClose={() => setAsking(false)}
      >
        Its versions and comments stay; it is no longer shown on the neuron.
      </ConfirmDialog>
    </>
  )
}

function Head({
  annotation,
  withAnchor,
  level,
}: Omit<AnnotationCardProps, 'onChanged' | 'children'>) {
  const Heading = level === 3 ? 'h3' : 'h2'
  return (
    <>
      <header>
        <Heading>
          <Link href={`/annotations/${annotation.id}`} prefetch={false}>
            {annotation.label}
          </Link>
        </Heading>
        <AnnotationBadge state={annotation.state} />
        <Confidence value={annotation.confidence} />
      </header>
      <p className="annotation-by muted">
        {withAnchor && (
          <>
            <Link href={annotation.anchor.path} prefetch={false}>
              {annotation.anchor.title}
            </Link>
            {' · '}
          </>
        )}
        {annotation.author.name} · <When at={annotation.updatedAt} />
        {annotation.version > 1 && (
          <>
            {' · '}
            <Link href={`/annotations/${annotation.id}`} prefetch={false}>
              version {annotation.version}
            </Link>
          </>
        )}
        {annotation.commentCount > 0 &&
          ` · ${annotation.commentCount} ${annotation.commentCount === 1 ? 'comment' : 'comments'}`}
      </p>
    </>
  )
}

export function AnnotationCard({
  annotation,
  onChanged,
  withAnchor,
  level,
  children,
}: AnnotationCardProps) {
  const [editing, setEditing] = useState(false)
  if (editing)
    return (
      <article className="annotation" data-testid="annotation">
        <AnnotationForm
          anchor={inputOfAnchor(annotation.anchor)}
          draftKey={`version:${annotation.id}:${annotation.version}`}
          annotation={annotation}
          onCancel={() => setEditing(false)}
          onDone={() => {
            setEditing(false)
            onChanged()
          }}
        />
      </article>
    )
  return (
    <article
      className="annotation"
      data-testid="annotation"
      data-state={annotation.state.toLowerCase()}
    >
      <Head annotation={annotation} withAnchor={withAnchor ?? false} level={level ?? 2} />
      {annotation.description && <MarkdownText text={annotation.description} />}
      {annotation.tags.length > 0 && (
        <p className="tags">
          {annotation.tags.map((tag) => (
            <Link
              key={tag}
              className="chip"
              href={`/annotations?${new URLSearchParams({ tag }).toString()}`}
              prefetch={false}
            >
              {tag}
            </Link>
          ))}
        </p>
      )}
      <Evidence annotation={annotation} />
      <Actions annotation={annotation} onEdit={() => setEditing(true)} onChanged={onChanged} />
      {children}
    </article>
  )
}
