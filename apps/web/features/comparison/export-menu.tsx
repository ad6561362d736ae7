'use client'
// The comparison as files: CSV, JSON and LaTeX of the table, rows and records of each evaluation; and its address.
import { useRef, useState, type KeyboardEvent } from 'react'
import { CopyText } from '../../components/copy-text'
import { exportAddress, type ExportFormat } from './comparison-export'
import type { ComparisonView } from './comparison-view'
import type { ComparedIds } from './use-comparison'

interface ExportMenuProps {
  readonly ids: ComparedIds
  readonly view: ComparisonView
  readonly exports: readonly { readonly format: string; readonly url: string }[]
}

const FORMATS: ReadonlyArray<readonly [ExportFormat, string]> = [
  ['csv', 'Table as CSV'],
  ['json', 'Table as JSON'],
  ['tex', 'Table as LaTeX'],
]

const NAMES: Readonly<Record<string, string>> = {
  csv: 'All rows as CSV',
  jsonl: 'Records as JSON lines',
  json: 'Evaluation as JSON',
}

/** Read when it is asked for; then it can be copied, also where the browser needs a second click. */
function LatexCopy({ address }: { readonly address: string }) {
  const [text, setText] = useState<{ readonly of: string; readonly tex: string } | null>(null)
  const [failed, setFailed] = useState(false)
  const read = async () => {
    const answer = await fetch(address).catch(() => null)
    setFailed(!answer?.ok)
    if (answer?.ok) setText({ of: address, tex: await answer.text() })
  }
  if (text?.of === address) return <CopyText text={text.tex} label="Copy LaTeX" />
  return (
    <button
      type="button"
      className="button small"
      onClick={() => void read()}
      onMouseEnter={() => void read()}
    >
      {failed ? 'LaTeX is not there' : 'Copy LaTeX'}
    </button>
  )
}

/** Arrow keys go round the items; Escape closes and goes back to the button. */
function onMenuKey(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const to = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key]
  if (event.key === 'Escape') close()
  else if (to === undefined) return
  else items[to]?.focus()
  event.preventDefault()
}

interface FileLink {
  readonly label: string
  readonly address: string
}

function Files({ files }: { readonly files: readonly FileLink[] }) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  return (
    <span
      className="export-menu"
      onKeyDown={(event) => open && onMenuKey(event, close)}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}
    >
      <button
        ref={button}
        type="button"
        className="button small"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        Export
      </button>
      {open && (
        <span className="menu" role="menu" aria-label="Files of the comparison">
          {files.map(({ label, address }) => (
            <a key={address} role="menuitem" href={address} download onClick={() => setOpen(false)}>
              {label}
            </a>
          ))}
        </span>
      )}
    </span>
  )
}

export function ExportMenu({ ids, view, exports }: ExportMenuProps) {
  const address = (format: ExportFormat) => exportAddress(ids, format, view.arms, view.columns)
  const files = [
    ...FORMATS.map(([format, label]) => ({ label, address: address(format) })),
    ...exports.map(({ format, url }) => ({ label: NAMES[format] ?? format, address: url })),
  ]
  return (
    <>
      <LatexCopy address={address('tex')} />
      <Files files={files} />
    </>
  )
}
