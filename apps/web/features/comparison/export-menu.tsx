'use client'
// The comparison as files: CSV, JSON and LaTeX of the table, rows and records of each evaluation; and its address.
import { useState } from 'react'
import { CopyText } from '../../components/copy-text'
import { PopMenu } from '../../components/pop-menu'
import { shownFilter } from './chosen'
import { exportAddress, type ExportFile } from './comparison-export'
import type { ComparisonView } from './comparison-view'
import type { ComparedIds } from './comparison-input'

interface ExportMenuProps {
  readonly ids: ComparedIds
  readonly view: ComparisonView
  readonly exports: readonly { readonly format: string; readonly url: string }[]
  /** The evaluation that can be given out whole: it has ended, and no other is beside it. */
  readonly whole: string | null
}

const TABLES: ReadonlyArray<readonly [ExportFile, string]> = [
  ['comparison.csv', 'Table as CSV'],
  ['comparison.json', 'Table as JSON'],
  ['comparison.tex', 'Table as LaTeX'],
]

/** Of one evaluation, all cases; its tables are those above. */
const NAMES: Readonly<Record<string, string>> = {
  'rows.csv': 'All rows as CSV',
  'records.jsonl': 'All records as JSON lines',
}

const wholeFile = (id: string) => ({
  label: 'Evaluation as a file to import',
  address: `/api/evaluations/${encodeURIComponent(id)}/evaluation.json`,
})

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

export function ExportMenu({ ids, view, exports, whole }: ExportMenuProps) {
  const these = shownFilter(view) ? ', these cases' : ''
  // Of every pair of methods, as their corrections are.
  const pairs = { ...view, arms: [], columns: null }
  const files = [
    ...TABLES.map(([file, label]) => ({
      label: label + these,
      address: exportAddress(ids, file, view),
    })),
    ...(exports.length > 0
      ? [
          {
            label: `Differences as CSV${these}`,
            address: exportAddress(ids, 'differences.csv', pairs),
          },
        ]
      : []),
    ...exports.flatMap(({ format, url }) =>
      NAMES[format] ? [{ label: NAMES[format], address: url }] : [],
    ),
    ...(whole === null ? [] : [wholeFile(whole)]),
  ]
  return (
    <>
      <LatexCopy address={exportAddress(ids, 'comparison.tex', view)} />
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
