// One part of the wizard: its title, what is wrong with it, and its fields.
import type { ReactNode } from 'react'
import type { Missing, Section as Name } from './wizard-model'

interface SectionProps {
  readonly name: Name
  readonly title: string
  readonly note?: ReactNode
  readonly missing: readonly Missing[]
  readonly children: ReactNode
}

export function Section({ name, title, note, missing, children }: SectionProps) {
  const wrong = missing.filter(({ section }) => section === name)
  return (
    <section
      className="card pad wizard-section"
      aria-label={title}
      data-testid={`wizard-${name}`}
      data-wrong={wrong.length > 0 || undefined}
    >
      <h2>
        {title} {note && <small className="muted">{note}</small>}
      </h2>
      {children}
      {wrong.map(({ text }) => (
        <p key={text} className="wrong" role="alert">
          {text}
        </p>
      ))}
    </section>
  )
}
