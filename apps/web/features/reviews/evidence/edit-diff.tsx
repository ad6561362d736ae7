'use client'
// The edit beside another one that the reader picks.
import { useState } from 'react'
import { useClient, useQuery } from 'urql'
import { Choice } from '../../../components/choice'
import { Problem } from '../../../components/problem'
import {
  DiffEditsDocument,
  DiffTaskDocument,
  EditsDocument,
  type DiffTaskQuery,
} from '../../../graphql/generated/graphql'
import { useTalker } from '../../comments'
import { DiffTables } from '../../edits/compare/diff-tables'
import { editTitle } from '../../edits/edit-words'
import { askTask } from '../../edits/follow-task'
import type { EditFacts } from '../../edits/result/effect-model'
import { useAnswer } from '../../edits/use-answer'

type DiffTask = NonNullable<DiffTaskQuery['editTask']>

const MOST = 50

function useDiff(a: string, b: string) {
  const client = useClient()
  return useAnswer<DiffTask>(b === '' ? null : `${a} ${b}`, (onProgress) =>
    askTask<DiffTask>(
      client,
      async () => {
        const variables = { firstId: a, secondId: b }
        const { data, error } = await client.mutation(DiffEditsDocument, variables).toPromise()
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

export function EditDiff({ edit }: { readonly edit: EditFacts }) {
  const talker = useTalker()
  const [other, setOther] = useState('')
  const [{ data }] = useQuery({
    query: EditsDocument,
    variables: { first: MOST, filter: { modelId: edit.model.id, state: 'DONE' } },
  })
  const { task, complaint, progress, busy } = useDiff(edit.id, other)
  const others = (data?.edits.edges ?? [])
    .map(({ node }) => node)
    .filter(({ id }) => id !== edit.id)
  return (
    <section className="card talk-card" data-testid="review-diff">
      <header className="bar">
        <h2 className="grow">Against another edit</h2>
        <Choice<string>
          caption="Other"
          value={other}
          disabled={others.length === 0 || !talker.may('COMPUTE')}
          options={[
            { value: '', label: others.length === 0 ? 'there is none' : 'choose' },
            ...others.map((one) => ({ value: one.id, label: editTitle(one) })),
          ]}
          onChange={setOther}
        />
      </header>
      {complaint && <Problem title="The edits were not compared" {...complaint} />}
      {busy && (
        <p className="muted" role="status">
          Comparing: {progress?.stage ?? 'asking'} …
        </p>
      )}
      {!busy && other !== '' && task?.diff && <DiffTables diff={task.diff} />}
    </section>
  )
}
