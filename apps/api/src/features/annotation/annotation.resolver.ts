// Queries and mutations of annotations.
import { Arg, Args, Ctx, Field, ID, ArgsType, Mutation, Query, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments } from '../../pagination/page-arguments.js'
import { annotationOrders } from '../../vocabulary/note-names.js'
import type { AnnotationOrderKey } from '../../vocabulary/note-names.js'
import { AnchorInput } from '../anchor/anchor.input.js'
import {
  AnnotationFilter,
  AnnotationInput,
  ImportAnnotationsInput,
  UpdateAnnotationInput,
} from './annotation.input.js'
import { annotationPage } from './annotation-order.js'
import {
  Agreement,
  Annotation,
  AnnotationConnection,
  AnnotationPayload,
  ImportAnnotationsPayload,
  TagCount,
} from './annotation.type.js'

@ArgsType()
class AnnotationArguments extends PageArguments {
  @Field(() => AnnotationFilter, { nullable: true, description: 'Which; all when absent.' })
  filter!: AnnotationFilter | null

  @Field(() => annotationOrders.values, {
    nullable: true,
    defaultValue: 'NEWEST',
    description: 'In which order.',
  })
  order!: AnnotationOrderKey | null
}

@Resolver(() => Annotation)
export class AnnotationResolver {
  @Query(() => AnnotationConnection, {
    description: 'Annotations, without withdrawn ones unless the filter asks for them.',
    complexity: listComplexity,
  })
  annotations(
    @Args(() => AnnotationArguments) { first, after, filter, order }: AnnotationArguments,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<Annotation>> {
    const page = annotationPage(order ?? 'NEWEST', first, after)
    return services.annotations.list(viewer, page, filter ?? {})
  }

  @Query(() => Annotation, {
    nullable: true,
    description: 'One annotation; null when there is none with this id.',
  })
  annotation(
    @Arg('id', () => ID, { description: 'Id of the annotation.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Annotation | null> {
    return loaders.annotation.load(id)
  }

  @Query(() => [TagCount], {
    description: 'The tags in use, the most frequent first; at most 200.',
  })
  annotationTags(@Ctx() { services, viewer }: RequestContext): Promise<TagCount[]> {
    return services.annotationTags.counts(viewer)
  }

  @Query(() => [String], {
    description:
      'Tags that could fit: of other annotations of the same thing, of neurons beside it, and of annotations that read alike. At most 12, the likeliest first.',
  })
  suggestTags(
    @Arg('anchor', () => AnchorInput, { description: 'What is to be annotated.' })
    anchor: AnchorInput,
    @Arg('text', () => String, { nullable: true, description: 'What was written so far.' })
    text: string | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<string[]> {
    return services.annotationTags.suggest(viewer, anchor, text ?? null)
  }

  @Query(() => Agreement, {
    description: 'How annotators agree about labels and tags; withdrawn annotations do not count.',
    complexity: ({ childComplexity }) => 100 + childComplexity,
  })
  annotationAgreement(
    @Arg('collectionId', () => ID, {
      nullable: true,
      description: 'About the things of this collection; about all when absent.',
    })
    collectionId: string | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Agreement> {
    return services.agreement.read(viewer, collectionId ?? null)
  }

  @Mutation(() => AnnotationPayload, {
    description: 'Proposes an annotation of a neuron, or of anything else that has an address.',
  })
  annotateNeuron(
    @Arg('input', () => AnnotationInput, { description: 'The annotation.' }) input: AnnotationInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<AnnotationPayload> {
    return payloadOf(async () => ({ annotation: await services.annotations.create(viewer, input) }))
  }

  @Mutation(() => AnnotationPayload, {
    description:
      'Writes the next version of an annotation: by its author or an admin. It is proposed again, whatever was decided.',
  })
  updateAnnotation(
    @Arg('input', () => UpdateAnnotationInput, { description: 'The changes.' })
    input: UpdateAnnotationInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<AnnotationPayload> {
    return payloadOf(async () => ({ annotation: await services.annotations.update(viewer, input) }))
  }

  @Mutation(() => AnnotationPayload, {
    description: 'Takes an annotation back: by its author or an admin. Its versions stay.',
  })
  withdrawAnnotation(
    @Arg('id', () => ID, { description: 'Id of the annotation.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<AnnotationPayload> {
    return payloadOf(async () => ({ annotation: await services.annotations.withdraw(viewer, id) }))
  }

  @Mutation(() => ImportAnnotationsPayload, {
    description:
      'Brings annotations in that another project or server exported. Models are matched by digest; what is here already is left alone.',
  })
  importAnnotations(
    @Arg('input', () => ImportAnnotationsInput, { description: 'The file.' })
    input: ImportAnnotationsInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ImportAnnotationsPayload> {
    return payloadOf(() => services.annotationImports.import(viewer, input))
  }
}
