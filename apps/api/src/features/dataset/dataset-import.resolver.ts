// Queries, mutations and the subscription of imports of data sets.
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
import {
  DatasetImport,
  DatasetImportConnection,
  DatasetImportPayload,
} from './dataset-import.type.js'
import { ImportDatasetInput } from './dataset.input.js'
import { Dataset } from './dataset.type.js'

@Resolver(() => DatasetImport)
export class DatasetImportResolver {
  @Query(() => DatasetImport, {
    nullable: true,
    description: 'One import of a data set; null when there is none with this id.',
  })
  datasetImport(
    @Arg('id', () => ID, { description: 'Id of the import.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DatasetImport | null> {
    return services.datasetImports.get(viewer, id)
  }

  @Query(() => DatasetImportConnection, {
    description: 'Imports of data sets, newest first.',
    complexity: listComplexity,
  })
  datasetImports(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('unfinished', () => Boolean, {
      nullable: true,
      description: 'Only those that are under way.',
    })
    unfinished: boolean | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<DatasetImport>> {
    return services.datasetImports.list(viewer, pageAsked(page), unfinished === true)
  }

  @Mutation(() => DatasetImportPayload, {
    description: 'Begins to import a data set after checking what can be checked at once.',
  })
  importDataset(
    @Arg('input', () => ImportDatasetInput, { description: 'Which data set.' })
    input: ImportDatasetInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DatasetImportPayload> {
    return payloadOf(async () => ({
      datasetImport: await services.datasetImports.add(viewer, input),
    }))
  }

  @Mutation(() => DatasetImportPayload, {
    description: 'Cancels an import that waits or runs; nothing of it is kept.',
  })
  cancelDatasetImport(
    @Arg('id', () => ID, { description: 'Id of the import.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DatasetImportPayload> {
    return payloadOf(async () => ({
      datasetImport: await services.datasetImports.cancel(viewer, id),
    }))
  }

  @Subscription(() => DatasetImport, {
    description: 'Progress of an import: as it is first, then every change, until it ended.',
    subscribe: ({ args, context }: { args: Record<string, unknown>; context: RequestContext }) =>
      context.services.datasetProgress.follow(
        context.viewer,
        args['importId'] as string,
        args['afterVersion'] as number | null | undefined,
      ),
  })
  datasetImportProgress(
    @Arg('importId', () => ID, { description: 'Id of the import.' }) _importId: string,
    @Arg('afterVersion', () => Int, {
      nullable: true,
      description: 'The last version that was seen: nothing older or equal is sent again.',
    })
    _afterVersion: number | null,
    @Root() progress: DatasetImport,
  ): DatasetImport {
    return progress
  }

  @FieldResolver(() => Dataset, {
    nullable: true,
    description:
      'The data set that came of it, or that held the same bytes before; null before the end.',
  })
  dataset(
    @Root() { datasetId }: DatasetImport,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Dataset | null> {
    return datasetId === null ? Promise.resolve(null) : loaders.dataset.load(datasetId)
  }
}
