// What the ask bar holds: the open run's question, unless something else is typed over it.
import type {
  CreateLensRunInput,
  LensKind,
  LensRunPartsFragment,
  ProviderChoice,
  TargetMode,
} from '../../graphql/generated/graphql'
import type { Draft } from './lens-view'

export interface Question {
  readonly modelId: string | null
  readonly prompt: string
  readonly target: string
  readonly mode: TargetMode
  readonly provider: ProviderChoice
}

type AskedRun = Pick<
  LensRunPartsFragment,
  'promptText' | 'targetText' | 'targetMode' | 'provider' | 'model'
>

export interface AskModel {
  readonly id: string
  readonly available: boolean
  readonly bundled: boolean
  readonly hasTokenizer: boolean
}

function firstModel(models: readonly AskModel[]): string | null {
  const usable = models.filter((model) => model.available && model.hasTokenizer)
  return (usable.find((model) => model.bundled) ?? usable[0] ?? models[0])?.id ?? null
}

export function questionOf(
  draft: Draft,
  run: AskedRun | null,
  models: readonly AskModel[],
): Question {
  return {
    modelId: draft.model ?? run?.model.id ?? firstModel(models),
    prompt: draft.prompt ?? run?.promptText ?? '',
    target: draft.target ?? run?.targetText?.trim() ?? '',
    mode: draft.mode ?? run?.targetMode ?? 'FIRST',
    provider: draft.provider ?? run?.provider ?? 'AUTO',
  }
}

/** Fields equal to the open run's are dropped, so that an address says only what differs. */
export function withDraft(draft: Draft, change: Partial<Draft>, run: AskedRun | null): Draft {
  const next = { ...draft, ...change }
  return {
    model: next.model === run?.model.id ? null : next.model,
    prompt: next.prompt === (run?.promptText ?? '') ? null : next.prompt,
    target: next.target === (run?.targetText?.trim() ?? '') ? null : next.target,
    mode: next.mode === (run?.targetMode ?? 'FIRST') ? null : next.mode,
    provider: next.provider === (run?.provider ?? 'AUTO') ? null : next.provider,
    promptId: change.prompt === undefined ? next.promptId : (change.promptId ?? null),
  }
}

/** An address may name a model that is not here any more, or never was. */
export function isModelMissing(
  { modelId }: Pick<Question, 'modelId'>,
  models: readonly Pick<AskModel, 'id'>[],
): boolean {
  return models.length > 0 && modelId !== null && !models.some(({ id }) => id === modelId)
}

/** The edits that the open run was asked under hold for the next question too, as long as it is of the same model. */
export function keptEdits(
  { modelId }: Pick<Question, 'modelId'>,
  run: Pick<LensRunPartsFragment, 'model' | 'editIds'> | null,
): readonly string[] {
  return run?.model.id === modelId ? (run?.editIds ?? []) : []
}

export type NotReady = 'model' | 'other model' | 'prompt' | 'target'

export function whatIsMissing(
  question: Question,
  models: readonly Pick<AskModel, 'id'>[] = [],
): NotReady | null {
  if (question.modelId === null) return 'model'
  if (isModelMissing(question, models)) return 'other model'
  if (question.prompt === '') return 'prompt'
  return question.target.trim() === '' ? 'target' : null
}

export const MISSING_TEXT: Readonly<Record<NotReady, string>> = {
  model: 'Add a model first: see Models.',
  'other model': 'There is no such model here. Choose another, or add it under Models.',
  prompt: 'Type a prompt: the beginning of a sentence whose next token you want to ask about.',
  target: 'Type a target: the token you would teach the model to say next.',
}

export function inputOf(
  question: Question,
  lens: LensKind,
  promptId: string | null,
  mutationId: string,
  /** What the model runs under. */
  editIds: readonly string[] = [],
): CreateLensRunInput {
  return {
    modelId: question.modelId ?? '',
    promptText: question.prompt,
    targetText: question.target,
    targetMode: question.mode,
    provider: question.provider,
    lens,
    clientMutationId: mutationId,
    ...(promptId === null ? {} : { promptId }),
    ...(editIds.length > 0 && { editIds: [...editIds] }),
  }
}
