'use client'
// Keys and what they do, in a dialog. To be loaded when it is opened.
import { Dialog } from 'radix-ui'
import { DialogFrame } from './dialog-frame'

/** The keys that are pressed together or that do alike, and what they do. */
export type KeyMeaning = readonly [keys: readonly string[], meaning: string]

interface KeysFrameProps {
  readonly title: string
  readonly keys: readonly KeyMeaning[]
  readonly testId?: string
  readonly onClose: () => void
}

export function KeysFrame({ title, keys, testId, onClose }: KeysFrameProps) {
  return (
    <DialogFrame {...(testId && { testId })} onClose={onClose}>
      <Dialog.Title>{title}</Dialog.Title>
      <dl className="keys">
        {keys.map(([pressed, meaning]) => (
          <div key={meaning}>
            <dt>
              {pressed.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <div className="dialog-actions">
        <Dialog.Close className="button">Close</Dialog.Close>
      </div>
    </DialogFrame>
  )
}
