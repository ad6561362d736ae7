// Queries, mutations and the subscription of lens runs.
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  Float,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments, pageAsked } from '../../pagination/page-arguments.js'
import { Edit } from '../edit/edit.type.js'
import { Model } from '../model/model.type.js'
import { DeletePayload, Prompt } from '../prompt/prompt.type.js'
import { CreateLensRunInput, LensRunFilter } from './lens-run.input.js'
import { LensRun, LensRunConnection, LensRunPayload, LensRunProgress } from './lens-run.type.js'
import { estimateRun } from './progress.service.js'

@Resolver(() => LensRun)
export class LensRunResolver {
  @Query(() => LensRunConnection, {
    description: 'Runs, newest first.',
    complexity: listComplexity,
  })
  lensRuns(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => LensRunFilter, {
      nullable: true,
      description: 'Which runs; all when absent.',
    })
    filter: LensRunFilter | null,
    @Ctx() context: RequestContext,
  ): Promise<Connection<LensRun>> {
    return context.services.lensRuns.list(context.viewer, pageAsked(page), filter ?? {})
  }

  @Query(() => LensRun, {
    nullable: true,
    description: 'One run; null when there is none with this id.',
  })
  lensRun(
    @Arg('id', () => ID, { description: 'Id of the run.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<LensRun | null> {
    return context.services.lensRuns.get(context.viewer, id)
  }

  @Mutation(() => LensRunPayload, {
    description: 'Queues a run after checking everything that can be checked without computing.',
  })
  createLensRun(
    @Arg('input', () => CreateLensRunInput, { description: 'What to read.' })
    input: CreateLensRunInput,
    @Ctx() context: RequestContext,
  ): Promise<LensRunPayload> {
    return payloadOf(async () => ({
      run: await context.services.lensRuns.create(context.viewer, input),
    }))
  }

  @Mutation(() => LensRunPayload, { description: 'Cancels a run that waits or is being computed.' })
  cancelLensRun(
    @Arg('id', () => ID, { description: 'Id of the run.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<LensRunPayload> {
    return payloadOf(async () => ({
      run: await context.services.lensRuns.cancel(context.viewer, id),
    }))
  }

  @Mutation(() => LensRunPayload, { description: 'Queues a failed or cancelled run again.' })
  retryLensRun(
    @Arg('id', () => ID, { description: 'Id of the run.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<LensRunPayload> {
    return payloadOf(async () => ({
      run: await context.services.lensRuns.retry(context.viewer, id),
    }))
  }

  @Mutation(() => DeletePayload, {
    description: 'Deletes a run and its results; cancels it first if it is being computed.',
  })
  deleteLensRun(
    @Arg('id', () => ID, { description: 'Id of the run.' }) id: string,
    @Ctx() context: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({
      deletedId: await context.services.lensRuns.remove(context.viewer, id),
    }))
  }

  @Subscription(() => LensRunProgress, {
    description: 'Progress of a run: a snapshot first, then every change, until it ended.',
    subscribe: ({ args, context }: { args: Record<string, unknown>; context: RequestContext }) =>
      context.services.progress.follow(
        context.viewer,
        args['runId'] as string,
        args['afterVersion'] as number | null | undefined,
      ),
  })
  lensRunProgress(
    @Arg('runId', () => ID, { description: 'Id of the run.' }) _runId: string,
    @Arg('afterVersion', () => Int, {
      nullable: true,
      description: 'The last version that was seen: nothing older or equal is sent again.',
    })
    _afterVersion: number | null,
    @Root() progress: LensRunProgress,
  ): LensRunProgress {
    return progress
  }

  @FieldResolver(() => Model, { description: 'The model.' })
  async model(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<Model> {
    const model = await context.loaders.model.load(run.modelId)
    if (model === null) throw new Error(`Run ${run.id} has no model`)
    return model
  }

  @FieldResolver(() => [Edit], {
    description: 'The edits the model runs under, in order; those deleted meanwhile are left out.',
  })
  async edits(@Root() { editIds }: LensRun, @Ctx() { loaders }: RequestContext): Promise<Edit[]> {
    const edits = await Promise.all(editIds.map((id) => loaders.edit.load(id)))
    return edits.filter((edit) => edit !== null)
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Its place in the queue, 1 = next; null when it does not wait.',
  })
  async queuePosition(
    @Root() { id, state }: LensRun,
    @Ctx() { loaders }: RequestContext,
  ): Promise<number | null> {
    return state === 'QUEUED' ? loaders.runPlace.load(id) : null
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Estimated seconds from now to the end, from earlier runs of this model; null when there are none.',
  })
  async estimateSeconds(
    @Root() run: LensRun,
    @Ctx() { loaders }: RequestContext,
  ): Promise<number | null> {
    const [typical, place] = await Promise.all([
      loaders.runSeconds.load(run.modelId),
      run.state === 'QUEUED' ? loaders.runPlace.load(run.id) : null,
    ])
    return estimateRun(run, typical, place)
  }

  @FieldResolver(() => Prompt, {
    nullable: true,
    description: 'The saved prompt it belongs to; null when there is none.',
  })
  prompt(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<Prompt | null> | null {
    return run.promptId === null ? null : context.loaders.prompt.load(run.promptId)
  }

  @FieldResolver(() => String, { description: 'Name of who created it.' })
  author(@Root() run: LensRun, @Ctx() context: RequestContext): Promise<string> {
    return context.loaders.userName.load(run.authorId)
  }

  @FieldResolver(() => String, {
    description:
      'Where to download X and Delta of every matrix as safetensors; they are recomputed on request.',
  })
  vectorsUrl(@Root() run: LensRun): string {
    return `/api/runs/${run.id}/vectors.safetensors`
  }
}
