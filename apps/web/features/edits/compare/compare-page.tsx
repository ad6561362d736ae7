'use client'
// Two edits beside each other: how alike their directions and words are, which prompts flip, their losses and settings.
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useClient, useQuery } from 'urql'
import { Problem } from '../../../components/problem'
import {
  ComparedEditsDocument,
  DiffEditsDocument,
  DiffTaskDocument,
  type DiffTaskQuery,
} from '../../../graphql/generated/graphql'
import { editTitle } from '../edit-words'
import { askTask } from '../follow-task'
import { RequestLine } from '../request-line'
import { useAnswer } from '../use-answer'
import type { ComparedEdit } from './compared-edit'
import { DiffTables } from './diff-tables'
import { Losses, Settings } from './side-by-side'

type DiffTask = NonNullable<DiffTaskQuery['editTask']>

function useDiff(a: string, b: string, ready: boolean) {
  const client = useClient()
  return useAnswer<DiffTask>(ready ? `${a} ${b}` : null, (onProgress) =>
    askTask<DiffTask>(
      client,
      async () => {
        const variables = { firstId: a, secondId: b }
        const { data, error } = await client
          .mutation(DiffEditsDocument, variables, { automatic: true })
          .toPromise()
        return { data: data?.diffEdits, error }
      },
      async (id) => {
        const { data } = await client
          .query(DiffTaskDocument, { id }, { requestPolicy: 'network-only' })
          .toPromise()
        return data?.editTask ?? null
      },
      onProgress,
    ),
  )
}

function Head({ edit, letter }: { readonly edit: ComparedEdit; readonly letter: 'A' | 'B' }) {
  const [request] = edit.requests
  return (
    <section className="card pad compare-head" data-letter={letter}>
      <h2>
        <span className="letter">{letter}</span>{' '}
        <Link href={`/edits/${edit.id}`} prefetch={false}>
          {editTitle(edit)}
        </Link>
      </h2>
      {request && <RequestLine request={request} truth={edit.probes.truth} />}
      <p className="muted">
        {edit.methodTitle} on {edit.model.name}
      </p>
    </section>
  )
}

function NotTwo({ message }: { readonly message: string }) {
  return (
    <Problem title="Nothing to compare" message={message}>
      <Link className="button small" href="/edits">
        Choose two edits
      </Link>
    </Problem>
  )
}

/** Holds the place of everything that follows: what is below the comparison would jump when it arrives. */
function Comparing({ stage }: { readonly stage: string | undefined }) {
  return (
    <div className="card pad skeleton" style={{ height: 480 }}>
      <p className="muted" role="status">
        Comparing: {stage ?? 'asking'} …
      </p>
    </div>
  )
}

function Compared({
  first,
  second,
}: {
  readonly first: ComparedEdit
  readonly second: ComparedEdit
}) {
  const { task, complaint, fresh, progress } = useDiff(first.id, second.id, true)
  return (
    <>
      <div className="effect-row even">
        <Head edit={first} letter="A" />
        <Head edit={second} letter="B" />
      </div>
      {complaint && (
        <Problem
          title="The edits were not compared"
          message={complaint.message}
          cure={complaint.cure}
          code={complaint.code}
        />
      )}
      {fresh ? (
        <>
          {task?.diff && <DiffTables diff={task.diff} />}
          <div className="effect-row even">
            <Settings first={first} second={second} />
            <Losses first={first} second={second} />
          </div>
        </>
      ) : (
        <Comparing stage={progress?.stage} />
      )}
    </>
  )
}

export function ComparePage() {
  const params = useSearchParams()
  const [a, b] = [params.get('a') ?? '', params.get('b') ?? '']
  const [{ data, error }] = useQuery({
    query: ComparedEditsDocument,
    variables: { first: a, second: b },
    pause: a === '' || b === '',
  })
  const { first, second } = data ?? {}
  const unequal = first && second && first.model.id !== second.model.id
  const unfinished = [first, second].some((edit) => edit && edit.task.state !== 'DONE')
  return (
    <main className="page" id="main">
      <h1>Compare edits</h1>
      {(a === '' || b === '') && <NotTwo message="The address names fewer than two edits." />}
      {data && (!first || !second) && <NotTwo message="One of the two does not exist any more." />}
      {error && !data && (
        <NotTwo message={error.graphQLErrors[0]?.message ?? 'The API does not answer.'} />
      )}
      {unequal && (
        <NotTwo message="They belong to different models: their directions cannot be compared." />
      )}
      {!unequal && unfinished && <NotTwo message="One of the two has no result yet." />}
      {!data && !error && a !== '' && b !== '' && (
        <div className="card skeleton" style={{ height: 320 }} />
      )}
      {first && second && !unequal && !unfinished && <Compared first={first} second={second} />}
    </main>
  )
}
