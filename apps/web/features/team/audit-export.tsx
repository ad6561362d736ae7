'use client'
// Everything that the filter finds, page by page, as one file.
import { useState } from 'react'
import { useClient, type Client } from 'urql'
import { formatCsv } from '../../components/csv'
import { saveFile } from '../../components/save-file'
import { AuditEventsDocument, type AuditFilter } from '../../graphql/generated/graphql'
import { AUDIT_HEADER, auditCells, auditRecord, type AuditRow } from './audit-filter'

const PAGE = 100
const MOST_ROWS = 20_000

const readPage = (client: Client, filter: AuditFilter, after: string | null) =>
  client
    .query(AuditEventsDocument, { first: PAGE, after, filter }, { requestPolicy: 'network-only' })
    .toPromise()

async function readAll(
  client: Client,
  filter: AuditFilter,
  report: (rows: number) => void,
): Promise<AuditRow[]> {
  const rows: AuditRow[] = []
  let after: string | null = null
  while (rows.length < MOST_ROWS) {
    const { data, error } = await readPage(client, filter, after)
    if (!data) throw error ?? new Error('The API does not answer.')
    rows.push(...data.auditEvents.edges.map(({ node }) => node))
    report(rows.length)
    const { hasNextPage, endCursor } = data.auditEvents.pageInfo
    if (!hasNextPage || !endCursor) break
    after = endCursor
  }
  return rows
}

const WRITERS = {
  CSV: (rows: readonly AuditRow[]) =>
    saveFile('audit-log.csv', formatCsv(AUDIT_HEADER, rows.map(auditCells)), 'text/csv'),
  JSON: (rows: readonly AuditRow[]) =>
    saveFile(
      'audit-log.json',
      `${JSON.stringify(rows.map(auditRecord), null, 2)}\n`,
      'application/json',
    ),
} as const

type Format = keyof typeof WRITERS

export function AuditExport({ filter }: { readonly filter: AuditFilter }) {
  const client = useClient()
  const [read, setRead] = useState<number | null>(null)
  const [said, setSaid] = useState('')
  const save = async (format: Format) => {
    setRead(0)
    setSaid('')
    try {
      const rows = await readAll(client, filter, setRead)
      WRITERS[format](rows)
      setSaid(rows.length >= MOST_ROWS ? `The newest ${MOST_ROWS} events were saved.` : '')
    } catch {
      setSaid('The log could not be read to its end; nothing was saved.')
    }
    setRead(null)
  }
  return (
    <span className="bar" data-testid="audit-export">
      <span role="status" className="muted tabular">
        {read === null ? said : `${read} read…`}
      </span>
      {(Object.keys(WRITERS) as Format[]).map((format) => (
        <button
          key={format}
          type="button"
          className="button small"
          disabled={read !== null}
          onClick={() => void save(format)}
        >
          Export {format}
        </button>
      ))}
    </span>
  )
}
