'use client'
// What the edits that are on do together: a prompt, and the next tokens and text before and after, as the switches change.
import { useState } from 'react'
import { useClient } from 'urql'
import { Problem } from '../../../components/problem'
import { useDebouncedValue } from '../../../components/use-debounced-value'
import {
  TryEditsDocument,
  TryTaskDocument,
  type EditListPartsFragment,
  type TryTaskQuery,
} from '../../../graphql/generated/graphql'
import { LevelBadge } from '../badges'
import { Generations } from '../effect/generations'
import { NextTokens } from '../effect/next-tokens'
import { joinPrompt } from '../edit-words'
import { askTask } from '../follow-task'
import { worstGrowth } from '../result/effect-model'
import { useAnswer, type Answering } from '../use-answer'
import { WriteButton } from '../../account/write-button'

interface TryPromptProps {
  readonly modelId: string
  readonly order: readonly string[]
  /** Its prompt stands in the field at first. */
  readonly first: EditListPartsFragment | undefined
  /** Whether the switches were touched: until then the model is asked only when someone wants it. */
  readonly live: boolean
}

type TryTask = NonNullable<TryTaskQuery['editTask']>

function useTry(modelId: string, order: readonly string[], prompt: string, target: string) {
  const client = useClient()
  const asked = prompt.trim()
  const question = useDebouncedValue(
    asked === '' ? null : JSON.stringify([modelId, order, asked, target]),
    300,
  )
  return useAnswer<TryTask>(question, (onProgress) => {
    const input = {
      modelId,
      editIds: [...order],
      prompt: asked,
      target: target || null,
      generate: true,
    }
    return askTask<TryTask>(
      client,
      async () => {
        const { data, error } = await client.mutation(TryEditsDocument, { input }).toPromise()
        return { data: data?.tryEdits, error }
      },
      async (id) => {
        const { data } = await client
          .query(TryTaskDocument, { id }, { requestPolicy: 'network-only' })
          .toPromise()
        return data?.editTask ?? null
      },
      onProgress,
    )
  })
}

const sayOn = (count: number): string =>
  count === 0 ? 'No edit is on.' : `${count} ${count === 1 ? 'edit is' : 'edits are'} on.`

function TryState({
  answering: { task, busy, progress },
  count,
}: {
  readonly answering: Answering<TryTask>
  readonly count: number
}) {
  const worst = worstGrowth(task?.growth ?? [])
  return (
    <p className="muted try-state" aria-live="polite">
      {busy && `Asking the model: ${progress?.stage ?? 'waiting'} …`}
      {!busy && task && sayOn(count)}
      {!busy && worst && count > 0 && (
        <>
          {' '}
          Strength together: <LevelBadge level={worst.level} />
        </>
      )}
    </p>
  )
}

export function TryPrompt({ modelId, order, first, live }: TryPromptProps) {
  const request = first?.requests[0]
  const [typed, setTyped] = useState<string | null>(null)
  const [wanted, setWanted] = useState(false)
  const own = request ? joinPrompt(request.prompt, request.subject) : ''
  const prompt = typed ?? own
  const target = typed === null || typed === own ? (request?.target ?? '') : ''
  const answering = useTry(modelId, order, live || wanted || typed !== null ? prompt : '', target)
  const { task, complaint, busy } = answering
  const effect = task?.effect
  const shown = effect?.prompts[0]
  return (
    <div className="try" data-testid="try">
      <div className="try-ask">
        <label>
          <span>Try a prompt under the edits that are on</span>
          <input
            className="input mono"
            value={prompt}
            placeholder="The capital of France is"
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => event.key === 'Enter' && setWanted(true)}
          />
        </label>
        {!task && !busy && (
          <WriteButton
            verb="run"
            type="button"
            className="button small"
            disabled={prompt.trim() === ''}
            onClick={() => setWanted(true)}
          >
            See the effect
          </WriteButton>
        )}
      </div>
      <TryState answering={answering} count={order.length} />
      {complaint && (
        <Problem
          title="The prompt was not tried"
          message={complaint.message}
          cure={complaint.cure}
        />
      )}
      {effect && shown && (
        <div className="try-effect" data-stale={busy || undefined} data-testid="try-effect">
          <NextTokens prompt={shown} most={6} />
          <Generations pairs={effect.generations} />
        </div>
      )}
    </div>
  )
}
