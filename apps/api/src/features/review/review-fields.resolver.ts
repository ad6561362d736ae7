// What of a review is looked up when it is asked for: people, history, the thing itself, who may decide.
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { Person } from '../account/person.type.js'
import { rowAnchor, rowKey } from '../anchor/anchor.js'
import { Anchor, toAnchor } from '../anchor/anchor.type.js'
import { Annotation } from '../annotation/annotation.type.js'
import { Edit } from '../edit/edit.type.js'
import { Evaluation } from '../evaluation/evaluation.type.js'
import { toReviewEvent } from './review-values.js'
import { Review, ReviewEvent } from './review.type.js'

@Resolver(() => Review)
export class ReviewFieldsResolver {
  @FieldResolver(() => Edit, { nullable: true, description: 'The edit, where it is one.' })
  edit(
    @Root() { subjectKind, subjectId }: Review,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Edit | null> | null {
    return subjectKind === 'EDIT' ? loaders.edit.load(subjectId) : null
  }

  @FieldResolver(() => Evaluation, {
    nullable: true,
    description: 'The evaluation, where it is one.',
  })
  evaluation(
    @Root() { subjectKind, subjectId }: Review,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Evaluation | null> | null {
    return subjectKind === 'EVALUATION' ? loaders.evaluation.load(subjectId) : null
  }

  @FieldResolver(() => Annotation, {
    nullable: true,
    description: 'The annotation, where it is one.',
  })
  annotation(
    @Root() { subjectKind, subjectId }: Review,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Annotation | null> | null {
    return subjectKind === 'ANNOTATION' ? loaders.annotation.load(subjectId) : null
  }

  @FieldResolver(() => Anchor, { description: 'What is judged.' })
  anchor(@Root() { subjectKind, subjectId }: Review): Anchor {
    return toAnchor(rowAnchor(subjectKind, subjectId))
  }

  @FieldResolver(() => Person, { description: 'Who asked.' })
  requestedBy(
    @Root() { requestedById }: Review,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Person> {
    return loaders.person.load(requestedById)
  }

  @FieldResolver(() => [Person], { description: 'Who is asked by name.' })
  async reviewers(@Root() { id }: Review, @Ctx() { loaders }: RequestContext): Promise<Person[]> {
    const rows = await loaders.reviewers.load(id)
    return Promise.all(rows.map(({ userId }) => loaders.person.load(userId)))
  }

  @FieldResolver(() => [ReviewEvent], { description: 'Every step, the first first.' })
  async history(
    @Root() { id }: Review,
    @Ctx() { loaders }: RequestContext,
  ): Promise<ReviewEvent[]> {
    return (await loaders.reviewEvents.load(id)).map(toReviewEvent)
  }

  @FieldResolver(() => Boolean, { description: 'Whether you may decide it now.' })
  async mayDecide(
    @Root() review: Review,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<boolean> {
    return (await services.reviewDeciders.whyNot(viewer, review)) === null
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why you may not decide it now; null when you may.',
  })
  whyNot(
    @Root() review: Review,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<string | null> {
    return services.reviewDeciders.whyNot(viewer, review)
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether what is judged has changed since it was asked about or decided.',
  })
  stale(@Root() review: Review, @Ctx() { loaders }: RequestContext): Promise<boolean> {
    return loaders.reviewStale.load(review)
  }
}

@Resolver(() => ReviewEvent)
export class ReviewEventResolver {
  @FieldResolver(() => Person, { description: 'Who did it.' })
  actor(@Root() { actorId }: ReviewEvent, @Ctx() { loaders }: RequestContext): Promise<Person> {
    return loaders.person.load(actorId)
  }
}

@Resolver(() => Annotation)
export class ReviewedAnnotationResolver {
  @FieldResolver(() => Review, {
    nullable: true,
    description: 'Its newest review; null when none was asked for.',
  })
  review(@Root() { id }: Annotation, @Ctx() { loaders }: RequestContext): Promise<Review | null> {
    return loaders.reviewOf.load(rowKey('ANNOTATION', id))
  }
}

@Resolver(() => Edit)
export class ReviewedEditResolver {
  @FieldResolver(() => Review, {
    nullable: true,
    description: 'Its newest review; null when none was asked for.',
  })
  review(@Root() { id }: Edit, @Ctx() { loaders }: RequestContext): Promise<Review | null> {
    return loaders.reviewOf.load(rowKey('EDIT', id))
  }
}

@Resolver(() => Evaluation)
export class ReviewedEvaluationResolver {
  @FieldResolver(() => Review, {
    nullable: true,
    description: 'Its newest review; null when none was asked for.',
  })
  review(@Root() { id }: Evaluation, @Ctx() { loaders }: RequestContext): Promise<Review | null> {
    return loaders.reviewOf.load(rowKey('EVALUATION', id))
  }
}
