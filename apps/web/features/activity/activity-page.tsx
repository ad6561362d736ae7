'use client'
// What happened in the project, newest first; what happens now is added above.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { useClient, useQuery } from 'urql'
import { Choice } from '../../components/choice'
import { usePages, type PageInfo } from '../../components/page-list'
import { Problem } from '../../components/problem'
import {
  TalkActivitiesDocument,
  TalkActivityAddedDocument,
  TalkPeopleDocument,
  type ActivityFilter,
  type TalkActivityFragment,
} from '../../graphql/generated/graphql'
import { Ago, Avatar } from '../comments'
import { complaintOf } from '../edits/complaint'
import { byDay } from '../inbox/inbox-words'
import {
  activityFilter,
  formatActivityView,
  KINDS,
  parseActivityView,
  type ActivityView,
} from './activity-view'

const PAGE = 40
const READS = { additionalTypenames: ['Activity'] }

type Item = TalkActivityFragment

function useActivityView() {
  const params = useSearchParams()
  const [view, setView] = useState(() => parseActivityView(new URLSearchParams(params.toString())))
  const change = (part: Partial<ActivityView>) => {
    const next = { ...view, ...part }
    setView(next)
    const query = formatActivityView(next)
    window.history.replaceState(null, '', query ? `?${query}` : window.location.pathname)
  }
  return [view, change] as const
}

function Filters({
  view,
  change,
}: {
  readonly view: ActivityView
  readonly change: (part: Partial<ActivityView>) => void
}) {
  const [{ data }] = useQuery({ query: TalkPeopleDocument })
  const any = { value: '' as const, label: 'anyone' }
  const people = data?.people.map(({ id, name }) => ({ value: id, label: name })) ?? []
  return (
    <div className="bar filters">
      <Choice<string>
        caption="By"
        value={view.actorId}
        options={[any, ...people]}
        onChange={(actorId) => change({ actorId })}
      />
      <Choice
        caption="About"
        value={view.kind}
        options={[
          { value: '' as const, label: 'anything' },
          ...KINDS.map(([value, label]) => ({ value, label })),
        ]}
        onChange={(kind: ActivityView['kind']) => change({ kind })}
      />
    </div>
  )
}

/** What happened since the page was opened, where nothing is filtered. */
function useNews(live: boolean): readonly Item[] {
  const client = useClient()
  const [items, setItems] = useState<readonly Item[]>([])
  useEffect(() => {
    if (!live) return
    const { unsubscribe } = client
      .subscription(TalkActivityAddedDocument, {})
      .subscribe(({ data }) => {
        if (!data) return
        setItems((known) => {
          const added = data.activityAdded
          return known.some(({ id }) => id === added.id) ? known : [added, ...known]
        })
      })
    return unsubscribe
  }, [client, live])
  return items
}

function Row({ item }: { readonly item: Item }) {
  const who = item.actor?.name ?? 'Imprint'
  return (
    <li className="activity-row" data-testid="activity-item">
      <Avatar name={who} />
      <span>
        <b>{who}</b> {item.verb}{' '}
        <Link href={item.path} prefetch={false}>
          {item.title}
        </Link>
      </span>
      <Ago at={item.createdAt} />
    </li>
  )
}

interface ChunkProps {
  readonly after: string | null
  readonly filter: ActivityFilter | null
  readonly onRead: (after: string | null, items: readonly Item[], info: PageInfo) => void
}

/** Reads one stretch of the feed; the list draws all stretches together, so that days are not cut. */
function Chunk({ after, filter, onRead }: ChunkProps) {
  const [{ data, error, fetching }] = useQuery({
    query: TalkActivitiesDocument,
    variables: { first: PAGE, after, filter },
    requestPolicy: 'cache-and-network',
    context: READS,
  })
  const read = data?.activity
  useEffect(() => {
    if (read)
      onRead(
        after,
        read.edges.map(({ node }) => node),
        read.pageInfo,
      )
  }, [read, after, onRead])
  const complaint = data ? null : complaintOf(error, undefined)
  if (complaint) return <Problem title="The feed was not read" {...complaint} />
  return !data && fetching ? <div className="skeleton line" /> : null
}

interface Stretch {
  readonly items: readonly Item[]
  readonly info: PageInfo
}

function useStretches(question: string) {
  const [state, setState] = useState<{
    readonly question: string
    readonly stretches: ReadonlyMap<string, Stretch>
  }>({ question, stretches: new Map() })
  const [put] = useState(
    () => (asked: string) => (after: string | null, items: readonly Item[], info: PageInfo) =>
      setState((current) => {
        const kept = current.question === asked ? current.stretches : []
        return { question: asked, stretches: new Map([...kept, [after ?? '', { items, info }]]) }
      }),
  )
  const [writer, setWriter] = useState(() => ({ question, write: put(question) }))
  if (writer.question !== question) setWriter({ question, write: put(question) })
  return {
    stretches: state.question === question ? state.stretches : new Map<string, Stretch>(),
    onRead: writer.write,
  }
}

function joined(news: readonly Item[], stretches: readonly (Stretch | undefined)[]): Item[] {
  const read = stretches.flatMap((stretch) => stretch?.items ?? [])
  const known = new Set(read.map(({ id }) => id))
  return [...news.filter(({ id }) => !known.has(id)), ...read]
}

export function ActivityPage() {
  const [view, change] = useActivityView()
  const question = formatActivityView(view)
  const pages = usePages(question)
  const news = useNews(question === '')
  const { stretches, onRead } = useStretches(question)
  const items = joined(
    question === '' ? news : [],
    pages.after.map((after) => stretches.get(after ?? '')),
  )
  const last = stretches.get(pages.after.at(-1) ?? '')
  const filter = activityFilter(view)
  return (
    <main className="page talk-page" id="main">
      <div className="bar">
        <h1 className="grow">Activity</h1>
        <Link className="button small" href="/inbox" prefetch={false}>
          Inbox
        </Link>
      </div>
      <Filters view={view} change={change} />
      <section className="card activity-list" data-testid="activity" aria-label="What happened">
        {byDay(items, new Date()).map(({ day, items: some }) => (
          <section key={day} aria-label={day}>
            <h2>{day}</h2>
            <ul>
              {some.map((item) => (
                <Row key={item.id} item={item} />
              ))}
            </ul>
          </section>
        ))}
        {pages.after.map((after) => (
          <Chunk key={`${question}.${after ?? ''}`} {...{ after, filter, onRead }} />
        ))}
        {last && items.length === 0 && (
          <p className="none">{filter ? 'Nothing like this happened.' : 'Nothing happened yet.'}</p>
        )}
        {last?.info.hasNextPage && (
          <p className="more">
            <button type="button" className="link" onClick={() => pages.more(last.info)}>
              Show more
            </button>
          </p>
        )}
      </section>
    </main>
  )
}
