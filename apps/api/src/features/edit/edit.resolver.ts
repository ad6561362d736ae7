// Queries and mutations of saved edits and of the stack of a model.
import { GraphQLJSON } from 'graphql-scalars'
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
} from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments, pageAsked } from '../../pagination/page-arguments.js'
import { Model } from '../model/model.type.js'
import { DeletePayload } from '../prompt/prompt.type.js'
import { EditEffect } from './edit-effect.type.js'
import { EditMethodInfo } from './edit-method.type.js'
import { EditCost, EditDelta, EditNormGrowth, EditReading, EditTrace } from './edit-reading.type.js'
import { EditTask } from './edit-task.type.js'
import { CreateEditInput, EditFilter } from './edit.input.js'
import {
  Edit,
  EditConnection,
  EditFact,
  EditPayload,
  EditStack,
  EditStackPayload,
} from './edit.type.js'

@Resolver(() => Edit)
export class EditResolver {
  @Query(() => EditConnection, {
    description: 'Saved edits, newest first.',
    complexity: listComplexity,
  })
  edits(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => EditFilter, {
      nullable: true,
      description: 'Which edits; all when absent.',
    })
    filter: EditFilter | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<Edit>> {
    return services.edits.list(viewer, pageAsked(page), filter ?? {})
  }

