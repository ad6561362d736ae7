'use client'
// A map on its way: stage, how much is done, time left, and a way to stop it.
import { useEffect, useState } from 'react'
import { saySeconds } from '../models/import-facts'
import { secondsLeft, type InterferenceFacts } from './interference-model'

interface MapProgressProps {
  readonly map: InterferenceFacts
  readonly onCancel: () => void
}

/** The pace is measured from the first count that this page saw of this map. */
function useEstimate({ id, done, total, createdAt }: InterferenceFacts): number | null {
  const [first, setFirst] = useState({ id, at: new Date(createdAt).getTime(), done: 0 })
  const [now, setNow] = useState(() => Date.now())
  if (first.id !== id) setFirst({ id, at: new Date(createdAt).getTime(), done: 0 })
  useEffect(() => setNow(Date.now()), [done])
  return secondsLeft(first, { at: now, done: done ?? 0 }, total ?? null)
}

export function MapProgress({ map, onCancel }: MapProgressProps) {
  const [asked, setAsked] = useState(false)
  const left = useEstimate(map)
  const queued = map.state === 'QUEUED'
  const stage = queued ? 'Queued' : map.stage
  return (
    <div className="map-progress" role="status" data-testid="interference-progress">
      <p className="bar">
        <b>{stage}</b>
        {typeof map.total === 'number' && (
          <span className="tabular">
            {map.done ?? 0} of {map.total}
          </span>
        )}
        <span className="muted grow">
          {left === null ? 'Estimating …' : `about ${saySeconds(left)} left`}
        </span>
        <button
          type="button"
          className="button small"
          disabled={asked}
          onClick={() => {
            setAsked(true)
            onCancel()
          }}
        >
          Cancel
        </button>
      </p>
      <progress
        aria-label={stage}
        {...(map.total ? { value: map.done ?? 0, max: map.total } : {})}
      />
    </div>
  )
}
