'use client'
// A data set comes in: a file dropped or chosen, a path on the server, or an address.
import { useId, useRef, useState, type DragEvent, type SubmitEvent } from 'react'
import { Problem } from '../../../components/problem'
import { WriteButton } from '../../account/write-button'
import { sayTransfer } from './import-facts'
import { useImport, type ImportActions, type Sending } from './use-import'
import { useRate } from './use-readings'

function Upload({
  sending,
  onCancel,
}: {
  readonly sending: Sending
  readonly onCancel: () => void
}) {
  const rate = useRate(sending.sent)
  const left = rate ? (sending.total - sending.sent) / rate : null
  const sent = sending.sent >= sending.total
  return (
    <div className="import-now drop-inside" data-testid="upload-progress">
      <p>
        <b>{sending.name}</b>
        <span className="tabular muted" role="status">
          {sent
            ? 'sent; the server checks it'
            : sayTransfer(sending.sent, sending.total, rate, left)}
        </span>
        <button type="button" className="button small" onClick={onCancel}>
          Cancel
        </button>
      </p>
      <progress aria-label={`Sending ${sending.name}`} value={sending.sent} max={sending.total} />
    </div>
  )
}

function DropZone({
  actions,
  name,
  onSent,
}: {
  readonly actions: ImportActions
  readonly name: string
  readonly onSent: () => void
}) {
  const [over, setOver] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const take = async (file: File | undefined) => {
    if (file && (await actions.sendFile(file, name))) onSent()
    if (field.current) field.current.value = ''
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void take(event.dataTransfer.files[0])
  }
  return (
    <div
      className="drop"
      data-over={over || undefined}
      data-testid="drop-zone"
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {actions.sending ? (
        <Upload sending={actions.sending} onCancel={actions.cancelUpload} />
      ) : (
        <label className="drop-inside">
          <input
            ref={field}
            type="file"
            className="hidden-text"
            data-testid="dataset-file"
            accept=".json,.jsonl,.csv,.tsv,.gz,.txt"
            disabled={actions.busy}
            onChange={(event) => void take(event.target.files?.[0])}
          />
          <span>
            <b className="link">Choose a file</b> or drop it here
          </span>
          <small className="muted">
            CounterFact, zsRE, Wikidata counterfacts, KnowEdit or Imprint’s own JSONL; the format is
            found out
          </small>
        </label>
      )}
    </div>
  )
}

const ImportButton = ({ busy }: { readonly busy: boolean }) => (
  <WriteButton verb="import data sets" type="submit" className="button primary" disabled={busy}>
    Import
  </WriteButton>
)

export function ImportPanel({ onStarted }: { readonly onStarted: () => void }) {
  const id = useId()
  const [{ source, name }, setFields] = useState({ source: '', name: '' })
  const actions = useImport(onStarted)
  const clear = () => setFields({ source: '', name: '' })
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    void actions.importSource(source.trim(), name).then((started) => started && clear())
  }
  const change = (fields: { source: string; name: string }) => {
    actions.forget()
    setFields(fields)
  }
  const { complaint } = actions
  return (
    <form className="card add-model import-panel" aria-label="Import a data set" onSubmit={send}>
      <h2>Import a data set</h2>
      <DropZone actions={actions} name={name} onSent={clear} />
      <div className="add-fields">
        <label className="grow">
          Or a path on the server, or an address
          <input
            className="input mono"
            value={source}
            onChange={(event) => change({ source: event.target.value, name })}
            placeholder="/data/counterfact.json or https://…"
            aria-describedby={complaint ? id : undefined}
            aria-invalid={complaint?.field === 'source' || undefined}
            autoComplete="off"
            spellCheck={false}
            required
          />
        </label>
        <label>
          Name
          <input
            className="input"
            value={name}
            onChange={(event) => change({ source, name: event.target.value })}
            placeholder="its file’s name"
            autoComplete="off"
          />
        </label>
        <ImportButton busy={actions.busy} />
      </div>
      {complaint && (
        <div id={id}>
          <Problem
            title="The data set was not imported"
            message={complaint.message}
            cure={complaint.cure}
            code={complaint.code}
          />
        </div>
      )}
    </form>
  )
}
