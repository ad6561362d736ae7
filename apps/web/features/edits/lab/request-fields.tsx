'use client'
// One fact: the prompt with its subject marked by selecting it, the target, and facts to try.
import { useId, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { cutAtSubject } from '../edit-words'
import { FactSuggestions } from './fact-suggestions'
import { withSubject, type Fact, type LabRequest } from './lab-view'

interface RequestFieldsProps {
  readonly request: LabRequest
  readonly onChange: (request: LabRequest) => void
  readonly modelId: string | null
  readonly onFact: (fact: Fact) => void
  readonly title: string
  readonly onRemove?: (() => void) | undefined
}

interface Selection {
  readonly start: number
  readonly end: number
}

function PromptMarks({ request }: { readonly request: LabRequest }) {
  const parts = cutAtSubject(request.prompt, request.subject)
  if (!parts) return <>{request.prompt}</>
  const shown = request.prompt.includes('{}') ? '{}' : parts.subject
  return (
    <>
      {parts.before}
      <mark>{shown}</mark>
      {parts.after}
    </>
  )
}

function MarkButton({
  request,
  selection,
  onChange,
}: Pick<RequestFieldsProps, 'request' | 'onChange'> & { readonly selection: Selection }) {
  const chosen = request.prompt.slice(selection.start, selection.end).trim()
  if (chosen === '' || chosen === request.subject || chosen === '{}') return null
  return (
    <button
      type="button"
      className="button small"
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onChange(withSubject(request, selection.start, selection.end))}
    >
      Mark “{chosen}” as the subject
    </button>
  )
}

interface PromptTextProps extends Pick<RequestFieldsProps, 'request' | 'onChange'> {
  readonly id: string
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly onOpen: (open: boolean) => void
  readonly onSelect: (selection: Selection) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
}

function PromptText({
  id,
  field,
  request,
  onChange,
  onOpen,
  onSelect,
  onKeyDown,
}: PromptTextProps) {
  return (
    <div className="lab-prompt mono">
      <div className="lab-marks" aria-hidden>
        <PromptMarks request={request} />
      </div>
      <textarea
        id={id}
        ref={field}
        rows={2}
        value={request.prompt}
        spellCheck={false}
        autoComplete="off"
        placeholder="The capital of France is"
        aria-describedby={`${id}-help`}
        onChange={(event) => {
          onChange({ ...request, prompt: event.target.value.replace(/\n/g, ' ') })
          onOpen(true)
        }}
        onFocus={() => onOpen(request.prompt === '')}
        onSelect={({ currentTarget: { selectionStart, selectionEnd } }) =>
          onSelect({ start: selectionStart, end: selectionEnd })
        }
        onKeyDown={onKeyDown}
      />
    </div>
  )
}

function PromptField(props: RequestFieldsProps) {
  const { request, onChange, modelId, onFact } = props
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [selection, setSelection] = useState<Selection>({ start: 0, end: 0 })
  const [open, setOpen] = useState(false)
  const onKeyDown = (event: KeyboardEvent) => {
    const first = box.current?.querySelector<HTMLButtonElement>('.suggestions button')
    if (event.key === 'Escape') setOpen(false)
    if (event.key !== 'ArrowDown' || !open || !first) return
    event.preventDefault()
    first.focus()
  }
  const leave = () => {
    setOpen(false)
    field.current?.focus()
  }
  return (
    <div
      className="prompt-box"
      ref={box}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <label htmlFor={id}>Prompt</label>
      <PromptText
        id={id}
        field={field}
        request={request}
        onChange={onChange}
        onOpen={setOpen}
        onSelect={setSelection}
        onKeyDown={onKeyDown}
      />
      <p id={`${id}-help`} className="lab-help">
        <MarkButton request={request} selection={selection} onChange={onChange} />
        <span>Select the subject in the prompt to mark it, or put {'{}'} in its place.</span>
      </p>
      {open && (
        <FactSuggestions
          modelId={modelId}
          search={request.prompt}
          onLeave={leave}
          onChoose={(fact) => {
            onFact(fact)
            leave()
          }}
        />
      )}
    </div>
  )
}

export function RequestFields(props: RequestFieldsProps) {
  const { request, onChange, title, onRemove } = props
  return (
    <fieldset className="lab-request">
      <legend className="hidden-text">{title}</legend>
      <PromptField {...props} />
      <div className="lab-pair">
        <label>
          Subject
          <input
            className="input mono"
            value={request.subject}
            placeholder="France"
            spellCheck={false}
            onChange={(event) => onChange({ ...request, subject: event.target.value })}
          />
        </label>
        <label>
          Target: what it shall say
          <input
            className="input mono"
            value={request.target}
            placeholder="Berlin"
            spellCheck={false}
            onChange={(event) => onChange({ ...request, target: event.target.value })}
          />
        </label>
      </div>
      {onRemove && (
        <button type="button" className="link" onClick={onRemove}>
          Remove this fact
        </button>
      )}
    </fieldset>
  )
}
