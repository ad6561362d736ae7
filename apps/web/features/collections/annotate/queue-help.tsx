'use client'
// The list of the keys of annotation mode. To be loaded when it is opened.
import { Dialog } from 'radix-ui'
import { DialogFrame } from '../../../components/dialog-frame'
import { QUEUE_KEYS } from './queue-model'

export function QueueHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <DialogFrame testId="queue-help" onClose={onClose}>
      <Dialog.Title>Keys of annotation mode</Dialog.Title>
      <dl className="keys">
        {QUEUE_KEYS.map(([keys, meaning]) => (
          <div key={meaning}>
            <dt>
              {keys.map((key) => (
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
