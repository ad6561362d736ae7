// What went wrong, why, and what to do about it.
import type { ReactNode } from 'react'

interface ProblemProps {
  readonly title: string
  readonly message?: string | undefined
  readonly cure?: string | undefined
  readonly code?: string | undefined
  readonly children?: ReactNode
}

export function Problem({ title, message, cure, code, children }: ProblemProps) {
  return (
    <div className="problem" role="alert" data-testid="problem" data-code={code}>
      <strong>{title}</strong>
      {message && <p>{message}</p>}
      {cure && <p className="muted">{cure}</p>}
      {children && <div className="problem-actions">{children}</div>}
      {code && <code className="problem-code">{code}</code>}
    </div>
  )
}
