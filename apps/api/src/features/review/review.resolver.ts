// Queries, mutations and the subscription of reviews.
import { Arg, Args, Ctx, ID, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments } from '../../pagination/page-arguments.js'
import { reviewOrders } from '../../vocabulary/talk-names.js'
import type { ReviewOrderKey } from '../../vocabulary/talk-names.js'
import { reviewPage } from './review-order.js'
import {
  ChangeReviewersInput,
  DecideReviewInput,
  RequestReviewInput,
  ReviewFilter,
  ReviewStepInput,
} from './review.input.js'
import { Review, ReviewConnection, ReviewPayload } from './review.type.js'

interface FollowArguments {
  readonly id: string
}

@Resolver(() => Review)
export class ReviewResolver {
  @Query(() => ReviewConnection, { description: 'Reviews.', complexity: listComplexity })
  reviews(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('filter', () => ReviewFilter, {
      nullable: true,
      description: 'Which reviews; all when absent.',
    })
    filter: ReviewFilter | null,
    @Arg('order', () => reviewOrders.values, {
      nullable: true,
      description: 'NEWEST when absent.',
    })
    order: ReviewOrderKey | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<Review>> {
    const page = reviewPage(first, after, order ?? reviewOrders.values.NEWEST)
    return services.reviews.list(viewer, page, filter ?? {})
  }

  @Query(() => Review, {
    nullable: true,
    description: 'One review; null when there is none with this id.',
  })
  review(
    @Arg('id', () => ID, { description: 'Id of the review.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Review | null> {
    return services.reviews.get(viewer, id)
  }

  @Mutation(() => ReviewPayload, {
    description:
      'Asks for a review: of your own annotation, or of anything with the right to compute.',
  })
  requestReview(
    @Arg('input', () => RequestReviewInput, { description: 'Of what, by whom.' })
    input: RequestReviewInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ReviewPayload> {
    return payloadOf(async () => ({ review: await services.reviews.request(viewer, input) }))
  }

  @Mutation(() => ReviewPayload, {
    description: 'Asks the reviewers: of a draft the first time, else once more after changes.',
  })
  submitReview(
    @Arg('input', () => ReviewStepInput, { description: 'Which review.' }) input: ReviewStepInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ReviewPayload> {
    return payloadOf(async () => ({ review: await services.reviews.submit(viewer, input) }))
  }

  @Mutation(() => ReviewPayload, { description: 'Takes a review back, an approved one too.' })
  withdrawReview(
    @Arg('input', () => ReviewStepInput, { description: 'Which review.' }) input: ReviewStepInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ReviewPayload> {
    return payloadOf(async () => ({ review: await services.reviews.withdraw(viewer, input) }))
  }

  @Mutation(() => ReviewPayload, {
    description: 'Asks again about what was approved or withdrawn.',
  })
  reopenReview(
    @Arg('input', () => ReviewStepInput, { description: 'Which review.' }) input: ReviewStepInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ReviewPayload> {
    return payloadOf(async () => ({ review: await services.reviews.reopen(viewer, input) }))
  }

  @Mutation(() => ReviewPayload, {
    description:
      'Decides. Of those who decide one version one wins; the others get CONFLICT with the version there is now.',
  })
  decideReview(
    @Arg('input', () => DecideReviewInput, { description: 'What, of which version.' })
    input: DecideReviewInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ReviewPayload> {
    return payloadOf(async () => ({ review: await services.reviews.decide(viewer, input) }))
  }

  @Mutation(() => ReviewPayload, { description: 'Asks other people or roles.' })
  changeReviewers(
    @Arg('input', () => ChangeReviewersInput, { description: 'Everyone who is asked now.' })
    input: ChangeReviewersInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ReviewPayload> {
    return payloadOf(async () => ({
      review: await services.reviews.changeReviewers(viewer, input),
    }))
  }

  @Subscription(() => Review, {
    description: 'A review: now, then after every step.',
    subscribe: ({ args, context }: { args: FollowArguments; context: RequestContext }) =>
      context.services.reviewWatch.follow(context.viewer, args.id),
  })
  reviewChanged(
    @Arg('id', () => ID, { description: 'Id of the review.' }) _id: string,
    @Root() review: Review,
  ): Review {
    return review
  }
}
