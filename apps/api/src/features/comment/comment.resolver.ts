// Queries, mutations and the subscription of comments.
import type { ComplexityEstimatorArgs } from 'graphql-query-complexity'
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
import { pageSize } from '../../pagination/connection.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments, pageAsked } from '../../pagination/page-arguments.js'
import { isUuid } from '../../pagination/time-cursor.js'
import { Person } from '../account/person.type.js'
import { AnchorInput } from '../anchor/anchor.input.js'
import { noSuchReply, toReactions } from './comment-values.js'
import { CommentInput, EditCommentInput, ReactInput, ResolveCommentInput } from './comment.input.js'
import type { RepliesAsked } from './comment.repository.js'
import {
  Comment,
  CommentChange,
  CommentConnection,
  CommentMarker,
  CommentPayload,
  Reaction,
} from './comment.type.js'

interface FollowArguments {
  readonly anchor: AnchorInput
  readonly withParts?: boolean | null
}

const partsWords = 'Also a run’s cells, an evaluation’s cases and charts; false when absent.'

/** What a discussion of the usual length costs. */
const usualThreads = 25
const discussion = ({ childComplexity }: { readonly childComplexity: number }): number =>
  1 + usualThreads * childComplexity

/** Answers to each comment of a page that asks for no number: 100 threads have as many as `comments` reads at once. */
const usualReplies = 10
const costOfText = 4

/** @throws BAD_USER_INPUT when what to continue after is no id */
function repliesAsked(
  first: number | null,
  after: string | null,
): Pick<RepliesAsked, 'first' | 'after'> {
  if (after !== null && !isUuid(after)) throw noSuchReply()
  return { first: pageSize(first ?? usualReplies), after }
}

/** Each may be a long text; a few are the usual number of a thread. */
function repliesComplexity({ args, childComplexity }: ComplexityEstimatorArgs): number {
  const first = args['first'] as number | null | undefined
  if (first === null || first === undefined) return 1 + childComplexity
  return 1 + pageSize(first) * (costOfText + childComplexity)
}

async function* followComments(
  { services, viewer }: RequestContext,
  { anchor, withParts }: FollowArguments,
): AsyncGenerator<CommentChange> {
  const scope = await services.comments.scope(viewer, anchor, withParts ?? false)
  yield* services.commentWatch.follow(scope)
}

