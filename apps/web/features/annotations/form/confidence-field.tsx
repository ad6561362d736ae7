'use client'
// How sure the writer is, 0 to 100 percent.
import { useId } from 'react'

interface ConfidenceFieldProps {
  readonly value: number
  readonly onChange: (value: number) => void
}

export const showConfidence = (value: number): string => `${Math.round(value * 100)}%`

export function ConfidenceField({ value, onChange }: ConfidenceFieldProps) {
  const id = useId()
  return (
    <div className="confidence-field">
      <label htmlFor={id}>Confidence</label>
      <input
        id={id}
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={value}
        aria-valuetext={showConfidence(value)}
        data-testid="annotation-confidence"
        onChange={(event) => onChange(Number(event.target.value))}
      />
      <output htmlFor={id} className="tabular">
        {showConfidence(value)}
      </output>
    </div>
  )
}
