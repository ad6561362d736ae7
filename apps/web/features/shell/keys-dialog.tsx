'use client'
// The list of keys, opened with "?".
import { Dialog } from 'radix-ui'
import { useEffect, useState } from 'react'

const KEYS: ReadonlyArray<readonly [readonly string[], string]> = [
  [['↑', '↓', '←', '→'], 'Move in the grid'],
  [['Home', 'End'], 'First and last position of the row; with Ctrl, of the grid'],
  [['PgUp', 'PgDn'], 'Eight layers up or down'],
  [['Enter'], 'Pin the cell; in the question, run it'],
  [['/'], 'Type a prompt'],
  [['Ctrl', 'Enter'], 'Run from anywhere'],
  [['f'], 'Turn the layers upside down'],
  [['c'], 'Comment on the cell'],
  [['e'], 'Edit this prompt and target in the lab'],
  [['w', 'r', 'b'], 'Show what is written, removed, or both'],
  [['Esc'], 'Leave a field for the grid; close what is open'],
  [['?'], 'This list'],
]

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
    (target as HTMLInputElement).type !== 'radio'
  )
}

export function KeysDialog() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === '?' && !isTyping(event.target)) setOpen(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return (
    <Dialog.Root open={open} onOpenChange={setOpen}>
      <Dialog.Trigger className="icon" aria-label="Keys" title="Keys (?)">
        ?
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <Dialog.Title>Keys</Dialog.Title>
          <dl className="keys">
            {KEYS.map(([keys, meaning]) => (
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
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
