// Queries and mutations of collections.
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
import { Person } from '../account/person.type.js'
import { DeletePayload } from '../prompt/prompt.type.js'
import {
  AddToCollectionInput,
  CollectionFilter,
  CreateCollectionInput,
  UpdateCollectionInput,
  UpdateCollectionItemInput,
} from './collection.input.js'
import {
  AddToCollectionPayload,
  Collection,
  CollectionConnection,
  CollectionItem,
  CollectionItemConnection,
  CollectionItemPayload,
  CollectionPayload,
} from './collection.type.js'

@Resolver(() => Collection)
export class CollectionResolver {
  @Query(() => CollectionConnection, {
    description: 'Collections, newest first.',
    complexity: listComplexity,
  })
  collections(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => CollectionFilter, {
      nullable: true,
      description: 'Which collections; all when absent.',
    })
    filter: CollectionFilter | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<Collection>> {
    return services.collections.list(viewer, pageAsked(page), filter?.search)
  }

  @Query(() => Collection, {
    nullable: true,
    description: 'One collection; null when there is none with this id.',
  })
  collection(
    @Arg('id', () => ID, { description: 'Id of the collection.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Collection | null> {
    return loaders.collection.load(id)
  }

  @Mutation(() => CollectionPayload, { description: 'Makes an empty collection.' })
  createCollection(
    @Arg('input', () => CreateCollectionInput, { description: 'The collection.' })
    input: CreateCollectionInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CollectionPayload> {
    return payloadOf(async () => ({ collection: await services.collections.create(viewer, input) }))
  }

  @Mutation(() => CollectionPayload, { description: 'Changes name or description.' })
  updateCollection(
    @Arg('input', () => UpdateCollectionInput, { description: 'The changes.' })
    input: UpdateCollectionInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CollectionPayload> {
    return payloadOf(async () => ({ collection: await services.collections.update(viewer, input) }))
  }

  @Mutation(() => DeletePayload, {
    description: 'Deletes a collection: by who made it or an admin. What was in it stays.',
  })
  deleteCollection(
    @Arg('id', () => ID, { description: 'Id of the collection.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({ deletedId: await services.collections.remove(viewer, id) }))
  }

  @Mutation(() => AddToCollectionPayload, {
    description: 'Adds things at the end of a collection; every annotator may.',
  })
  addToCollection(
    @Arg('input', () => AddToCollectionInput, { description: 'What to add.' })
    input: AddToCollectionInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<AddToCollectionPayload> {
    return payloadOf(() => services.collections.add(viewer, input))
  }

  @Mutation(() => CollectionItemPayload, { description: 'Changes an item’s note, or moves it.' })
  updateCollectionItem(
    @Arg('input', () => UpdateCollectionItemInput, { description: 'The changes.' })
    input: UpdateCollectionItemInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CollectionItemPayload> {
    return payloadOf(async () => ({ item: await services.collections.updateItem(viewer, input) }))
  }

  @Mutation(() => DeletePayload, { description: 'Takes an item out of its collection.' })
  removeFromCollection(
    @Arg('itemId', () => ID, { description: 'Id of the item.' }) itemId: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({
      deletedId: await services.collections.removeItem(viewer, itemId),
    }))
  }

  @FieldResolver(() => Person, { description: 'Who made it.' })
  author(@Root() { authorId }: Collection, @Ctx() { loaders }: RequestContext): Promise<Person> {
    return loaders.person.load(authorId)
  }

  @FieldResolver(() => Int, { description: 'How many things are in it.' })
  itemCount(@Root() { id }: Collection, @Ctx() { loaders }: RequestContext): Promise<number> {
    return loaders.collectionItemCount.load(id)
  }

  @FieldResolver(() => CollectionItemConnection, {
    description: 'What is in it, in its order.',
    complexity: listComplexity,
  })
  items(
    @Root() { id }: Collection,
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Ctx() { services }: RequestContext,
  ): Promise<Connection<CollectionItem>> {
    return services.collections.items(id, first, after)
  }
}
