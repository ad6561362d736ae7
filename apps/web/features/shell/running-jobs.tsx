'use client'
// Work that is queued or running, asked for every few seconds while the page is in view.
import Link from 'next/link'
import { useEffect, type CSSProperties } from 'react'
import { useQuery } from 'urql'
import { RunningJobsDocument } from '../../graphql/generated/graphql'
import { jobsOf } from './job-words'

const EVERY_MS = 4000

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
  const { first, total } = data ? jobsOf(data) : { first: null, total: 0 }
  if (!first) return <span className="job" data-testid="running-jobs" />
  return (
    <Link
      className="job"
      prefetch={false}
      href={first.href}
      data-testid="running-jobs"
      title={`${total} queued or running`}
    >
      <span className="ring" style={{ '--done': first.done } as CSSProperties} aria-hidden />
      <span>
        {first.text}
        {total > 1 && `, ${total - 1} more`}
      </span>
    </Link>
  )
}
