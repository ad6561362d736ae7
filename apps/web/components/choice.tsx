'use client'
// A native select with its caption inside the frame.
import { useId } from 'react'

export interface ChoiceOption<T extends string> {
  readonly value: T
  readonly label: string
  readonly disabled?: boolean
}

interface ChoiceProps<T extends string> {
  readonly caption: string
  readonly value: T
  readonly options: readonly ChoiceOption<T>[]
  readonly onChange: (value: T) => void
  readonly title?: string
  readonly disabled?: boolean
}

export function Choice<T extends string>({
  caption,
  value,
  options,
  onChange,
  title,
  disabled,
}: ChoiceProps<T>) {
  const id = useId()
  return (
    <span className="pick" title={title}>
      <label htmlFor={id}>{caption}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </span>
  )
}
