// What of annotations, their evidence and their versions is looked up when it is asked for.
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { Person } from '../account/person.type.js'
import type { StoredAnchor } from '../anchor/anchor.js'
import { Anchor, toAnchor } from '../anchor/anchor.type.js'
import { Annotation, AnnotationVersion, Evidence } from './annotation.type.js'

@Resolver(() => Annotation)
export class AnnotationFieldsResolver {
  @FieldResolver(() => Anchor, { description: 'What it is about.' })
  anchor(@Root() { anchorJson }: Annotation): Anchor {
    return toAnchor(anchorJson as StoredAnchor)
  }

  @FieldResolver(() => Person, { description: 'Who wrote it.' })
  author(@Root() { authorId }: Annotation, @Ctx() { loaders }: RequestContext): Promise<Person> {
    return loaders.person.load(authorId)
  }

  @FieldResolver(() => [AnnotationVersion], {
    description: 'All its versions, the newest first.',
    complexity: ({ childComplexity }) => 5 + 2 * childComplexity,
  })
  versions(
    @Root() { id }: Annotation,
    @Ctx() { loaders }: RequestContext,
  ): Promise<AnnotationVersion[]> {
    return loaders.annotationVersions.load(id)
  }

  @FieldResolver(() => Int, { description: 'Comments about it.' })
  commentCount(@Root() { id }: Annotation, @Ctx() { loaders }: RequestContext): Promise<number> {
    return loaders.annotationCommentCount.load(id)
  }
}

@Resolver(() => Evidence)
export class EvidenceResolver {
  @FieldResolver(() => Anchor, { description: 'What it is.' })
  anchor(@Root() { anchorJson }: Evidence): Anchor {
    return toAnchor(anchorJson as StoredAnchor)
  }
}

@Resolver(() => AnnotationVersion)
export class AnnotationVersionResolver {
  @FieldResolver(() => Person, { description: 'Who wrote this version.' })
  author(
    @Root() { authorId }: AnnotationVersion,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Person> {
    return loaders.person.load(authorId)
  }
}
