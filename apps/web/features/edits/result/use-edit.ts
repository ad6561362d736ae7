// One edit: its facts, and its progress while it is computed.
import { useEffect, useMemo } from 'react'
import { useQuery, useSubscription } from 'urql'
import { onReconnected } from '../../../graphql/connection'
import { EditDocument, EditTaskProgressDocument } from '../../../graphql/generated/graphql'
import { isLive } from '../edit-words'
import type { TaskProgress } from '../follow-task'
import type { EditFacts } from './effect-model'

const POLL_MS = 4000

export interface OpenEdit {
  readonly edit: EditFacts | null
  readonly task: TaskProgress | null
  readonly missing: boolean
  readonly problem: string | null
  readonly reload: () => void
}

function useProgress(edit: EditFacts | null, reload: () => void): TaskProgress | null {
  const live = edit !== null && isLive(edit.task.state)
  const taskId = edit?.task.id ?? ''
  const [{ data }] = useSubscription({
    query: EditTaskProgressDocument,
    variables: { taskId },
    pause: !live,
  })
  const progress = data?.editTaskProgress.id === taskId ? data.editTaskProgress : null
  const ended = live && progress !== null && !isLive(progress.state)
  useEffect(() => {
    if (ended) reload()
  }, [ended, reload])
  useEffect(() => {
    if (!live) return
    const poll = setInterval(reload, POLL_MS)
    return () => clearInterval(poll)
  }, [live, reload])
  if (!edit) return null
  return live && progress && progress.version >= edit.task.version ? progress : edit.task
}

export function useEdit(id: string): OpenEdit {
  const [{ data, error, fetching }, execute] = useQuery({
    query: EditDocument,
    variables: { id },
    requestPolicy: 'cache-and-network',
  })
  const reload = useMemo(() => () => execute({ requestPolicy: 'network-only' }), [execute])
  useEffect(() => onReconnected(reload), [reload])
  const edit = data?.edit ?? null
  const task = useProgress(edit, reload)
  return {
    edit,
    task,
    missing: data !== undefined && data.edit === null && !fetching,
    problem:
      error && !data ? (error.graphQLErrors[0]?.message ?? 'The API does not answer.') : null,
    reload,
  }
}
