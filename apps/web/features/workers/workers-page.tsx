'use client'
// Who computes: every worker with what it does, what waits, and how one more is added.
import Link from 'next/link'
import { useEffect } from 'react'
import { useQuery } from 'urql'
import { CopyText } from '../../components/copy-text'
import { Problem } from '../../components/problem'
import { onReconnected } from '../../graphql/connection'
import { WorkersDocument } from '../../graphql/generated/graphql'
import { useNow } from '../datasets/use-now'
import { ageOf } from '../edits/edit-words'
import { sayRate } from '../evaluations/evaluation-words'
import { showCount } from '../lens/numbers'
import { showBytes } from '../models/model-facts'
import {
  inOrder,
  queueLines,
  totalsOf,
  type QueueLine,
  type WorkerItem,
  type WorkersReport,
} from './worker-facts'

const EVERY_MS = 3000
const COLUMNS = [
  ['Worker', 'Machine and process'],
  ['Device', 'What it computes on'],
  ['Does', 'What it is at, and the model it has loaded'],
  ['Rate', 'Edits of evaluations a second: one per arm and case'],
  ['Memory', 'Of the worker, and of its engine'],
  ['Since', 'When it started, and when it was last heard of'],
] as const

function useWorkers() {
  const [{ data, error }, refetch] = useQuery({
    query: WorkersDocument,
    requestPolicy: 'cache-and-network',
  })
  useEffect(() => {
    const read = () => refetch({ requestPolicy: 'network-only' })
    const stop = onReconnected(read)
    const timer = setInterval(() => document.visibilityState === 'visible' && read(), EVERY_MS)
    return () => {
      stop()
      clearInterval(timer)
    }
  }, [refetch])
  return { report: data?.workers ?? null, error: data ? undefined : error }
}

function Doing({ worker }: { readonly worker: WorkerItem }) {
  if (!worker.alive) return <span className="faint">–</span>
  const words = worker.doing ?? 'waiting for work'
  return (
    <>
      {worker.evaluationId ? (
        <Link href={`/evaluations/${worker.evaluationId}`} prefetch={false}>
          {words}
        </Link>
      ) : (
        <span className={worker.doing ? undefined : 'muted'}>{words}</span>
      )}
      <small className="muted">{worker.model ?? 'no model loaded'}</small>
    </>
  )
}

function Row({ worker, now }: { readonly worker: WorkerItem; readonly now: number }) {
  return (
    <tr data-testid="worker-row" data-alive={worker.alive || undefined}>
      <td className="row-name">
        <span className="row-title">
          <b className="worker-machine">{worker.machine}</b>
          <span className="badge" data-state={worker.alive ? 'done' : 'cancelled'}>
            {worker.alive ? 'alive' : 'gone'}
          </span>
        </span>
        <small className="muted mono">process {worker.processId}</small>
      </td>
      <td>
        {worker.device ?? <span className="faint">–</span>}
        {worker.notes.map((note) => (
          <small key={note} className="muted" title={note}>
            {note}
          </small>
        ))}
      </td>
      <td>
        <Doing worker={worker} />
      </td>
      <td className="number">{sayRate(worker.casesPerSecond) ?? '–'}</td>
      <td className="tabular">
        {worker.residentBytes === null ? '–' : showBytes(worker.residentBytes)}
        {worker.engineBytes !== null && (
          <small className="muted">engine {showBytes(worker.engineBytes)}</small>
        )}
      </td>
      <td className="muted tabular">
        <time dateTime={worker.startedAt}>{ageOf(worker.startedAt, now)}</time>
        <small>
          heard {ageOf(worker.seenAt, now)}
          {ageOf(worker.seenAt, now) === 'now' ? '' : ' ago'}
        </small>
      </td>
    </tr>
  )
}

function Queue({ lines }: { readonly lines: readonly QueueLine[] }) {
  return (
    <section className="card" aria-label="Waiting">
      <dl className="queue" data-testid="queue">
        {lines.map(({ name, label, meaning, count }) => (
          <div
            key={name}
            title={`${meaning} that wait for a worker`}
            data-none={count === 0 || undefined}
          >
            <dt>{label} waiting</dt>
            <dd className="tabular">{showCount(count)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function AddOne({ command }: { readonly command: string }) {
  return (
    <section className="card pad" aria-label="Add a worker">
      <h2>Add another machine</h2>
      <p className="muted">
        Run this in a clone of Imprint there. Workers find their work in the shared database and
        need nothing from each other; one that is lost is noticed, and what it held is computed
        again.
      </p>
      <div className="worker-command">
        <pre className="command" data-testid="worker-command" tabIndex={0}>
          {command}
        </pre>
        <CopyText text={command} label="Copy" />
      </div>
    </section>
  )
}

function Table({ report }: { readonly report: WorkersReport }) {
  const now = useNow(5000)
  return (
    <div className="card table-card" tabIndex={0} role="region" aria-label="Workers">
      <table className="rows-table workers-table">
        <thead>
          <tr>
            {COLUMNS.map(([name, meaning]) => (
              <th key={name} scope="col" title={meaning}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {inOrder(report.workers).map((worker) => (
            <Row key={worker.id} worker={worker} now={now} />
          ))}
          {report.workers.length === 0 && (
            <tr className="plain">
              <td colSpan={COLUMNS.length} className="none" data-testid="no-workers">
                No worker is running: what is asked for waits. <code>npm start</code> starts one on
                this machine.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  )
}

function Totals({ report }: { readonly report: WorkersReport }) {
  const { alive, machines, casesPerSecond } = totalsOf(report.workers)
  return (
    <p className="muted tabular" role="status">
      {alive} alive on {machines} machine{machines === 1 ? '' : 's'}
      {casesPerSecond > 0 && `, ${sayRate(casesPerSecond) ?? ''}`}
    </p>
  )
}

export function WorkersPage() {
  const { report, error } = useWorkers()
  return (
    <main className="page" id="main">
      <div className="bar">
        <h1 className="grow">Workers</h1>
        {report && <Totals report={report} />}
      </div>
      {error && (
        <Problem
          title="The workers could not be read"
          message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'}
        />
      )}
      {!report && !error && <div className="card skeleton" style={{ height: 320 }} />}
      {report && (
        <>
          <Table report={report} />
          <Queue lines={queueLines(report.queue)} />
          <AddOne command={report.command} />
        </>
      )}
    </main>
  )
}
