// Work that is queued or running -> the one line of the top bar: what it is, how far, and where to look.
import type { RunningJobsQuery, RunStage } from '../../graphql/generated/graphql'
import { editTitle } from '../edits/edit-words'
import { showCount } from '../lens/numbers'
import { saySeconds } from '../models/import-facts'

const PROGRESS: Readonly<Record<RunStage, number>> = {
  QUEUED: 0.04,
  LOADING: 0.2,
  COMPUTING: 0.5,
  PROJECTING: 0.75,
  STORING: 0.92,
  DONE: 1,
}

export interface Job {
  readonly href: string
  readonly text: string
  /** Between 0 and 1. */
  readonly done: number
}

const LONGEST = 28
const short = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text

const firstOf = <T>(list: { readonly edges: readonly { readonly node: T }[] }): T | undefined =>
  list.edges[0]?.node

function evaluationJob(jobs: RunningJobsQuery): Job | null {
  const found = firstOf(jobs.evaluating) ?? firstOf(jobs.evaluationsQueued)
  if (!found) return null
  const { state, done, total, failed, secondsLeft } = found.progress
  const left = secondsLeft === null ? '' : `, ${saySeconds(secondsLeft)} left`
  const said =
    state === 'QUEUED' ? 'queued' : `${showCount(done + failed)} of ${showCount(total)}${left}`
  return {
    href: `/evaluations/${encodeURIComponent(found.id)}`,
    text: `${short(found.name)}: ${said}`,
    done: total > 0 ? (done + failed) / total : 0,
  }
}

function editJob(jobs: RunningJobsQuery): Job | null {
  const found = firstOf(jobs.editing) ?? firstOf(jobs.editsQueued)
  if (!found) return null
  const { done, total, stage, state } = found.task
  const waits = state === 'QUEUED'
  return {
    href: `/edits/${encodeURIComponent(found.id)}`,
    text: `${short(editTitle(found))}: ${waits ? 'queued' : stage}`,
    done: waits ? PROGRESS.QUEUED : total ? (done ?? 0) / total : 0.3,
  }
}

function runJob(jobs: RunningJobsQuery): Job | null {
  const found = firstOf(jobs.running) ?? firstOf(jobs.queued)
  if (!found) return null
  return {
    href: `/lens?run=${encodeURIComponent(found.id)}`,
    text: `${short(found.promptText ?? 'token ids')}: ${found.stage.toLowerCase()}`,
    done: PROGRESS[found.stage],
  }
}

export interface Jobs {
  readonly first: Job | null
  readonly total: number
}

const withEvery = <T>(list: { readonly edges: readonly T[] }) =>
  list.edges.map((edge) => ({ totalCount: 1, edges: [edge] }))

const none = { totalCount: 0, edges: [] }

/** Everything that was asked for, the longest first. */
export function allJobs(jobs: RunningJobsQuery): readonly Job[] {
  const evaluations = [...withEvery(jobs.evaluating), ...withEvery(jobs.evaluationsQueued)]
  const found = [
    ...evaluations.map((one) => evaluationJob({ ...jobs, evaluating: one })),
    ...[...withEvery(jobs.editing), ...withEvery(jobs.editsQueued)].map((one) =>
      editJob({ ...jobs, editing: one }),
    ),
    ...[...withEvery(jobs.running), ...withEvery(jobs.queued)].map((one) =>
      runJob({ ...jobs, running: one, queued: none }),
    ),
  ]
  return found.filter((job) => job !== null)
}

/** The longest work is shown: what is short is over before it is read. */
export function jobsOf(jobs: RunningJobsQuery): Jobs {
  const lists = [
    jobs.running,
    jobs.queued,
    jobs.editing,
    jobs.editsQueued,
    jobs.evaluating,
    jobs.evaluationsQueued,
  ]
  return {
    first: evaluationJob(jobs) ?? editJob(jobs) ?? runJob(jobs),
    total: lists.reduce((sum, { totalCount }) => sum + totalCount, 0),
  }
}
