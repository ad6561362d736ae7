// Queries and mutations of data sets and their cases.
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
} from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments, pageAsked } from '../../pagination/page-arguments.js'
import { DeletePayload } from '../prompt/prompt.type.js'
import { rowsComplexity } from './rows-complexity.js'
import { DatasetCaseFilter } from './dataset.input.js'
import { datasetLimits } from './dataset.service.js'
import {
  Dataset,
  DatasetCasePage,
  DatasetConnection,
  DatasetPayload,
  DatasetRejection,
  DatasetRelation,
} from './dataset.type.js'

@Resolver(() => Dataset)
export class DatasetResolver {
  @Query(() => DatasetConnection, {
    description: 'Data sets, newest first.',
    complexity: listComplexity,
  })
  datasets(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('search', () => String, {
      nullable: true,
      description: 'Part of a name; all when absent.',
    })
    search: string | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<Dataset>> {
    return services.datasets.list(viewer, pageAsked(page), search)
  }

  @Query(() => Dataset, {
    nullable: true,
    description: 'One data set; null when there is none with this id.',
  })
  dataset(
    @Arg('id', () => ID, { description: 'Id of the data set.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Dataset | null> {
    return loaders.dataset.load(id)
  }

  @Query(() => DatasetCasePage, {
    description: 'Cases of a data set, in its order.',
    complexity: rowsComplexity('limit', 50),
  })
  datasetCases(
    @Arg('datasetId', () => ID, { description: 'Id of the data set.' }) datasetId: string,
    @Arg('filter', () => DatasetCaseFilter, {
      nullable: true,
      description: 'Which cases; all when absent.',
    })
    filter: DatasetCaseFilter | null,
    @Arg('offset', () => Int, { defaultValue: 0, description: 'Cases to leave out.' })
    offset: number,
    @Arg('limit', () => Int, { defaultValue: 50, description: 'Cases at most, up to 500.' })
    limit: number,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DatasetCasePage> {
    return services.datasets.casesOf(viewer, datasetId, filter ?? {}, { offset, limit })
  }

  @Mutation(() => DatasetPayload, { description: 'Gives a data set another name.' })
  renameDataset(
    @Arg('id', () => ID, { description: 'Id of the data set.' }) id: string,
    @Arg('name', () => String, { description: 'The new name.' }) name: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DatasetPayload> {
    return payloadOf(async () => ({ dataset: await services.datasets.rename(viewer, id, name) }))
  }

  @Mutation(() => DeletePayload, {
    description: 'Deletes a data set with its cases; refused while slices are made of it.',
  })
  deleteDataset(
    @Arg('id', () => ID, { description: 'Id of the data set.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({ deletedId: await services.datasets.remove(viewer, id) }))
  }

  @FieldResolver(() => [DatasetRejection], {
    description: 'Records of the file that could not be used; the first 1,000 are kept.',
    complexity: rowsComplexity('first', 100),
  })
  rejections(
    @Root() { id }: Dataset,
    @Arg('first', () => Int, { defaultValue: 100, description: 'At most, up to 500.' })
    first: number,
    @Arg('offset', () => Int, { defaultValue: 0, description: 'How many to leave out.' })
    offset: number,
    @Ctx() { services }: RequestContext,
  ): Promise<DatasetRejection[]> {
    const count = Math.max(1, Math.min(first, datasetLimits.page))
    return services.datasetRows.rejections(id, count, Math.max(0, offset))
  }

  @FieldResolver(() => [DatasetRelation], {
    description: 'Its relations, the largest first.',
    complexity: rowsComplexity('first', 100),
  })
  relations(
    @Root() { id }: Dataset,
    @Arg('first', () => Int, { defaultValue: 100, description: 'At most, up to 1,000.' })
    first: number,
    @Ctx() { services }: RequestContext,
  ): Promise<DatasetRelation[]> {
    return services.datasetRows.relations(id, Math.max(1, Math.min(first, datasetLimits.relations)))
  }

  @FieldResolver(() => String, { description: 'Name of who imported it.' })
  author(@Root() { authorId }: Dataset, @Ctx() { loaders }: RequestContext): Promise<string> {
    return loaders.userName.load(authorId)
  }
}
