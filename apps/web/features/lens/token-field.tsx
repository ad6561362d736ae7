'use client'
// A text field that underlines the tokens of what is typed: the text itself lies above a copy that carries the marks.
import { useId, useRef, type KeyboardEvent, type ReactNode, type Ref } from 'react'
import { useHydrated } from '../../components/use-hydrated'
import type { LiveTokens } from './use-tokenization'

interface TokenFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly live: LiveTokens
  readonly placeholder: string
  readonly onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void
  readonly onFocus?: () => void
  readonly inputRef?: Ref<HTMLTextAreaElement>
  readonly className?: string
  readonly children?: ReactNode
}

function Marks({ value, live }: { readonly value: string; readonly live: LiveTokens }) {
  const tokens = live.tokens?.tokens.filter((token) => token.end > token.start) ?? []
  if (tokens.length === 0) return <>{value}</>
  const last = tokens.at(-1)?.end ?? 0
  // Tokens that share a character overlap; it is drawn once, under the first of them.
  const from = (index: number) => Math.max(tokens[index]?.start ?? 0, tokens[index - 1]?.end ?? 0)
  return (
    <>
      {tokens.map((token, index) => (
        <span key={index} className="mark">
          {value.slice(from(index), token.end)}
        </span>
      ))}
      {value.slice(last)}
    </>
  )
}

function Count({ value, live }: { readonly value: string; readonly live: LiveTokens }) {
  if (live.tokens?.tooLong)
    return (
      <span className="count over">
        {live.tokens.count} of {live.tokens.contextLength} tokens
      </span>
    )
  const count = live.tokens
    ? `${live.tokens.count} ${live.tokens.count === 1 ? 'token' : 'tokens'}`
    : ''
  return <span className="count">{value === '' ? '' : count}</span>
}

export function TokenField({
  label,
  value,
  onChange,
  live,
  placeholder,
  className,
  children,
  ...handlers
}: TokenFieldProps) {
  const id = useId()
  // What is typed before the page is alive would be lost.
  const alive = useHydrated()
  const marks = useRef<HTMLDivElement>(null)
  return (
    <div className={`ask-field ${className ?? ''}`}>
      <label htmlFor={id}>{label}</label>
      <div className="field mono">
        <div className="typed">
          <div className="marks" ref={marks} aria-hidden>
            <Marks value={value} live={live} />
          </div>
          <textarea
            id={id}
            ref={handlers.inputRef}
            rows={1}
            readOnly={!alive}
            value={value}
            placeholder={placeholder}
            spellCheck={false}
            autoComplete="off"
            aria-describedby={`${id}-count`}
            onKeyDown={handlers.onKeyDown}
            onFocus={handlers.onFocus}
            onChange={(event) => onChange(event.target.value)}
            onScroll={(event) => {
              marks.current?.scrollTo(event.currentTarget.scrollLeft, event.currentTarget.scrollTop)
            }}
          />
        </div>
        <span id={`${id}-count`} data-testid={`${label.toLowerCase()}-tokens`}>
          <Count value={value} live={live} />
        </span>
      </div>
      {children}
    </div>
  )
}
