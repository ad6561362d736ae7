// A task of the engine -> its answer: woken by the subscription, and read every few seconds in case a word was lost.
import type { Client } from 'urql'
import {
  EditTaskProgressDocument,
  type EditTaskPartsFragment,
} from '../../graphql/generated/graphql'
import { complaintOf, type Complaint } from './complaint'
import { isLive } from './edit-words'

const READ_EVERY_MS = 2500

export type TaskProgress = EditTaskPartsFragment

export type Asked<T> =
  | { readonly kind: 'refused'; readonly complaint: Complaint }
  | { readonly kind: 'ended'; readonly task: T }

/** Resolves when the task has ended, with what `read` gives then; null when it is gone. */
export function followTask<T extends { readonly state: TaskProgress['state'] }>(
  client: Client,
  taskId: string,
  read: () => Promise<T | null>,
  onProgress: (progress: TaskProgress) => void,
): Promise<T | null> {
  return new Promise((resolve) => {
    let over = false
    const look = async () => {
      const task = await read().catch(() => undefined)
      if (over || task === undefined || (task !== null && isLive(task.state))) return
      over = true
      clearInterval(timer)
      subscription.unsubscribe()
      resolve(task)
    }
    const timer = setInterval(() => void look(), READ_EVERY_MS)
    const subscription = client
      .subscription(EditTaskProgressDocument, { taskId })
      .subscribe(({ data }) => {
        if (!data || over) return
        onProgress(data.editTaskProgress)
        if (!isLive(data.editTaskProgress.state)) void look()
      })
  })
}

interface Started<T> {
  readonly data?: { readonly task: T | null; readonly errors: readonly Complaint[] } | undefined
  readonly error?: Parameters<typeof complaintOf>[0]
}

/** Starts a task and waits for its end. A task that failed or was cancelled is refused with its error. */
export async function askTask<T extends TaskProgress>(
  client: Client,
  start: () => Promise<Started<T>>,
  read: (id: string) => Promise<T | null>,
  onProgress: (progress: TaskProgress) => void,
): Promise<Asked<T>> {
  const started = await start()
  const complaint = complaintOf(started.error, started.data?.errors)
  const task = started.data?.task
  if (complaint || !task)
    return { kind: 'refused', complaint: complaint ?? { message: 'Nothing was started.' } }
  onProgress(task)
  const ended = isLive(task.state)
    ? await followTask(client, task.id, () => read(task.id), onProgress)
    : task
  if (!ended) return { kind: 'refused', complaint: { message: 'The answer is gone: ask again.' } }
  if (ended.state === 'DONE') return { kind: 'ended', task: ended }
  return { kind: 'refused', complaint: ended.error ?? { message: 'It was cancelled.' } }
}
