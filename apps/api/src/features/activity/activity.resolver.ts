// The query and the subscription of activity.
import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import type { RequestContext } from '../../context.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments, pageAsked } from '../../pagination/page-arguments.js'
import { Person } from '../account/person.type.js'
import { Activity, ActivityConnection, ActivityFilter } from './activity.type.js'

interface FollowArguments {
  readonly since?: string | null
}

@Resolver(() => Activity)
export class ActivityResolver {
  @Query(() => ActivityConnection, {
    description: 'What happened in the project, newest first.',
    complexity: listComplexity,
  })
  activity(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => ActivityFilter, {
      nullable: true,
      description: 'Which activity; all when absent.',
    })
    filter: ActivityFilter | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<Activity>> {
    return services.activities.list(viewer, pageAsked(page), filter ?? {})
  }

  @Subscription(() => Activity, {
    description: 'What happens from now on, or after an activity that was seen; each once.',
    subscribe: ({ args, context }: { args: FollowArguments; context: RequestContext }) =>
      context.services.activities.follow(context.viewer, args.since),
  })
  activityAdded(
    @Arg('since', () => ID, {
      nullable: true,
      description: 'Id of the last one that was seen; from now on when absent.',
    })
    _since: string | null,
    @Root() activity: Activity,
  ): Activity {
    return activity
  }

  @FieldResolver(() => Person, { description: 'Who did it.' })
  actor(@Root() { actorId }: Activity, @Ctx() { loaders }: RequestContext): Promise<Person> {
    return loaders.person.load(actorId)
  }
}
