'use client'
// Brings in a run, an edit or an evaluation that an Imprint gave out as a file; the same file twice is the same thing.
import Link from 'next/link'
import { useRef } from 'react'
import { Problem } from '../../components/problem'
import { WriteButton } from '../account/write-button'
import { useImportFile, type Found, type ImportKind } from './use-import-file'

const ADDRESS: Readonly<Record<ImportKind, (id: string) => string>> = {
  run: (id) => `/lens?run=${encodeURIComponent(id)}`,
  edit: (id) => `/edits/${encodeURIComponent(id)}`,
  evaluation: (id) => `/evaluations/${encodeURIComponent(id)}`,
}

/** What came of it, below the bar that the button stands in. */
function Result({ kind, found, onClose }: ResultProps) {
  if ('complaint' in found)
    return (
      <Problem title="The file was not imported" {...found.complaint}>
        <button type="button" className="button small" onClick={onClose}>
          Close
        </button>
      </Problem>
    )
  return (
    <p role="status" data-testid="import-done">
      {found.existed ? 'It was here already.' : 'Imported.'}{' '}
      <Link className="link" href={ADDRESS[kind](found.id)} prefetch={false}>
        Open the {kind}
      </Link>
    </p>
  )
}

interface ResultProps {
  readonly kind: ImportKind
  readonly found: Found
  readonly onClose: () => void
}

/** A button for a `.bar`. */
export function ImportFile({ kind }: { readonly kind: ImportKind }) {
  const { busy, found, bring, forget } = useImportFile(kind)
  const field = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={field}
        type="file"
        accept=".json,application/json"
        hidden
        data-testid="import-file"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          if (file) bring(file)
          currentTarget.value = ''
        }}
      />
      <WriteButton
        verb={`import ${kind}s`}
        type="button"
        className="button"
        title={`Bring in ${kind === 'run' ? 'a run' : `an ${kind}`} that was exported as a file`}
        disabled={busy}
        onClick={() => field.current?.click()}
      >
        {busy ? 'Importing' : 'Import'}
      </WriteButton>
      {found && (
        <div className="import-result">
          <Result kind={kind} found={found} onClose={forget} />
        </div>
      )}
    </>
  )
}
