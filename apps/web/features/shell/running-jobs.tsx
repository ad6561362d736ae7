'use client'
// Work that is queued or running, asked for every few seconds while the page is in view.
import Link from 'next/link'
import { useEffect, type CSSProperties } from 'react'
import { useQuery } from 'urql'
import {
  RunningJobsDocument,
  type JobPartsFragment,
  type RunStage,
} from '../../graphql/generated/graphql'

const EVERY_MS = 4000
const PROGRESS: Readonly<Record<RunStage, number>> = {
  QUEUED: 0.04,
  LOADING: 0.2,
  COMPUTING: 0.5,
  PROJECTING: 0.75,
  STORING: 0.92,
  DONE: 1,
}
const SAID: Readonly<Record<RunStage, string>> = {
  QUEUED: 'queued',
  LOADING: 'loading',
  COMPUTING: 'computing',
  PROJECTING: 'projecting',
  STORING: 'storing',
  DONE: 'done',
}

function describe(job: JobPartsFragment, more: number): string {
  const prompt = job.promptText ?? 'token ids'
  const short = prompt.length > 28 ? `${prompt.slice(0, 27)}…` : prompt
  return `${short}: ${SAID[job.stage]}${more > 0 ? `, ${more} more` : ''}`
}

export function RunningJobs() {
  const [{ data }, refetch] = useQuery({
    query: RunningJobsDocument,
    requestPolicy: 'cache-and-network',
  })
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') refetch({ requestPolicy: 'network-only' })
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [refetch])
  const total = (data?.running.totalCount ?? 0) + (data?.queued.totalCount ?? 0)
  const job = data?.running.edges[0]?.node ?? data?.queued.edges[0]?.node
  if (!job) return <span className="job" data-testid="running-jobs" />
  return (
    <Link
      className="job"
      prefetch={false}
      href={`/lens?run=${encodeURIComponent(job.id)}`}
      data-testid="running-jobs"
      title={`${total} queued or running`}
    >
      <span
        className="ring"
        style={{ '--done': PROGRESS[job.stage] } as CSSProperties}
        aria-hidden
      />
      <span>{describe(job, total - 1)}</span>
    </Link>
  )
}
