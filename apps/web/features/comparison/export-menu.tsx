'use client'
// The comparison as files: CSV, JSON and LaTeX of the table, rows and records of each evaluation; and its address.
import { useState } from 'react'
import { CopyText } from '../../components/copy-text'
import { PopMenu } from '../../components/pop-menu'
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

export function ExportMenu({ ids, view, exports }: ExportMenuProps) {
  const address = (format: ExportFormat) => exportAddress(ids, format, view.arms, view.columns)
  const files = [
    ...FORMATS.map(([format, label]) => ({ label, address: address(format) })),
    ...exports.map(({ format, url }) => ({ label: NAMES[format] ?? format, address: url })),
  ]
  return (
    <>
      <LatexCopy address={address('tex')} />
      <PopMenu label="Export" button="Export" className="button small">
        {files.map((file) => (
          <a key={file.address} role="menuitem" href={file.address} download>
            {file.label}
          </a>
        ))}
      </PopMenu>
    </>
  )
}
