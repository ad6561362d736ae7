// A request as people read it: the prompt with its subject marked, and what shall be said instead of what.
import { showToken } from '../lens/token-text'
import { cutAtSubject, joinPrompt } from './edit-words'

interface RequestLineProps {
  readonly request: { readonly prompt: string; readonly subject: string; readonly target: string }
  readonly truth?: string | null | undefined
}

export const spaced = (text: string): string => showToken(` ${text.trim()}`)

export function RequestLine({ request, truth }: RequestLineProps) {
  const parts = cutAtSubject(request.prompt, request.subject)
  return (
    <span className="request-line mono">
      {parts ? (
        <>
          {parts.before}
          <mark className="subject">{parts.subject}</mark>
          {parts.after}
        </>
      ) : (
        joinPrompt(request.prompt, request.subject)
      )}
      <span className="request-change">
        {truth && <s>{spaced(truth)}</s>}
        <span aria-label="shall become">→</span>
        <b>{spaced(request.target)}</b>
      </span>
    </span>
  )
}
