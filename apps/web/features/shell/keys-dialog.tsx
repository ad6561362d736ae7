'use client'
// The list of keys, loaded when it is opened.
import { KeysFrame, type KeyMeaning } from '../../components/keys-frame'

const KEYS: readonly KeyMeaning[] = [
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

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return <KeysFrame title="Keys" keys={KEYS} onClose={onClose} />
}
