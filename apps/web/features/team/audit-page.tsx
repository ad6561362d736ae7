'use client'
// Every write of the team: who, when, what. For admins.
import { useRouter, useSearchParams } from 'next/navigation'
import { useState, type ReactNode } from 'react'
import { useQuery } from 'urql'
import { Choice } from '../../components/choice'
import { usePages, type PageInfo } from '../../components/page-list'
import { Problem } from '../../components/problem'
import { useDebouncedValue } from '../../components/use-debounced-value'
import { When } from '../../components/when'
import {
  AuditEventsDocument,
  TeamDocument,
  type AuditFilter,
} from '../../graphql/generated/graphql'
import { useMe, useRefusal } from '../account/me'
import { AuditExport } from './audit-export'
import {
  auditFilterOf,
  readAuditView,
  writeAuditView,
  type AuditRow,
  type AuditView,
} from './audit-filter'
import { TeamTabs } from './team-tabs'

const PAGE = 50
const COLUMNS = ['When', 'Who', 'By', 'What', 'To what', 'Detail'] as const

const DAYS = [
  { value: '', label: 'all time' },
  { value: '1', label: 'yesterday and today' },
  { value: '7', label: 'the last 7 days' },
  { value: '30', label: 'the last 30 days' },
]

const VIAS: Readonly<Record<string, string>> = {
  SINGLE_USER: 'local',
  SESSION: 'page',
  API_KEY: 'key',
  SHARE_LINK: 'link',
  ANONYMOUS: 'visitor',
}

function useAuditView() {
  const router = useRouter()
  const query = useSearchParams()
  const [view, setView] = useState(() => readAuditView(new URLSearchParams(query.toString())))
  const update = (change: Partial<AuditView>) => {
    const next = { ...view, ...change }
    setView(next)
    const text = writeAuditView(next)
    router.replace(text === '' ? '/team/audit' : `/team/audit?${text}`, { scroll: false })
  }
  return { view, update }
}

function Filters({
  view,
  update,
}: {
  readonly view: AuditView
  readonly update: (change: Partial<AuditView>) => void
}) {
  const [{ data }] = useQuery({ query: TeamDocument })
  const people = data?.team.members.map(({ person }) => person) ?? []
  const missing = view.actor !== '' && !people.some(({ id }) => id === view.actor)
  return (
    <div className="bar filters audit-filters">
      <Choice
        caption="Who"
        value={view.actor}
        options={[
          { value: '', label: 'anyone' },
          ...people.map(({ id, name }) => ({ value: id, label: name })),
          ...(missing ? [{ value: view.actor, label: 'somebody who left' }] : []),
        ]}
        onChange={(actor) => update({ actor })}
      />
      <Choice
        caption="Since"
        value={view.days}
        options={DAYS}
        onChange={(days) => update({ days })}
      />
      <input
        type="search"
        className="input"
        aria-label="What was done, or its beginning"
        placeholder="what: edit, prompt.save …"
        value={view.action}
        onChange={(event) => update({ action: event.target.value })}
      />
      <input
        type="search"
        className="input"
        aria-label="Id of what it was done to"
        placeholder="id of what it was done to"
        value={view.subject}
        onChange={(event) => update({ subject: event.target.value })}
      />
    </div>
  )
}

function EventRow({ row }: { readonly row: AuditRow }) {
  return (
    <tr data-testid="audit-row" data-action={row.action}>
      <td className="muted">
        <When at={row.createdAt} />
      </td>
      <td>{row.actor.name}</td>
      <td className="muted">{row.via ? VIAS[row.via] : '–'}</td>
      <td className="mono">{row.action}</td>
      <td className="mono audit-subject" title={row.subject}>
        {row.subject}
      </td>
      <td className="mono muted audit-detail" title={row.detailJson ?? undefined}>
        {row.detailJson}
      </td>
    </tr>
  )
}

function Plain({ children }: { readonly children: ReactNode }) {
  return (
    <tr className="plain">
      <td colSpan={COLUMNS.length}>{children}</td>
    </tr>
  )
}

interface ChunkProps {
  readonly after: string | null
  readonly filter: AuditFilter
  readonly last: boolean
  readonly onMore: (info: PageInfo) => void
}

function EventsChunk({ after, filter, last, onMore }: ChunkProps) {
  const [{ data, error }] = useQuery({
    query: AuditEventsDocument,
    variables: { first: PAGE, after, filter },
    requestPolicy: 'cache-and-network',
  })
  if (error && !data)
    return (
      <Plain>
        <Problem
          title="The log could not be read"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      </Plain>
    )
  if (!data)
    return (
      <Plain>
        <div className="skeleton line" aria-hidden />
      </Plain>
    )
  const { edges, pageInfo } = data.auditEvents
  return (
    <>
      {edges.map(({ node }) => (
        <EventRow key={node.id} row={node} />
      ))}
      {edges.length === 0 && after === null && (
        <Plain>
          <p className="none" data-testid="no-audit">
            Nothing was written that matches.
          </p>
        </Plain>
      )}
      {last && pageInfo.hasNextPage && (
        <Plain>
          <button type="button" className="link" onClick={() => onMore(pageInfo)}>
            More
          </button>
        </Plain>
      )}
    </>
  )
}

function Log() {
  const { view, update } = useAuditView()
  const [today] = useState(() => Date.now())
  const asked = useDebouncedValue(JSON.stringify(auditFilterOf(view, today)), 250)
  const filter = JSON.parse(asked) as AuditFilter
  const pages = usePages(asked)
  return (
    <>
      <div className="bar">
        <Filters view={view} update={update} />
        <AuditExport filter={filter} />
      </div>
      <div className="card table-scroll" tabIndex={0} role="region" aria-label="Audit log">
        <table className="plain-table wide-table audit-table">
          <thead>
            <tr>
              {COLUMNS.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pages.after.map((after, index) => (
              <EventsChunk
                key={`${asked}${after ?? ''}`}
                after={after}
                filter={filter}
                last={index === pages.after.length - 1}
                onMore={pages.more}
              />
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

export function AuditPage() {
  const me = useMe()
  const refusal = useRefusal('ADMINISTER', 'read the audit log')
  return (
    <main className="page" id="main">
      <TeamTabs title="Audit log" />
      {me === null && <div className="card skeleton" style={{ height: 420 }} aria-hidden />}
      {me !== null && refusal && (
        <section className="card empty" data-testid="audit-refused">
          <p>{refusal}</p>
        </section>
      )}
      {me !== null && !refusal && <Log />}
    </main>
  )
}
