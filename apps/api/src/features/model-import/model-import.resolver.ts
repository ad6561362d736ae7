// Queries, mutations and the subscription of imports of models.
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
import { AddModelInput, ModelImportFilter } from './model-import.input.js'
import {
  ModelImport,
  ModelImportConnection,
  ModelImportPayload,
  ModelSourceCheck,
} from './model-import.type.js'

@Resolver(() => ModelImport)
export class ModelImportResolver {
  @Query(() => ModelImportConnection, {
    description: 'Models that were added or are on their way, newest first.',
    complexity: listComplexity,
  })
  modelImports(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => ModelImportFilter, {
      nullable: true,
      description: 'Which imports; all when absent.',
    })
    filter: ModelImportFilter | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<ModelImport>> {
    return services.modelImports.list(viewer, pageAsked(page), filter ?? {})
  }

  @Query(() => ModelImport, {
    nullable: true,
    description: 'One import; null when there is none with this id.',
  })
  modelImport(
    @Arg('id', () => ID, { description: 'Id of the import.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ModelImport | null> {
    return services.modelImports.get(viewer, id)
  }

  @Query(() => ModelSourceCheck, {
    description: 'What a source names and what is wrong with it; asks neither hub nor worker.',
  })
  checkModelSource(
    @Arg('source', () => String, { description: 'As in `AddModelInput.source`.' }) source: string,
    @Arg('name', () => String, { nullable: true, description: 'As in `AddModelInput.name`.' })
    name: string | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ModelSourceCheck> {
    return services.modelImports.check(viewer, source, name)
  }

  @Mutation(() => ModelImportPayload, {
    description: 'Queues the import of a model after checking what can be checked at once.',
  })
  addModel(
    @Arg('input', () => AddModelInput, { description: 'Which model.' }) input: AddModelInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ModelImportPayload> {
    return payloadOf(async () => ({ modelImport: await services.modelImports.add(viewer, input) }))
  }

  @Mutation(() => ModelImportPayload, {
    description: 'Cancels an import that waits or runs; what has arrived stays for a retry.',
  })
  cancelModelImport(
    @Arg('id', () => ID, { description: 'Id of the import.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ModelImportPayload> {
    return payloadOf(async () => ({ modelImport: await services.modelImports.cancel(viewer, id) }))
  }

  @Mutation(() => ModelImportPayload, {
    description: 'Queues a failed or cancelled import again; a download goes on where it ended.',
  })
  retryModelImport(
    @Arg('id', () => ID, { description: 'Id of the import.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ModelImportPayload> {
    return payloadOf(async () => ({ modelImport: await services.modelImports.retry(viewer, id) }))
  }

  @Mutation(() => DeletePayload, {
    description: 'Forgets an import, cancelling it first if it is under way. Its model stays.',
  })
  deleteModelImport(
    @Arg('id', () => ID, { description: 'Id of the import.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({ deletedId: await services.modelImports.remove(viewer, id) }))
  }

  @Subscription(() => ModelImport, {
    description: 'Progress of an import: as it is first, then every change, until it ended.',
    subscribe: ({ args, context }: { args: Record<string, unknown>; context: RequestContext }) =>
      context.services.importProgress.follow(
        context.viewer,
        args['importId'] as string,
        args['afterVersion'] as number | null | undefined,
      ),
  })
  modelImportProgress(
    @Arg('importId', () => ID, { description: 'Id of the import.' }) _importId: string,
    @Arg('afterVersion', () => Int, {
      nullable: true,
      description: 'The last version that was seen: nothing older or equal is sent again.',
    })
    _afterVersion: number | null,
    @Root() progress: ModelImport,
  ): ModelImport {
    return progress
  }

  @FieldResolver(() => Model, {
    nullable: true,
    description: 'The model that came of it; null before the end, or when it was removed.',
  })
  model(@Root() { modelId }: ModelImport, @Ctx() context: RequestContext): Promise<Model | null> {
    return modelId === null ? Promise.resolve(null) : context.loaders.model.load(modelId)
  }

  @FieldResolver(() => String, { description: 'Name of who asked for it.' })
  author(@Root() { authorId }: ModelImport, @Ctx() context: RequestContext): Promise<string> {
    return context.loaders.userName.load(authorId)
  }
}
