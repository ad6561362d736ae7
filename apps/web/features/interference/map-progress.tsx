'use client'
// A map on its way: stage, how much is done, time left, and a way to stop it.
import { useState } from 'react'
import { saySeconds } from '../models/import-facts'
import type { InterferenceFacts } from './interference-model'

interface MapProgressProps {
  readonly map: InterferenceFacts
  readonly onCancel: () => void
}

export function MapProgress({ map, onCancel }: MapProgressProps) {
  const [asked, setAsked] = useState(false)
  const { secondsLeft: left } = map
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