  @Query(() => Edit, {
    nullable: true,
    description: 'One edit; null when there is none with this id.',
  })
  edit(
    @Arg('id', () => ID, { description: 'Id of the edit.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Edit | null> {
    return services.edits.get(viewer, id)
  }

  @Query(() => EditStack, { description: 'The edits that are applied to a model, in order.' })
  editStack(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditStack> {
    return services.editStacks.get(viewer, modelId)
  }

  @Query(() => [EditFact], {
    complexity: listComplexity,
    description:
      'Facts of the bundled data set with another answer, each a request with its probes; for the bundled model only.',
  })
  editFacts(
    @Arg('modelId', () => ID, {
      nullable: true,
      description: 'The model; facts are known for the bundled model only.',
    })
    modelId: string | null,
    @Arg('search', () => String, {
      description: 'What to look for; an empty text gives a selection.',
    })
    search: string,
    @Arg('first', () => Int, {
      nullable: true,
      defaultValue: 8,
      description: 'How many at most, up to 100.',
    })
    first: number | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditFact[]> {
    return services.editFacts.search(viewer, {
      modelId: modelId ?? null,
      search,
      first: first ?? 8,
    })
  }

  @Mutation(() => EditPayload, {
    description:
      'Saves an edit and queues its computation, after checking everything that can be checked without computing.',
  })
  createEdit(
    @Arg('input', () => CreateEditInput, { description: 'What to edit, and how.' })
    input: CreateEditInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditPayload> {
    return payloadOf(async () => ({ edit: await services.edits.create(viewer, input) }))
  }

  @Mutation(() => EditPayload, { description: 'Names an edit, or takes its name away.' })
  renameEdit(
    @Arg('id', () => ID, { description: 'Id of the edit.' }) id: string,
    @Arg('name', () => String, {
      nullable: true,
      description: 'The name, at most 200 characters; absent or empty takes it away.',
    })
    name: string | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditPayload> {
    return payloadOf(async () => ({ edit: await services.edits.rename(viewer, id, name) }))
  }

  @Mutation(() => EditPayload, {
    description: 'Cancels the computation of an edit that waits or is being computed.',
  })
  cancelEdit(
    @Arg('id', () => ID, { description: 'Id of the edit.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditPayload> {
    return payloadOf(async () => ({ edit: await services.edits.cancel(viewer, id) }))
  }

  @Mutation(() => EditPayload, {
    description: 'Queues the computation of an edit again that failed or was cancelled.',
  })
  retryEdit(
    @Arg('id', () => ID, { description: 'Id of the edit.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditPayload> {
    return payloadOf(async () => ({ edit: await services.edits.retry(viewer, id) }))
  }

  @Mutation(() => DeletePayload, {
    description:
      'Deletes an edit that is in no stack and that no other edit was computed on top of; cancels it first if it is being computed.',
  })
  deleteEdit(
    @Arg('id', () => ID, { description: 'Id of the edit.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({ deletedId: await services.edits.remove(viewer, id) }))
  }

  @Mutation(() => EditStackPayload, {
    description:
      'Sets the whole stack of a model at once: applies, reorders, or with an empty list reverts. No weight is written.',
  })
  setEditStack(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Arg('editIds', () => [ID], {
      description: 'Computed edits of this model in the order they apply.',
    })
    editIds: string[],
    @Arg('expected', () => [ID], {
      nullable: true,
      description: 'The order that was seen: CONFLICT when it is another by now.',
    })
    expected: string[] | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditStackPayload> {
    return payloadOf(async () => ({
      stack: await services.editStacks.set(viewer, modelId, editIds, expected ?? null),
    }))
  }

  @FieldResolver(() => Model, { description: 'The model it is made for.' })
  async model(@Root() edit: Edit, @Ctx() { loaders }: RequestContext): Promise<Model> {
    const model = await loaders.model.load(edit.modelId)
    if (model === null) throw new Error(`Edit ${edit.id} has no model`)
    return model
  }

  @FieldResolver(() => String, { description: 'Name of who created it.' })
  author(@Root() { authorId }: Edit, @Ctx() { loaders }: RequestContext): Promise<string> {
    return loaders.userName.load(authorId)
  }

  @FieldResolver(() => EditTask, { description: 'Its computation: state, progress, error.' })
  async task(@Root() edit: Edit, @Ctx() { loaders }: RequestContext): Promise<EditTask> {
    const task = await loaders.taskOfEdit.load(edit.id)
    if (task === null) throw new Error(`Edit ${edit.id} has no task`)
    return task
  }

  @FieldResolver(() => EditEffect, {
    nullable: true,
    description: 'What it does, measured; null until it is computed.',
  })
  async effect(
    @Root() { id }: Edit,
    @Ctx() { loaders }: RequestContext,
  ): Promise<EditEffect | null> {
    return (await loaders.editResult.load(id))?.effect ?? null
  }

  @FieldResolver(() => [EditTrace], {
    description: 'Series of numbers from its computation, such as losses; empty until then.',
  })
  async trace(@Root() { id }: Edit, @Ctx() { loaders }: RequestContext): Promise<EditTrace[]> {
    return (await loaders.editResult.load(id))?.trace ?? []
  }

  @FieldResolver(() => [EditDelta], {
    description: 'What it adds to which matrices; empty until it is computed.',
  })
  deltas(@Root() { id }: Edit, @Ctx() { loaders }: RequestContext): Promise<EditDelta[]> {
    return loaders.editDeltas.load(id)
  }

  @FieldResolver(() => [EditReading], {
    description: 'What it writes, in words; empty until it is computed.',
  })
  async readings(@Root() { id }: Edit, @Ctx() { loaders }: RequestContext): Promise<EditReading[]> {
    return (await loaders.editResult.load(id))?.readings ?? []
  }

  @FieldResolver(() => [EditNormGrowth], {
    description: 'How large it is beside the matrices it changes; empty until it is computed.',
  })
  async growth(
    @Root() { id }: Edit,
    @Ctx() { loaders }: RequestContext,
  ): Promise<EditNormGrowth[]> {
    return (await loaders.editResult.load(id))?.growth ?? []
  }

  @FieldResolver(() => EditCost, {
    nullable: true,
    description: 'What computing it cost; null until then.',
  })
  async cost(@Root() { id }: Edit, @Ctx() { loaders }: RequestContext): Promise<EditCost | null> {
    return (await loaders.editResult.load(id))?.cost ?? null
  }

  @FieldResolver(() => GraphQLJSON, {
    nullable: true,
    description:
      'What is needed to compute it again: versions, digests, provider, seed, origin of the defaults; null until it is computed.',
  })
  async receipt(@Root() { id }: Edit, @Ctx() { loaders }: RequestContext): Promise<unknown> {
    return (await loaders.editResult.load(id))?.receipt ?? null
  }
}

@Resolver(() => EditMethodInfo)
export class EditMethodResolver {
  @Query(() => [EditMethodInfo], {
    description: 'Every edit method, with its hyperparameters and their defaults for a model.',
  })
  editMethods(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EditMethodInfo[]> {
    return services.editMethods.list(viewer, modelId)
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Median seconds of the last twenty edits by this method on this model; null when there are none.',
  })
  async typicalSeconds(
    @Root() { modelId, name }: EditMethodInfo,
    @Ctx() { loaders }: RequestContext,
  ): Promise<number | null> {
    return (await loaders.methodSeconds.load(modelId)).get(name) ?? null
  }
}
