'use client'
// Reads annotations or a collection from a JSON file that this product wrote.
import Link from 'next/link'
import { useRef } from 'react'
import { useMutation } from 'urql'
import { ImportAnnotationsDocument } from '../../graphql/generated/graphql'
import { WriteButton } from '../account/write-button'
import { useRefusable } from './use-refusable'

/** Lists that hold nothing yet name no type that the cache could watch. */
const CHANGES = { additionalTypenames: ['Annotation', 'Collection'] }

const MOST_BYTES = 20 * 1024 * 1024

interface Imported {
  readonly imported?: number | null
  readonly skipped?: number | null
  readonly leftOut?: number | null
}

/** What was read, what was there already, and what is about things that are not here. */
export function importedInWords({ imported, skipped, leftOut }: Imported): string {
  const parts = [`${imported ?? 0} read`]
  if (skipped) parts.push(`${skipped} known already`)
  if (leftOut) parts.push(`${leftOut} left out: what they are about is not here`)
  return parts.join(', ')
}

export function ImportNotes() {
  const field = useRef<HTMLInputElement>(null)
  const [{ fetching, data }, send] = useMutation(ImportAnnotationsDocument)
  const { complaint, setComplaint, settle } = useRefusable()
  const read = async (file: File | undefined) => {
    if (!file) return
    if (file.size > MOST_BYTES) return setComplaint({ message: 'The file is larger than 20 MB.' })
    const result = await send({ input: { json: await file.text() } }, CHANGES)
    settle({ error: result.error, errors: result.data?.importAnnotations.errors })
    if (field.current) field.current.value = ''
  }
  const done = data?.importAnnotations
  const made = done?.collectionId
  return (
    <span className="bar">
      <span role={complaint ? 'alert' : 'status'} className={complaint ? 'field-problem' : 'muted'}>
        {complaint
          ? complaint.message
          : done && done.errors.length === 0
            ? importedInWords(done)
            : ''}
      </span>
      {made && (
        <Link className="link" href={`/collections/${made}`} prefetch={false}>
          Open
        </Link>
      )}
      <input
        ref={field}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="File of annotations"
        data-testid="import-notes"
        onChange={(event) => void read(event.target.files?.[0])}
      />
      <WriteButton
        needs="ANNOTATE"
        verb="import"
        type="button"
        className="button small"
        disabled={fetching}
        onClick={() => field.current?.click()}
      >
        {fetching ? 'Reading' : 'Import JSON'}
      </WriteButton>
    </span>
  )
}
