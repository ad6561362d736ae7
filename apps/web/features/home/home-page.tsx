'use client'
// The project's home: what runs, what awaits me, what happened, what was found, and what one could try.
import Link from 'next/link'
import { useQuery } from 'urql'
import { useHydrated } from '../../components/use-hydrated'
import { When } from '../../components/when'
import {
  HomeActivityDocument,
  HomeFindingsDocument,
  HomeInboxDocument,
  HomeRunsDocument,
  RunningJobsDocument,
} from '../../graphql/generated/graphql'
import { useMe } from '../account/me'
import { isSignedIn } from '../account/viewer'
import { allJobs } from '../shell/job-words'
import { HomeCard } from './home-card'
import { inboxWords, TRIES, verbWords } from './try-list'

/** What the server draws. */
const NOTHING_YET = { data: undefined, error: undefined, fetching: true }

/** The card has room for so many; its link leads to all. */
const MOST_ROWS = 3

const NEWEST = 'cache-and-network'

interface Failing {
  readonly graphQLErrors: readonly { readonly message: string }[]
}

const failureOf = (error: Failing | undefined, data: unknown): string | null =>
  error && !data ? (error.graphQLErrors[0]?.message ?? 'The API does not answer.') : null

/** The top bar asks the same, and may know the answer before this part wakes. */
function Running() {
  const hydrated = useHydrated()
  const [asked] = useQuery({ query: RunningJobsDocument })
  const { data, error, fetching } = hydrated ? asked : NOTHING_YET
  const jobs = data ? allJobs(data) : []
  return (
    <HomeCard
      title="Running"
      href="/workers"
      all="Workers"
      waiting={fetching && !data}
      failed={failureOf(error, data)}
      empty="Nothing is computed just now."
      rows={jobs.slice(0, MOST_ROWS).map(({ href, text }) => (
        <li key={href}>
          <Link href={href} prefetch={false}>
            {text}
          </Link>
        </li>
      ))}
      testId="home-running"
    />
  )
}

/** Stands there for visitors too: what comes after it must not move when it is known who looks. */
function Awaiting() {
  const me = useMe()
  const visitor = me !== null && !isSignedIn(me)
  const [{ data, error, fetching }] = useQuery({
    query: HomeInboxDocument,
    requestPolicy: NEWEST,
    pause: me === null || visitor,
  })
  const items = data?.inbox.edges ?? []
  return (
    <HomeCard
      title="Awaiting you"
      href="/inbox"
      all="Inbox"
      waiting={me === null || (fetching && !data)}
      failed={failureOf(error, data)}
      empty={visitor ? 'An inbox belongs to an account.' : 'Nothing waits for you.'}
      rows={items.map(({ node }) => (
        <li key={node.id}>
          <Link href={node.path} prefetch={false}>
            {node.title}
          </Link>
          <small className="muted">
            {node.actor?.name} {inboxWords(node.kind)}, <When at={node.createdAt} />
          </small>
        </li>
      ))}
      testId="home-inbox"
    />
  )
}

function Latest() {
  const [{ data, error, fetching }] = useQuery({
    query: HomeActivityDocument,
    requestPolicy: NEWEST,
  })
  const items = data?.activity.edges ?? []
  return (
    <HomeCard
      title="Latest activity"
      href="/activity"
      all="All activity"
      waiting={fetching && !data}
      failed={failureOf(error, data)}
      empty="Nothing happened yet: comments, reviews and edits are told here."
      rows={items.map(({ node }) => (
        <li key={node.id}>
          <Link href={node.path} prefetch={false}>
            {node.title}
          </Link>
          <small className="muted">
            {node.actor?.name} {verbWords(node.verb)}, <When at={node.createdAt} />
          </small>
        </li>
      ))}
      testId="home-activity"
    />
  )
}

function Findings() {
  const [{ data, error, fetching }] = useQuery({
    query: HomeFindingsDocument,
    requestPolicy: NEWEST,
  })
  const items = data?.annotations.edges ?? []
  return (
    <HomeCard
      title="Latest findings"
      href="/annotations"
      all="All annotations"
      waiting={fetching && !data}
      failed={failureOf(error, data)}
      empty="No annotation yet. Write down what a neuron or a cell means, and it is found again here."
      rows={items.map(({ node }) => (
        <li key={node.id}>
          <Link href={node.anchor.path} prefetch={false}>
            {node.label}
          </Link>
          <small className="muted">
            {node.anchor.title}, {node.author.name}, {node.state.toLowerCase()}
          </small>
        </li>
      ))}
      testId="home-findings"
    />
  )
}

function Runs() {
  const [{ data, error, fetching }] = useQuery({ query: HomeRunsDocument, requestPolicy: NEWEST })
  const items = data?.lensRuns.edges ?? []
  return (
    <HomeCard
      title="Latest runs"
      href="/runs"
      all="All runs"
      waiting={fetching && !data}
      failed={failureOf(error, data)}
      empty="No run yet."
      rows={items.map(({ node }) => (
        <li key={node.id}>
          <Link className="mono" href={`/lens?run=${encodeURIComponent(node.id)}`} prefetch={false}>
            {node.promptText ?? 'token ids'}
          </Link>
          <small className="muted">
            <When at={node.createdAt} />
            {node.state !== 'DONE' && `, ${node.state.toLowerCase()}`}
          </small>
        </li>
      ))}
      testId="home-runs"
    />
  )
}

function TryThis() {
  return (
    <section className="card home-card home-tries" aria-label="Try this" data-testid="home-tries">
      <header>
        <h2>Try this</h2>
      </header>
      <ul>
        {TRIES.map(({ href, title, words }) => (
          <li key={href}>
            <Link href={href} prefetch={false}>
              {title}
            </Link>
            <small className="muted">{words}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function HomePage() {
  const me = useMe()
  return (
    <main className="page home" id="main">
      <h1>{me?.project?.name ?? 'Home'}</h1>
      <div className="home-cards">
        <Running />
        <Awaiting />
        <Latest />
        <Findings />
        <Runs />
        <TryThis />
      </div>
    </main>
  )
}
