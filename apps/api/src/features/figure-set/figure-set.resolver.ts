// Queries, mutations and the subscription of figures over many prompts.
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
import { Model } from '../model/model.type.js'
import { DeletePayload } from '../prompt/prompt.type.js'
import { Slice } from '../slice/slice.type.js'
import { StartFiguresInput } from './figure-set.input.js'
import { knownFigures } from './figure-set.service.js'
import {
  Figure,
  FigureInfo,
  FigureSet,
  FigureSetConnection,
  FigureSetPayload,
} from './figure-set.type.js'

interface FollowArguments {
  readonly figureSetId: string
  readonly afterVersion?: number | null
}

@Resolver(() => FigureSet)
export class FigureSetResolver {
  @Query(() => FigureSetConnection, {
    description: 'Figures that were made, newest first.',
    complexity: listComplexity,
  })
  figureSets(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('modelId', () => ID, { nullable: true, description: 'Of this model; of all when absent.' })
    modelId: string | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<FigureSet>> {
    return services.figureSets.list(viewer, pageAsked(page), modelId ?? null)
  }

  @Query(() => FigureSet, {
    nullable: true,
    description: 'The figures with this id; null when there are none.',
  })
  figureSet(
    @Arg('id', () => ID, { description: 'Id of the figures.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<FigureSet | null> {
    return services.figureSets.get(viewer, id)
  }

  @Query(() => [FigureInfo], { description: 'What figures there are, in the paper’s order.' })
  figureKinds(): FigureInfo[] {
    return knownFigures()
  }

  @Mutation(() => FigureSetPayload, {
    description:
      'Queues the figures of a model over the prompts of a slice; asked again, it returns the same figures.',
  })
  startFigures(
    @Arg('input', () => StartFiguresInput, { description: 'Model, slice and settings.' })
    input: StartFiguresInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<FigureSetPayload> {
    return payloadOf(async () => ({ figureSet: await services.figureSets.start(viewer, input) }))
  }

  @Mutation(() => FigureSetPayload, {
    description: 'Ends figures that wait or are being made; what is observed stays.',
  })
  cancelFigures(
    @Arg('id', () => ID, { description: 'Id of the figures.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<FigureSetPayload> {
    return payloadOf(async () => ({ figureSet: await services.figureSets.cancel(viewer, id) }))
  }

  @Mutation(() => FigureSetPayload, {
    description: 'Queues figures again that failed or were cancelled; they go on where they ended.',
  })
  retryFigures(
    @Arg('id', () => ID, { description: 'Id of the figures.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<FigureSetPayload> {
    return payloadOf(async () => ({ figureSet: await services.figureSets.retry(viewer, id) }))
  }

  @Mutation(() => DeletePayload, { description: 'Deletes figures with all that was observed.' })
  deleteFigures(
    @Arg('id', () => ID, { description: 'Id of the figures.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({ deletedId: await services.figureSets.remove(viewer, id) }))
  }

  @Subscription(() => FigureSet, {
    description: 'Where figures are: a snapshot first, then every change until their end.',
    subscribe: ({ args, context }: { args: FollowArguments; context: RequestContext }) =>
      context.services.figureSets.follow(context.viewer, args.figureSetId, args.afterVersion),
  })
  figureSetProgress(
    @Arg('figureSetId', () => ID, { description: 'Id of the figures.' }) _figureSetId: string,
    @Arg('afterVersion', () => Int, {
      nullable: true,
      description: 'Only changes after this version; everything when absent.',
    })
    _afterVersion: number | null,
    @Root() set: FigureSet,
  ): FigureSet {
    return set
  }

  @FieldResolver(() => Model, { description: 'The model.' })
  async model(@Root() { modelId }: FigureSet, @Ctx() { loaders }: RequestContext): Promise<Model> {
    return (await loaders.model.load(modelId)) as Model
  }

  @FieldResolver(() => Slice, { description: 'The slice whose prompts are observed.' })
  async slice(@Root() { sliceId }: FigureSet, @Ctx() { loaders }: RequestContext): Promise<Slice> {
    return (await loaders.slice.load(sliceId)) as Slice
  }

  @FieldResolver(() => String, { description: 'Who asked for them.' })
  author(@Root() { authorId }: FigureSet, @Ctx() { loaders }: RequestContext): Promise<string> {
    return loaders.userName.load(authorId)
  }

  @FieldResolver(() => Int, { description: 'Prompts that could not be observed.' })
  skipped(@Root() { id }: FigureSet, @Ctx() { services }: RequestContext): Promise<number> {
    return services.figureSets.skipped(id)
  }

  @FieldResolver(() => [FigureInfo], { description: 'Its figures, and how far they are.' })
  figures(@Root() set: FigureSet, @Ctx() { services }: RequestContext): Promise<FigureInfo[]> {
    return services.figureSets.infos(set)
  }

  @FieldResolver(() => Figure, {
    nullable: true,
    description: 'One figure; null while there is nothing to draw.',
  })
  figure(
    @Arg('kind', () => String, { description: 'Its name, such as `gradient-rank`.' }) kind: string,
    @Root() { id }: FigureSet,
    @Ctx() { services }: RequestContext,
  ): Promise<Figure | null> {
    return services.figureSets.figure(id, kind)
  }
}
