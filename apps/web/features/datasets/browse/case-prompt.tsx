// A prompt with its subject in place and marked.
import { cutAtSubject } from '../../edits/edit-words'

export function CasePrompt({
  prompt,
  subject,
}: {
  readonly prompt: string
  readonly subject: string
}) {
  const parts = cutAtSubject(prompt, subject)
  if (!parts) return <>{prompt}</>
  return (
    <>
      {parts.before}
      <mark className="subject">{parts.subject}</mark>
      {parts.after}
    </>
  )
}
