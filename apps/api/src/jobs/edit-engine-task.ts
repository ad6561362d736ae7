// A claimed computation about edits -> the task that the engine is given, with whole edits in the place of their ids.
import { LensEngineError } from '../engine/engine-vocabulary.js'
import type {
  ComputeEditTask,
  DiffEditsTask,
  Edit,
  EditEffect,
  TryEditsTask,
} from '../engine/engine-vocabulary.js'
import type { EditContentRepository } from '../features/edit/edit-content.repository.js'
import type { EditProbes } from '../features/edit/edit.type.js'
import type { DiffQuestion, EditQuestion, TryQuestion } from '../features/edit/task-input.js'

type PromptEffect = EditEffect['prompts'][number]
type EngineProbes = NonNullable<ComputeEditTask['probes']>
type Contents = Pick<EditContentRepository, 'load' | 'results'>

/** Whole edits in order. @throws EDIT_INVALID for one that is gone, or is not what it says */
export async function loadEdits(contents: Contents, ids: readonly string[]): Promise<Edit[]> {
  const edits = await contents.load(ids)
  return edits.map((edit, index) => {
    if (edit !== null) return edit
    throw new LensEngineError('EDIT_INVALID', `there is no computed edit ${ids[index]}`, {
      details: { edit: String(ids[index]), reason: 'ABSENT' },
      cure: 'It was deleted meanwhile: ask again without it.',
    })
  })
}

/** What COMPUTE and PREVIEW ask alike. */
export async function toWantedEdit(
  model: string,
  { method, requests, hyperparameters, seed, onTopOf, probes }: EditQuestion,
  contents: Contents,
): Promise<Omit<ComputeEditTask, 'kind'>> {
  return {
    ...{ model, requests, hyperparameters, seed },
    method: method as ComputeEditTask['method'],
    onTopOf: await loadEdits(contents, onTopOf),
    probes: toEngineProbes(probes),
  }
}

const toEngineProbes = ({ truth, asked = [], ...probes }: EditProbes): EngineProbes => ({
  ...probes,
  ...(truth === null ? {} : { truth }),
  ...(asked.length === 0
    ? {}
    : {
        asked: asked.map(({ prompt, target }) =>
          target === null ? { prompt } : { prompt, target },
        ),
      }),
})

export async function toTryTask(
  model: string,
  { editIds, prompt, target, generate }: TryQuestion,
  contents: Contents,
): Promise<TryEditsTask> {
  const edits = await loadEdits(contents, editIds)
  const asked = { kind: 'try-edits', model, edits, prompt, generate } as const
  return target === null ? asked : { ...asked, target }
}

/** The two are compared on every prompt that either was measured with. */
export async function toDiffTask(
  model: string,
  { firstId, secondId }: DiffQuestion,
  contents: Contents,
): Promise<DiffEditsTask> {
  const [first, second] = (await loadEdits(contents, [firstId, secondId])) as [Edit, Edit]
  const results = await contents.results([firstId, secondId])
  const known = [firstId, secondId].map((id) => results.get(id))
  const [firstReadings, secondReadings] = known.map((result) => result?.readings)
  return {
    ...{ kind: 'diff-edits', model, first, second },
    prompts: promptsOf(known.flatMap((result) => result?.effect.prompts ?? [])),
    ...(firstReadings === undefined ? {} : { firstReadings }),
    ...(secondReadings === undefined ? {} : { secondReadings }),
  }
}

/** Each prompt once, with the target that was followed first. */
function promptsOf(
  effects: readonly Pick<PromptEffect, 'kind' | 'prompt' | 'target'>[],
): DiffEditsTask['prompts'] {
  return effects
    .filter((one, index) => effects.findIndex(({ prompt }) => prompt === one.prompt) === index)
    .map(({ kind, prompt, target }) =>
      target === null ? { kind, prompt } : { kind, prompt, target },
    )
}
