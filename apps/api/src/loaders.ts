// One set per request: each collects the ids that are asked for in a tick and asks the database once.
import DataLoader from 'dataloader'
import { unknownPerson } from './features/account/person.type.js'
import type { Person } from './features/account/person.type.js'
import type { Viewer } from './features/account/viewer.js'
import type { AnchorWords } from './features/anchor/anchor-words.js'
import type { StoredAnchor } from './features/anchor/anchor.js'
import { noSuchReply, toComment } from './features/comment/comment-values.js'
import type { ReactionRow, RepliesAsked } from './features/comment/comment.repository.js'
import type { Comment } from './features/comment/comment.type.js'
import type { Dataset } from './features/dataset/dataset.type.js'
import type { EditDelta } from './features/edit/edit-reading.type.js'
import type { EditTask } from './features/edit/edit-task.type.js'
import { toDeltaHead, toResultValues } from './features/edit/edit-values.js'
import type { EditResultValues } from './features/edit/edit-values.js'
import type { Edit } from './features/edit/edit.type.js'
import type { Evaluation, EvaluationArm } from './features/evaluation/evaluation.type.js'
import type { LensRun } from './features/lens-run/lens-run.type.js'
import type { RunResultHead } from './features/lens-run/run-summary.js'
import type { Model } from './features/model/model.type.js'
import type { Prompt } from './features/prompt/prompt.type.js'
import type { ReviewEventRow } from './features/review/review.repository.js'
import type { Review } from './features/review/review.type.js'
import type { Slice } from './features/slice/slice.type.js'
import type { Services } from './services.js'
import { createNotesLoaders } from './services/notes-loaders.js'
import type { NotesLoaders } from './services/notes-loaders.js'
import { byId, loaderOf } from './services/loader-of.js'
import { createQueueLoaders } from './services/queue-loaders.js'
import type { QueueLoaders } from './services/queue-loaders.js'

export interface Loaders extends NotesLoaders, QueueLoaders {
  readonly model: DataLoader<string, Model | null>
  readonly prompt: DataLoader<string, Prompt | null>
  readonly promptRunCount: DataLoader<string, number>
  readonly lastRunOfPrompt: DataLoader<string, LensRun | null>
  readonly userName: DataLoader<string, string>
  readonly person: DataLoader<string, Person>
  readonly anchorWords: DataLoader<StoredAnchor, AnchorWords, string>
  readonly reactions: DataLoader<string, readonly ReactionRow[]>
  readonly replies: DataLoader<RepliesAsked, Comment[], string>
  readonly replyCount: DataLoader<string, number>
  readonly reviewers: DataLoader<string, readonly { readonly userId: string }[]>
  readonly reviewEvents: DataLoader<string, readonly ReviewEventRow[]>
  /** The newest review of a thing, by its anchor’s key. */
  readonly reviewOf: DataLoader<string, Review | null>
  readonly reviewStale: DataLoader<Review, boolean, string>
  readonly resultHead: DataLoader<string, RunResultHead | null>
  readonly dataset: DataLoader<string, Dataset | null>
  readonly run: DataLoader<string, LensRun | null>
  readonly slice: DataLoader<string, Slice | null>
  readonly edit: DataLoader<string, Edit | null>
  readonly taskOfEdit: DataLoader<string, EditTask | null>
  readonly editResult: DataLoader<string, EditResultValues | null>
  readonly editDeltas: DataLoader<string, EditDelta[]>
  readonly evaluation: DataLoader<string, Evaluation | null>
  readonly armsOfEvaluation: DataLoader<string, EvaluationArm[]>
  readonly sliceCases: DataLoader<string, number>
}

function groupsOf<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}

/** What was loaded for one message of a subscription is not what there is at the next. */
export function forgetLoaded(loaders: Loaders): void {
  for (const loader of Object.values(loaders) as { clearAll(): unknown }[]) loader.clearAll()
}

const createRepliesLoader = (
  { commentRows }: Services,
  { projectId }: Viewer,
): Loaders['replies'] =>
  new DataLoader<RepliesAsked, Comment[], string>(
    async (asked) => {
      const answers = await commentRows.replies(projectId, asked)
      return answers.map((rows) => rows?.map((row) => toComment(row, [])) ?? noSuchReply())
    },
    { cacheKeyFn: ({ parentId, first, after }) => `${parentId} ${first} ${after}` },
  )

export function createLoaders(services: Services, viewer: Viewer): Loaders {
  return {
    ...createNotesLoaders(services, viewer),
    ...createQueueLoaders(services),
    model: loaderOf(async (ids) => byId(await services.models.byIds(viewer, ids)), null),
    prompt: loaderOf(async (ids) => byId(await services.prompts.byIds(viewer, ids)), null),
    promptRunCount: loaderOf((ids) => services.runs.countByPrompt(ids), 0),
    lastRunOfPrompt: loaderOf(async (ids) => {
      const runs = await services.lensRuns.newestByPrompt(ids)
      return new Map(runs.map((run) => [run.promptId as string, run]))
    }, null),
    userName: loaderOf((ids) => services.accounts.userNames(ids), 'somebody'),
    person: new DataLoader(async (ids) => {
      const found = await services.accounts.people(ids)
      return ids.map((id) => found.get(id) ?? unknownPerson(id))
    }),
    anchorWords: new DataLoader((anchors) => services.anchors.words(viewer, anchors), {
      cacheKeyFn: ({ key }) => key,
    }),
    reactions: loaderOf(
      async (ids) =>
        groupsOf(await services.commentRows.reactions(ids), ({ commentId }) => commentId),
      [],
    ),
    replies: createRepliesLoader(services, viewer),
    replyCount: loaderOf((ids) => services.commentRows.replyCounts(viewer.projectId, ids), 0),
    reviewers: loaderOf(
      async (ids) => groupsOf(await services.reviewRows.reviewers(ids), ({ reviewId }) => reviewId),
      [],
    ),
    reviewEvents: loaderOf(
      async (ids) => groupsOf(await services.reviewRows.events(ids), ({ reviewId }) => reviewId),
      [],
    ),
    reviewOf: loaderOf((keys) => services.reviews.newestOf(viewer, keys), null),
    reviewStale: new DataLoader((reviews) => services.reviews.stale(viewer, reviews), {
      cacheKeyFn: ({ id, version }) => `${id} ${version}`,
    }),
    resultHead: loaderOf((ids) => services.results.heads(ids), null),
    run: loaderOf(async (ids) => byId(await services.lensRuns.byIds(viewer, ids)), null),
    slice: loaderOf(async (ids) => byId(await services.slices.byIds(viewer, ids)), null),
    dataset: loaderOf(async (ids) => byId(await services.datasets.byIds(viewer, ids)), null),
    edit: loaderOf(async (ids) => byId(await services.edits.byIds(viewer, ids)), null),
    taskOfEdit: loaderOf((ids) => services.editTasks.byEdits(ids), null),
    editResult: loaderOf(async (ids) => {
      const rows = await services.editContents.results(ids)
      return new Map([...rows].map(([id, row]) => [id, toResultValues(row)]))
    }, null),
    editDeltas: loaderOf(async (ids) => {
      const heads = await services.editContents.deltaHeads(ids)
      return new Map([...heads].map(([id, deltas]) => [id, deltas.map(toDeltaHead)]))
    }, []),
    evaluation: loaderOf(async (ids) => byId(await services.evaluations.byIds(viewer, ids)), null),
    armsOfEvaluation: loaderOf((ids) => services.evaluations.armsOf(ids), []),
    sliceCases: loaderOf((ids) => services.evaluations.sliceCases(ids), 0),
  }
}
