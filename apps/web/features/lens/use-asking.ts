// The state behind the ask bar: question, live tokens, run, save, and what went wrong.
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useMutation, useQuery } from 'urql'
import { useHydrated } from '../../components/use-hydrated'
import { onReconnected } from '../../graphql/connection'
import {
  AskModelsDocument,
  CreateLensRunDocument,
  SavePromptDocument,
  type AskModelsQuery,
  type LensKind,
} from '../../graphql/generated/graphql'
import { useRefusal } from '../account/me'
import {
  inputOf,
  isModelMissing,
  MISSING_TEXT,
  keptEdits,
  questionOf,
  whatIsMissing,
  withDraft,
  type Question,
} from './ask-model'
import { EMPTY_DRAFT, type Draft, type LensView } from './lens-view'
import type { RunFacts } from './use-lens-run'
import type { UpdateView } from './use-lens-view'
import { useTokenization, type LiveTokens } from './use-tokenization'

export interface Complaint {
  readonly message: string
  readonly cure?: string
  readonly code?: string
}

export type AskableModel = AskModelsQuery['models']['edges'][number]['node']

export interface Asking {
  readonly models: readonly AskableModel[]
  readonly question: Question
  /** The question names a model that is not here. */
  readonly modelMissing: boolean
  readonly promptTokens: LiveTokens
  readonly targetTokens: LiveTokens
  readonly busy: boolean
  readonly saving: boolean
  readonly saved: boolean
  readonly complaint: Complaint | null
  readonly change: (change: Partial<Draft>) => void
  readonly submit: () => void
  readonly runWithLens: (lens: LensKind) => void
  /** The same question to the model as it is without edits. */
  readonly runUnedited: () => void
  readonly save: () => void
}

function useModels(): { readonly models: readonly AskableModel[]; readonly known: boolean } {
  const [{ data, error }, refetch] = useQuery({ query: AskModelsDocument })
  useEffect(() => onReconnected(() => refetch({ requestPolicy: 'network-only' })), [refetch])
  const models = useMemo(() => data?.models.edges.map((edge) => edge.node) ?? [], [data])
  const known = data !== undefined || error !== undefined
  return { models, known: useHydrated() && known }
}

interface Failure {
  readonly networkError?: Error | undefined
  readonly graphQLErrors: readonly {
    readonly message: string
    readonly extensions?: Record<string, unknown>
  }[]
}

function complaintOf(
  error: Failure | undefined,
  errors: readonly Complaint[] | undefined,
): Complaint | null {
  if (errors && errors.length > 0) return errors[0] ?? null
  if (!error) return null
  if (error.networkError)
    return {
      message: 'The API does not answer.',
      cure: 'Nothing is lost: run again when the connection is back.',
    }
  const first = error.graphQLErrors[0]
  const cure = typeof first?.extensions?.cure === 'string' ? first.extensions.cure : undefined
  return { message: first?.message ?? 'The run was refused.', ...(cure ? { cure } : {}) }
}

function useSave(question: Question, complain: (complaint: Complaint | null) => void) {
  const [{ fetching }, savePrompt] = useMutation(SavePromptDocument)
  const [savedFor, setSavedFor] = useState<string | null>(null)
  const key = `${question.modelId}\n${question.prompt}\n${question.target}`
  const save = useCallback(async () => {
    const { prompt: text, target, modelId } = question
    const result = await savePrompt({
      input: { text, target: target.trim() || null, modelId, tags: [] },
    })
    const complaint = complaintOf(result.error, result.data?.savePrompt.errors)
    complain(complaint)
    if (!complaint) setSavedFor(key)
  }, [question, savePrompt, complain, key])
  return {
    save: () => void save(),
    saving: fetching || question.prompt === '',
    saved: savedFor === key,
  }
}

function useLiveTokens({ modelId, prompt, target }: Question, modelMissing: boolean) {
  const known = modelMissing ? null : modelId
  return {
    promptTokens: useTokenization(known, prompt, 'PROMPT'),
    targetTokens: useTokenization(known, target, 'TARGET'),
  }
}

/** A name for this request; `randomUUID` exists only on secure pages. */
function newRequestName(): string {
  return typeof crypto.randomUUID === 'function'
    ? crypto.randomUUID()
    : `${Date.now()}-${Math.random().toString(36).slice(2)}`
}

function useChange(
  update: UpdateView,
  run: RunFacts | null,
  complain: (complaint: Complaint | null) => void,
) {
  return useCallback(
    (fields: Partial<Draft>) => {
      complain(null)
      update((current) => ({ draft: withDraft(current.draft, fields, run) }))
    },
    [update, run, complain],
  )
}

export function useAsking(
  view: LensView,
  update: UpdateView,
  run: RunFacts | null,
  onCreated: (run: RunFacts) => void,
): Asking {
  const { models, known } = useModels()
  const question = useMemo(() => questionOf(view.draft, run, models), [view.draft, run, models])
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const [{ fetching }, createRun] = useMutation(CreateLensRunDocument)
  const saving = useSave(question, setComplaint)
  const refusal = useRefusal('COMPUTE', 'run')
  const modelMissing = isModelMissing(question, models)
  // A run that nobody opened lends a question nothing of its own.
  const opened = view.run === null ? null : run
  const editIds = useMemo(() => keptEdits(question, opened), [question, opened])
  const live = useLiveTokens(question, modelMissing)

  const change = useChange(update, run, setComplaint)
  const start = useCallback(
    async (lens: LensKind, editIds: readonly string[]) => {
      if (refusal !== null) return setComplaint({ message: refusal })
      if (!known) return
      const missing = whatIsMissing(question, models)
      if (missing) return setComplaint({ message: MISSING_TEXT[missing] })
      const result = await createRun({
        input: inputOf(question, lens, view.draft.promptId, newRequestName(), editIds),
      })
      const created = result.data?.createLensRun
      setComplaint(complaintOf(result.error, created?.errors))
      if (!created?.run) return
      onCreated(created.run)
      update(
        {
          run: created.run.id,
          draft: EMPTY_DRAFT,
          lens: null,
          layer: null,
          position: null,
          pins: [],
        },
        'push',
      )
    },
    [refusal, known, question, models, createRun, view.draft.promptId, update, onCreated],
  )
  const lens = view.lens ?? run?.lens ?? 'FINAL_NORM'
  return {
    models,
    question,
    modelMissing,
    ...live,
    busy: fetching || !known,
    complaint,
    ...saving,
    change,
    submit: () => void start(lens, editIds),
    runUnedited: () => void start(lens, []),
    runWithLens: (other) => void start(other, editIds),
  }
}
