'use client'
// A choice of two to four, all in view: a radio group drawn as one bar.
import { useId } from 'react'

export interface Segment<T extends string> {
  readonly value: T
  readonly label: string
  readonly title?: string
}

interface SegmentedProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly segments: readonly Segment<T>[]
  readonly onChange: (value: T) => void
  readonly disabled?: boolean
}

export function Segmented<T extends string>({
  label,
  value,
  segments,
  onChange,
  disabled = false,
}: SegmentedProps<T>) {
  const name = useId()
  return (
    <fieldset className="seg" disabled={disabled}>
      <legend className="hidden-text">{label}</legend>
      {segments.map((segment) => (
        <label
          key={segment.value}
          title={segment.title}
          data-on={segment.value === value || undefined}
        >
          <input
            type="radio"
            name={name}
            value={segment.value}
            checked={segment.value === value}
            onChange={() => onChange(segment.value)}
          />
          {segment.label}
        </label>
      ))}
    </fieldset>
  )
}
