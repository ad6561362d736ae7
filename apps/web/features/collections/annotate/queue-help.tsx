'use client'
// The list of the keys of annotation mode. To be loaded when it is opened.
import { KeysFrame } from '../../../components/keys-frame'
import { QUEUE_KEYS } from './queue-model'

export function QueueHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <KeysFrame
      title="Keys of annotation mode"
      keys={QUEUE_KEYS}
      testId="queue-help"
      onClose={onClose}
    />
  )
}
