'use client'
// A text in Markdown with a preview of how it will look.
import { useId, useState, type RefObject } from 'react'
import { Segmented } from '../../../components/segmented'
import { MarkdownText } from '../../comments/markdown-text'

interface DescriptionFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly field?: RefObject<HTMLTextAreaElement | null>
}

const SIDES = [
  { value: 'write', label: 'Write' },
  { value: 'preview', label: 'Preview' },
] as const

export function DescriptionField({ value, onChange, field }: DescriptionFieldProps) {
  const id = useId()
  const [side, setSide] = useState<'write' | 'preview'>('write')
  return (
    <div className="description-field">
      <div className="bar">
        <label htmlFor={id} className="grow">
          Description <span className="faint">Markdown</span>
        </label>
        <Segmented label="Description" value={side} segments={SIDES} onChange={setSide} />
      </div>
      {side === 'write' ? (
        <textarea
          id={id}
          ref={field}
          className="input"
          rows={5}
          maxLength={20_000}
          value={value}
          placeholder="What lights it, what it writes, and how you know."
          data-testid="annotation-description"
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <div className="description-preview" data-testid="annotation-preview">
          {value.trim() ? <MarkdownText text={value} /> : <p className="faint">Nothing written.</p>}
        </div>
      )}
    </div>
  )
}
