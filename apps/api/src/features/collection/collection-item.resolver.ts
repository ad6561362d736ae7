// What of a collection's items is looked up when it is asked for.
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { Person } from '../account/person.type.js'
import type { StoredAnchor } from '../anchor/anchor.js'
import { Anchor, toAnchor } from '../anchor/anchor.type.js'
import { Annotation } from '../annotation/annotation.type.js'
import { CollectionItem } from './collection.type.js'

@Resolver(() => CollectionItem)
export class CollectionItemResolver {
  @FieldResolver(() => Anchor, { description: 'The thing.' })
  anchor(@Root() { anchorJson }: CollectionItem): Anchor {
    return toAnchor(anchorJson as StoredAnchor)
  }

  @FieldResolver(() => Person, { description: 'Who added it.' })
  addedBy(
    @Root() { addedById }: CollectionItem,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Person> {
    return loaders.person.load(addedById)
  }

  @FieldResolver(() => [Annotation], {
    description: 'What people say about it: accepted first, then the surest; at most 20.',
    complexity: ({ childComplexity }) => 1 + 3 * childComplexity,
  })
  annotations(
    @Root() { anchorKey }: CollectionItem,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Annotation[]> {
    return loaders.annotationsOfAnchor.load(anchorKey)
  }

  @FieldResolver(() => Annotation, {
    nullable: true,
    description: 'The viewer’s newest annotation of it; null without one.',
  })
  mine(
    @Root() { anchorKey }: CollectionItem,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Annotation | null> {
    return loaders.myAnnotation.load(anchorKey)
  }
}
