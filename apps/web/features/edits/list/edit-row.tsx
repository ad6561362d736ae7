'use client'
// One edit in the list; one on its way follows its progress by itself.
import Link from 'next/link'
import { useEffect } from 'react'
import { useSubscription } from 'urql'
import {
  EditTaskProgressDocument,
  type EditListPartsFragment,
} from '../../../graphql/generated/graphql'
import { EditState, LevelBadge } from '../badges'
import { ageOf, editTitle, isLive, joinPrompt, requestLine } from '../edit-words'
import { WriteButton } from '../../account/write-button'
import { LogitBars, ProbabilityBars } from './effect-bars'

export type EditItem = EditListPartsFragment

interface EditRowProps {
  readonly edit: EditItem
  readonly now: number
  /** The largest change of a logit in the list: the length of a full bar. */
  readonly mostLogit: number
  readonly chosen: boolean
  readonly onChoose: () => void
  readonly onEnded: () => void
  readonly onDelete: () => void
}

function useLiveTask({ task }: EditItem, onEnded: () => void) {
  const [{ data }] = useSubscription({
    query: EditTaskProgressDocument,
    variables: { taskId: task.id, afterVersion: Math.max(0, task.version - 1) },
    pause: !isLive(task.state),
  })
  const progress = isLive(task.state) ? data?.editTaskProgress : undefined
  const ended = progress !== undefined && !isLive(progress.state)
  useEffect(() => {
    if (ended) onEnded()
  }, [ended, onEnded])
  return progress ?? task
}

function promptOf({ requests: [first] }: EditItem): string {
  return first ? joinPrompt(first.prompt, first.subject) : ''
}

function Progress({ task }: { readonly task: ReturnType<typeof useLiveTask> }) {
  if (task.state === 'FAILED')
    return (
      <small className="wrong" title={task.error?.cure}>
        {task.error?.message}
      </small>
    )
  if (task.state !== 'RUNNING') return null
  return (
    <small className="muted tabular">
      {task.stage}
      {task.total ? ` ${task.done ?? 0} of ${task.total}` : ''}
    </small>
  )
}

function Effects({ edit, mostLogit }: Pick<EditRowProps, 'edit' | 'mostLogit'>) {
  const { summary } = edit
  return (
    <>
      <td>
        <ProbabilityBars
          before={summary?.targetBefore ?? null}
          after={summary?.targetAfter ?? null}
        />
      </td>
      <td>
        <LogitBars
          predicted={summary?.predictedLogitChange ?? null}
          measured={summary?.measuredLogitChange ?? null}
          most={mostLogit}
        />
      </td>
      <td>{summary && edit.outcome === 'EDITED' && <LevelBadge level={summary.level} />}</td>
    </>
  )
}

function What({ edit, title }: { readonly edit: EditItem; readonly title: string }) {
  const name = edit.name?.trim()
  return (
    <>
      <td className="edit-name">
        <Link href={`/edits/${encodeURIComponent(edit.id)}`} prefetch={false} title={title}>
          {name || requestLine(edit)}
        </Link>
        <small className="muted mono">{name ? requestLine(edit) : promptOf(edit)}</small>
      </td>
      <td>
        <span className="mono">{edit.method}</span>
        <small className="muted">{edit.model.name}</small>
      </td>
    </>
  )
}

export function EditRow({
  edit,
  now,
  mostLogit,
  chosen,
  onChoose,
  onEnded,
  onDelete,
}: EditRowProps) {
  const task = useLiveTask(edit, onEnded)
  const title = editTitle(edit)
  return (
    <tr
      data-testid="edit-row"
      data-state={task.state.toLowerCase()}
      data-chosen={chosen || undefined}
    >
      <td>
        <input
          type="checkbox"
          aria-label={`Choose “${title}”`}
          checked={chosen}
          onChange={onChoose}
        />
      </td>
      <What edit={edit} title={title} />
      <Effects edit={edit} mostLogit={mostLogit} />
      <td className="edit-state">
        <EditState
          state={task.state}
          outcome={edit.outcome}
          applied={edit.applied}
          place={edit.stackPosition}
        />
        <Progress task={task} />
      </td>
      <td className="muted">
        {edit.author}
        <small title={new Date(edit.createdAt).toISOString()}>
          <time dateTime={edit.createdAt}>{ageOf(edit.createdAt, now)}</time>
        </small>
      </td>
      <td>
        <WriteButton
          verb="delete edits"
          type="button"
          className="icon"
          aria-label={`Delete the edit “${title}”`}
          onClick={onDelete}
        >
          ×
        </WriteButton>
      </td>
    </tr>
  )
}
