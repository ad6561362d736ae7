// Queries, mutations and the subscription of slices.
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
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
import { toDatasetCase } from '../dataset/dataset.service.js'
import { Dataset, DatasetCase } from '../dataset/dataset.type.js'
import { rowsComplexity } from '../dataset/rows-complexity.js'
import { Model } from '../model/model.type.js'
import { DeletePayload } from '../prompt/prompt.type.js'
import { CreateSliceInput } from './slice.input.js'
import { Slice, SliceConnection, SlicePayload } from './slice.type.js'

const largestSample = 100

@Resolver(() => Slice)
export class SliceResolver {
  @Query(() => SliceConnection, {
    description: 'Slices, newest first.',
    complexity: listComplexity,
  })
  slices(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('datasetId', () => ID, {
      nullable: true,
      description: 'Of this data set; all when absent.',
    })
    datasetId: string | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<Slice>> {
    return services.slices.list(viewer, pageAsked(page), datasetId ?? null)
  }

  @Query(() => Slice, {
    nullable: true,
    description: 'One slice; null when there is none with this id.',
  })
  slice(
    @Arg('id', () => ID, { description: 'Id of the slice.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Slice | null> {
    return loaders.slice.load(id)
  }

  @Mutation(() => SlicePayload, {
    description: 'Chooses cases of a data set; at once, unless a model has to be asked first.',
  })
  createSlice(
    @Arg('input', () => CreateSliceInput, { description: 'Which cases.' }) input: CreateSliceInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<SlicePayload> {
    return payloadOf(async () => ({ slice: await services.slices.create(viewer, input) }))
  }

  @Mutation(() => SlicePayload, {
    description: 'Cancels a slice whose model is being asked; what it answered is kept.',
  })
  cancelSlice(
    @Arg('id', () => ID, { description: 'Id of the slice.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<SlicePayload> {
    return payloadOf(async () => ({ slice: await services.slices.cancel(viewer, id) }))
  }

  @Mutation(() => DeletePayload, {
    description: 'Deletes a slice; refused while evaluations or figures are made on it.',
  })
  deleteSlice(
    @Arg('id', () => ID, { description: 'Id of the slice.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({ deletedId: await services.slices.remove(viewer, id) }))
  }

  @Subscription(() => Slice, {
    description: 'Progress of a slice: as it is first, then every change, until it ended.',
    subscribe: ({ args, context }: { args: Record<string, unknown>; context: RequestContext }) =>
      context.services.sliceProgress.follow(
        context.viewer,
        args['sliceId'] as string,
        args['afterVersion'] as number | null | undefined,
      ),
  })
  sliceProgress(
    @Arg('sliceId', () => ID, { description: 'Id of the slice.' }) _sliceId: string,
    @Arg('afterVersion', () => Int, {
      nullable: true,
      description: 'The last version that was seen: nothing older or equal is sent again.',
    })
    _afterVersion: number | null,
    @Root() progress: Slice,
  ): Slice {
    return progress
  }

  @FieldResolver(() => Dataset, { description: 'The data set it is of.' })
  dataset(@Root() { datasetId }: Slice, @Ctx() { loaders }: RequestContext): Promise<Dataset> {
    return loaders.dataset.load(datasetId) as Promise<Dataset>
  }

  @FieldResolver(() => Model, {
    nullable: true,
    description: 'The model that knows its cases; null where none was asked.',
  })
  knownBy(
    @Root() { knownByModelId }: Slice,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Model | null> | null {
    return knownByModelId === null ? null : loaders.model.load(knownByModelId)
  }

  @FieldResolver(() => String, { description: 'Name of who made it.' })
  author(@Root() { authorId }: Slice, @Ctx() { loaders }: RequestContext): Promise<string> {
    return loaders.userName.load(authorId)
  }

  @FieldResolver(() => [DatasetCase], {
    description: 'Its first cases.',
    complexity: rowsComplexity('first', 5),
  })
  async sample(
    @Root() { id, datasetId }: Slice,
    @Arg('first', () => Int, { defaultValue: 5, description: 'How many, at most 100.' })
    first: number,
    @Ctx() { services }: RequestContext,
  ): Promise<DatasetCase[]> {
    const count = Math.max(1, Math.min(first, largestSample))
    const places = await services.sliceRows.firstPlaces(id, count)
    return (await services.datasetCases.at(datasetId, places)).map(toDatasetCase)
  }
}
