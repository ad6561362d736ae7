'use client'
// A secret that is shown this one time, to be copied.
import { useEffect, useRef } from 'react'
import { CopyText } from './copy-text'

interface SecretOnceProps {
  readonly title: string
  readonly secret: string
  readonly label: string
  readonly onClose: () => void
  readonly testId: string
}

export function SecretOnce({ title, secret, label, onClose, testId }: SecretOnceProps) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Nothing is given back: browsers return a promise from it, which is no way to clean up.
    void box.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <div ref={box} className="secret-once" role="status" data-testid={testId}>
      <p>
        <b>{title}</b> It is not shown again.
      </p>
      <code className="command" tabIndex={0}>
        {secret}
      </code>
      <div className="bar">
        <CopyText text={secret} label={label} />
        <button type="button" className="button small" onClick={onClose}>
          Done
        </button>
      </div>
    </div>
  )
}
