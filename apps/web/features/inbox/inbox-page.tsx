'use client'
// What awaits me: mentions, replies, reviews asked for and decided; newest first, live.
import Link from 'next/link'
import { useCallback, useEffect, useState } from 'react'
import { useClient, useQuery } from 'urql'
import { usePages, type PageInfo } from '../../components/page-list'
import { Problem } from '../../components/problem'
import { Segmented } from '../../components/segmented'
import {
  TalkInboxDocument,
  TalkReadInboxDocument,
  type TalkInboxItemFragment,
} from '../../graphql/generated/graphql'
import { signInAddress, welcomeAddress } from '../account/addresses'
import { useMe } from '../account/me'
import { isSignedIn } from '../account/viewer'
import { Ago, Avatar } from '../comments'
import { complaintOf, type Complaint } from '../edits/complaint'
import { setUnread, useInboxNews } from './inbox-news'
import { inboxWords } from './inbox-words'

const PAGE = 30
const READS = { additionalTypenames: ['InboxItem'] }

type Shown = 'unread' | 'all'

const SHOWN = [
  { value: 'unread', label: 'Unread' },
  { value: 'all', label: 'All' },
] as const

function useReading() {
  const client = useClient()
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const read = useCallback(
    async (input: { ids?: string[]; all?: boolean }) => {
      const { data, error } = await client
        .mutation(TalkReadInboxDocument, { input }, READS)
        .toPromise()
      setComplaint(complaintOf(error, data?.readInbox.errors))
      const left = data?.readInbox.unread
      if (typeof left === 'number') setUnread(left)
    },
    [client],
  )
  return { read, complaint }
}

interface RowProps {
  readonly item: TalkInboxItemFragment
  readonly onRead: (id: string) => void
}

function Row({ item, onRead }: RowProps) {
  const unread = !item.readAt
  const who = item.actor?.name ?? 'Somebody'
  return (
    <li className="inbox-row" data-unread={unread || undefined} data-testid="inbox-item">
      <Avatar name={who} />
      <Link href={item.path} prefetch={false} onClick={() => unread && onRead(item.id)}>
        {unread && <span className="hidden-text">Unread: </span>}
        <span className="muted">
          {who} {inboxWords(item.kind)}
        </span>
        <b>{item.title}</b>
      </Link>
      <Ago at={item.createdAt} />
      {unread ? (
        <button type="button" className="link" onClick={() => onRead(item.id)}>
          Mark read
        </button>
      ) : (
        <span className="faint">read</span>
      )}
    </li>
  )
}

interface ChunkProps {
  readonly after: string | null
  readonly shown: Shown
  readonly last: boolean
  readonly changes: number
  readonly onMore: (info: PageInfo) => void
  readonly onRead: (id: string) => void
}

function Chunk({ after, shown, last, changes, onMore, onRead }: ChunkProps) {
  const [{ data, error, fetching }, execute] = useQuery({
    query: TalkInboxDocument,
    variables: { first: PAGE, after, unreadOnly: shown === 'unread' },
    requestPolicy: 'cache-and-network',
    context: READS,
  })
  useEffect(() => {
    if (changes > 0) execute({ requestPolicy: 'network-only' })
  }, [changes, execute])
  const complaint = data ? null : complaintOf(error, undefined)
  const items = data?.inbox.edges ?? []
  return (
    <>
      {items.map(({ node }) => (
        <Row key={node.id} item={node} onRead={onRead} />
      ))}
      {!data && fetching && <li className="skeleton line" />}
      {complaint && (
        <li>
          <Problem title="The inbox was not read" {...complaint} />
        </li>
      )}
      {data && items.length === 0 && after === null && (
        <li className="none">
          {shown === 'unread' ? 'Nothing awaits you.' : 'Nothing has come in yet.'}
        </li>
      )}
      {last && data?.inbox.pageInfo.hasNextPage && (
        <li className="more">
          <button type="button" className="link" onClick={() => onMore(data.inbox.pageInfo)}>
            Show more
          </button>
        </li>
      )}
    </>
  )
}

function Items() {
  const [shown, setShown] = useState<Shown>('unread')
  const pages = usePages(shown)
  const { unread, changes } = useInboxNews()
  const { read, complaint } = useReading()
  return (
    <main className="page talk-page" id="main">
      <div className="bar">
        <h1 className="grow">Inbox</h1>
        <Segmented<Shown> label="Show" value={shown} segments={SHOWN} onChange={setShown} />
        <button
          type="button"
          className="button small"
          disabled={!unread}
          data-testid="read-all"
          onClick={() => void read({ all: true })}
        >
          Mark all read
        </button>
        <Link className="button small" href="/activity" prefetch={false}>
          Activity
        </Link>
      </div>
      {complaint && <Problem title="It was not marked" {...complaint} />}
      <ul className="card inbox-list" data-testid="inbox">
        {pages.after.map((after, index) => (
          <Chunk
            key={`${shown}.${after ?? ''}`}
            {...{ after, shown, changes }}
            last={index === pages.after.length - 1}
            onMore={pages.more}
            onRead={(id) => void read({ ids: [id] })}
          />
        ))}
      </ul>
    </main>
  )
}

function Locked({ ownerless }: { readonly ownerless: boolean }) {
  return (
    <main className="page talk-page" id="main">
      <h1>Inbox</h1>
      <section className="card empty" data-testid="inbox-locked">
        <p>An inbox belongs to an account{ownerless ? '.' : ': sign in to see yours.'}</p>
        <Link
          className="button primary"
          href={ownerless ? welcomeAddress('/inbox') : signInAddress('/inbox')}
          prefetch={false}
        >
          {ownerless ? 'Create the owner account' : 'Sign in'}
        </Link>
      </section>
    </main>
  )
}

export function InboxPage() {
  const me = useMe()
  return me === null || isSignedIn(me) ? <Items /> : <Locked ownerless={me.setupNeeded} />
}
