'use client'
// The edits that are on, merged into weights of their own: a new model with a name.
import Link from 'next/link'
import { useId, useState } from 'react'
import { useClient } from 'urql'
import { Problem } from '../../../components/problem'
import {
  ExportEditsDocument,
  ExportTaskDocument,
  type ExportTaskQuery,
} from '../../../graphql/generated/graphql'
import { showNumber } from '../../lens/numbers'
import { showBytes } from '../../models/model-facts'
import { askTask, type Asked, type TaskProgress } from '../follow-task'
import { WriteButton } from '../../account/write-button'

interface ExportMergedProps {
  readonly modelId: string
  readonly order: readonly string[]
}

type ExportTask = NonNullable<ExportTaskQuery['editTask']>

const CHANGES_MODELS = { additionalTypenames: ['Model', 'ModelConnection'] }

function useExport({ modelId, order }: ExportMergedProps) {
  const client = useClient()
  const [progress, setProgress] = useState<TaskProgress | null>(null)
  const [asked, setAsked] = useState<Asked<ExportTask> | null>(null)
  const [busy, setBusy] = useState(false)
  const start = async (name: string) => {
    setBusy(true)
    setAsked(null)
    const answer = await askTask<ExportTask>(
      client,
      async () => {
        const variables = { modelId, editIds: [...order], name }
        const { data, error } = await client
          .mutation(ExportEditsDocument, variables, CHANGES_MODELS)
          .toPromise()
        const task = data?.exportEdits.task
        return {
          data: data && {
            errors: data.exportEdits.errors,
            task: task ? { ...task, exported: null } : null,
          },
          error,
        }
      },
      async (id) => {
        const { data } = await client
          .query(ExportTaskDocument, { id }, { requestPolicy: 'network-only' })
          .toPromise()
        return data?.editTask ?? null
      },
      setProgress,
    )
    setAsked(answer)
    setBusy(false)
  }
  return { progress, asked, busy, start }
}

export function ExportMerged(props: ExportMergedProps) {
  const id = useId()
  const [name, setName] = useState('')
  const { progress, asked, busy, start } = useExport(props)
  const exported = asked?.kind === 'ended' ? asked.task.exported : null
  return (
    <form
      className="export-merged"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) void start(name.trim())
      }}
    >
      <label htmlFor={id}>Export the merged model as</label>
      <input
        id={id}
        className="input mono"
        value={name}
        placeholder="facts-berlin"
        onChange={(event) => setName(event.target.value)}
      />
      <WriteButton
        verb="export models"
        type="submit"
        className="button small"
        disabled={busy || name.trim() === ''}
      >
        Export merged model
      </WriteButton>
      <span className="muted" aria-live="polite">
        {busy &&
          `${progress?.stage ?? 'Starting'}${progress?.total ? ` ${progress.done ?? 0} of ${progress.total}` : ''} …`}
        {exported && (
          <>
            <Link
              className="link"
              href={`/models${exported.modelId ? `#model-${exported.modelId}` : ''}`}
            >
              {exported.modelName}
            </Link>{' '}
            is among the models: {showBytes(exported.bytes)}, {exported.checkedTensors} tensors read
            back, logits within {showNumber(exported.largestDifference, 2)} of the edited model.
          </>
        )}
      </span>
      {asked?.kind === 'refused' && (
        <Problem
          title="The merged model was not made"
          message={asked.complaint.message}
          cure={asked.complaint.cure}
          code={asked.complaint.code}
        />
      )}
    </form>
  )
}
