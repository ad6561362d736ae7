// The query, the mutation and the subscription of the viewer's inbox.
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
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
import { Person } from '../account/person.type.js'
import {
  InboxConnection,
  InboxItem,
  InboxState,
  ReadInboxInput,
  ReadInboxPayload,
} from './inbox.type.js'

@Resolver(() => InboxItem)
export class InboxResolver {
  @Query(() => InboxConnection, {
    description: 'What awaits you in this project, newest first.',
    complexity: listComplexity,
  })
  inbox(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('unreadOnly', () => Boolean, {
      nullable: true,
      description: 'Only what was not read; false when absent.',
    })
    unreadOnly: boolean | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<InboxItem>> {
    return services.inboxes.list(viewer, pageAsked(page), unreadOnly ?? false)
  }

  @Mutation(() => ReadInboxPayload, { description: 'Marks items of your inbox as read.' })
  readInbox(
    @Arg('input', () => ReadInboxInput, { description: 'Which items.' }) input: ReadInboxInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ReadInboxPayload> {
    return payloadOf(() => services.inboxes.read(viewer, input))
  }

  @Subscription(() => InboxState, {
    description: 'How full your inbox is: now, then with every change.',
    subscribe: ({ context }: { context: RequestContext }) =>
      context.services.inboxes.follow(context.viewer),
  })
  inboxChanged(@Root() state: InboxState): InboxState {
    return state
  }

  @FieldResolver(() => Person, { description: 'Who caused it.' })
  actor(@Root() { actorId }: InboxItem, @Ctx() { loaders }: RequestContext): Promise<Person> {
    return loaders.person.load(actorId)
  }
}
