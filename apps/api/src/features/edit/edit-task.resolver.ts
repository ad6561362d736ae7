// Computations about edits: asking for one, cancelling it, and following it.
import {
  Arg,
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
import { secondsLeftOf } from './edit-progress.service.js'
import { EditTask, EditTaskPayload } from './edit-task.type.js'
import { CreateEditInput, TryEditsInput } from './edit.input.js'

@Resolver(() => EditTask)
export class EditTaskResolver {
  @Query(() => EditTask, {
    nullable: true,
    description:
      'One computation about edits; null when there is none with this id, or when its answer is older than a day.',
  })
  editTask(
    @Arg('id', () => ID, { description: 'Id of the computation.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditTask | null> {
    return services.editTasks.get(viewer, id)
  }

  @Mutation(() => EditTaskPayload, {
    description:
      'Asks what an edit would meet and cost. Nothing is saved as an edit; an older preview that still waits is cancelled.',
  })
  previewEdit(
    @Arg('input', () => CreateEditInput, { description: 'What would be edited, and how.' })
    input: CreateEditInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditTaskPayload> {
    return payloadOf(async () => ({ task: await services.editTasks.preview(viewer, input) }))
  }

  @Mutation(() => EditTaskPayload, {
    description:
      'Reads a prompt without and with a stack of edits; an older one that still waits is cancelled.',
  })
  tryEdits(
    @Arg('input', () => TryEditsInput, { description: 'Which edits, and what to read.' })
    input: TryEditsInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditTaskPayload> {
    return payloadOf(async () => ({ task: await services.editTasks.try(viewer, input) }))
  }

  @Mutation(() => EditTaskPayload, {
    description:
      'Compares two computed edits of one model: their factors, their words, their effect.',
  })
  diffEdits(
    @Arg('firstId', () => ID, { description: 'Id of the first edit.' }) firstId: string,
    @Arg('secondId', () => ID, { description: 'Id of the second.' }) secondId: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditTaskPayload> {
    return payloadOf(async () => ({
      task: await services.editTasks.diff(viewer, firstId, secondId),
    }))
  }

  @Mutation(() => EditTaskPayload, {
    description:
      'Merges edits into the weights of a new model in the model store, checked by reading it back.',
  })
  exportEdits(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Arg('editIds', () => [ID], {
      description: 'Computed edits of this model in the order they apply; at least one.',
    })
    editIds: string[],
    @Arg('name', () => String, { description: 'Name of the new model in the model store.' })
    name: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditTaskPayload> {
    return payloadOf(async () => ({
      task: await services.editTasks.export(viewer, modelId, editIds, name),
    }))
  }

  @Mutation(() => EditTaskPayload, {
    description: 'Cancels a computation that waits or is under way.',
  })
  cancelEditTask(
    @Arg('id', () => ID, { description: 'Id of the computation.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditTaskPayload> {
    return payloadOf(async () => ({ task: await services.editTasks.cancel(viewer, id) }))
  }

  @Subscription(() => EditTask, {
    description:
      'Progress of a computation: as it is first, then every change, losses growing, until it ended with its answer.',
    subscribe: ({ args, context }: { args: Record<string, unknown>; context: RequestContext }) =>
      context.services.editProgress.follow(
        context.viewer,
        args['taskId'] as string,
        args['afterVersion'] as number | null | undefined,
      ),
  })
  editTaskProgress(
    @Arg('taskId', () => ID, { description: 'Id of the computation.' }) _taskId: string,
    @Arg('afterVersion', () => Int, {
      nullable: true,
      description: 'The last version that was seen: nothing older or equal is sent again.',
    })
    _afterVersion: number | null,
    @Root() task: EditTask,
  ): EditTask {
    return task
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'Its place in the queue, 1 = next; null when it does not wait.',
  })
  async queuePosition(
    @Root() { id, state }: EditTask,
    @Ctx() { loaders }: RequestContext,
  ): Promise<number | null> {
    return state === 'QUEUED' ? loaders.taskPlace.load(id) : null
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Estimated seconds to its end, from earlier edits by this method on this model; null when there are none, and of other kinds.',
  })
  async secondsLeft(
    @Root() task: EditTask,
    @Ctx() { loaders }: RequestContext,
  ): Promise<number | null> {
    if (task.method === null) return null
    const typical = (await loaders.methodSeconds.load(task.modelId)).get(task.method)
    return secondsLeftOf(task, typical ?? null)
  }
}