@Resolver(() => Comment)
export class CommentResolver {
  @Query(() => [Comment], {
    description:
      'Threads about a thing at once, oldest first, as a page follows them; of the newest 1,000 comments. `commentThreads` has all of them.',
    complexity: discussion,
  })
  comments(
    @Arg('anchor', () => AnchorInput, { description: 'The thing.' }) anchor: AnchorInput,
    @Arg('withParts', () => Boolean, { nullable: true, description: partsWords })
    withParts: boolean | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Comment[]> {
    return services.comments.list(viewer, anchor, withParts ?? false)
  }

  @Query(() => CommentConnection, {
    description: 'Threads about a thing, newest first, page by page.',
    complexity: listComplexity,
  })
  commentThreads(
    @Arg('anchor', () => AnchorInput, { description: 'The thing.' }) anchor: AnchorInput,
    @Arg('withParts', () => Boolean, { nullable: true, description: partsWords })
    withParts: boolean | null,
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<Comment>> {
    const options = { withParts: withParts ?? false, page: pageAsked(page) }
    return services.comments.threads(viewer, anchor, options)
  }

  @Query(() => [CommentMarker], {
    description: 'How many threads a thing and each of its parts has.',
    complexity: discussion,
  })
  commentMarkers(
    @Arg('anchor', () => AnchorInput, { description: 'The thing.' }) anchor: AnchorInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CommentMarker[]> {
    return services.comments.markers(viewer, anchor)
  }

  @Mutation(() => CommentPayload, { description: 'Writes a comment, or an answer to one.' })
  comment(
    @Arg('input', () => CommentInput, { description: 'The comment.' }) input: CommentInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CommentPayload> {
    return payloadOf(async () => ({ comment: await services.comments.create(viewer, input) }))
  }

  @Mutation(() => CommentPayload, { description: 'Changes the text of your comment.' })
  editComment(
    @Arg('input', () => EditCommentInput, { description: 'The text.' }) input: EditCommentInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CommentPayload> {
    return payloadOf(async () => ({ comment: await services.comments.edit(viewer, input) }))
  }

  @Mutation(() => CommentPayload, {
    description: 'Deletes your comment; where it was answered, its place stays.',
  })
  deleteComment(
    @Arg('id', () => ID, { description: 'Id of the comment.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CommentPayload> {
    return payloadOf(async () => ({ comment: await services.comments.remove(viewer, id) }))
  }

  @Mutation(() => CommentPayload, { description: 'Marks a thread as settled, or as open again.' })
  resolveComment(
    @Arg('input', () => ResolveCommentInput, { description: 'Which, and whether.' })
    input: ResolveCommentInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CommentPayload> {
    return payloadOf(async () => ({ comment: await services.comments.resolve(viewer, input) }))
  }

  @Mutation(() => CommentPayload, {
    description: 'Puts an emoji under a comment, or takes it off.',
  })
  react(
    @Arg('input', () => ReactInput, { description: 'Which emoji, where.' }) input: ReactInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<CommentPayload> {
    return payloadOf(async () => ({ comment: await services.comments.react(viewer, input) }))
  }

  @Subscription(() => CommentChange, {
    description: 'How many comments there are, then every change; read them after the snapshot.',
    subscribe: ({ args, context }: { args: FollowArguments; context: RequestContext }) =>
      followComments(context, args),
  })
  commentsChanged(
    @Arg('anchor', () => AnchorInput, { description: 'The thing.' }) _anchor: AnchorInput,
    @Arg('withParts', () => Boolean, {
      nullable: true,
      description: 'Also of its parts; false when absent.',
    })
    _withParts: boolean | null,
    @Root() change: CommentChange,
  ): CommentChange {
    return change
  }

  @FieldResolver(() => Person, { description: 'Who wrote it.' })
  author(@Root() { authorId }: Comment, @Ctx() { loaders }: RequestContext): Promise<Person> {
    return loaders.person.load(authorId)
  }

  @FieldResolver(() => Person, { nullable: true, description: 'Who resolved its thread.' })
  resolvedBy(
    @Root() { resolvedById }: Comment,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Person> | null {
    return resolvedById === null ? null : loaders.person.load(resolvedById)
  }

  @FieldResolver(() => [Person], { description: 'Whom it calls by @handle.' })
  mentions(@Root() { mentionIds }: Comment, @Ctx() { loaders }: RequestContext): Promise<Person[]> {
    return Promise.all(mentionIds.map((id) => loaders.person.load(id)))
  }

  @FieldResolver(() => [Reaction], { description: 'The emoji under it.' })
  async reactions(
    @Root() { id }: Comment,
    @Ctx() { loaders, viewer }: RequestContext,
  ): Promise<Reaction[]> {
    return toReactions(await loaders.reactions.load(id), viewer.userId)
  }

  @FieldResolver(() => [Comment], {
    description:
      'Its answers, oldest first; they have none. `comments` has those among its newest 1,000; elsewhere the first 10, unless more are asked for.',
    complexity: repliesComplexity,
  })
  async replies(
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 100.' })
    first: number | null,
    @Arg('after', () => ID, {
      nullable: true,
      description: 'Id of the answer to continue after: the last one that was read.',
    })
    after: string | null,
    @Root() { id, parentId, replyList }: Comment,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Comment[]> {
    const asked = repliesAsked(first, after ?? null)
    if (parentId !== null && asked.after === null) return []
    if (replyList !== null && (first ?? asked.after) === null) return replyList
    return loaders.replies.load({ parentId: id, ...asked })
  }

  @FieldResolver(() => Int, { description: 'How many answers it has.' })
  replyCount(
    @Root() { id, parentId }: Comment,
    @Ctx() { loaders }: RequestContext,
  ): Promise<number> | number {
    return parentId === null ? loaders.replyCount.load(id) : 0
  }
}
