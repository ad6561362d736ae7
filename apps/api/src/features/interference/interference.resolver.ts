// The query, the mutations and the subscription of maps of interference.
import {
  Arg,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import { Edit } from '../edit/edit.type.js'
import { InterferenceMap, InterferencePayload } from './interference.type.js'

interface FollowArguments {
  readonly id: string
}

@Resolver(() => InterferenceMap)
export class InterferenceResolver {
  @Query(() => InterferenceMap, {
    nullable: true,
    description: 'The map of a model’s approved edits that was asked for last; null when none was.',
  })
  interferenceMap(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<InterferenceMap | null> {
    return services.interference.newest(viewer, modelId)
  }

  @Mutation(() => InterferencePayload, {
    description:
      'Has the map of the edits that are approved now computed; of the same edits there is one.',
  })
  mapInterference(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<InterferencePayload> {
    return payloadOf(async () => ({
      interferenceMap: await services.interference.map(viewer, modelId),
    }))
  }

  @Mutation(() => InterferencePayload, { description: 'Ends a map that waits or is computed.' })
  cancelInterference(
    @Arg('id', () => ID, { description: 'Id of the map.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<InterferencePayload> {
    return payloadOf(async () => ({
      interferenceMap: await services.interference.cancel(viewer, id),
    }))
  }

  @Subscription(() => InterferenceMap, {
    description: 'Where a map is: now, then every change until its end.',
    subscribe: ({ args, context }: { args: FollowArguments; context: RequestContext }) =>
      context.services.interference.follow(context.viewer, args.id),
  })
  interferenceProgress(
    @Arg('id', () => ID, { description: 'Id of the map.' }) _id: string,
    @Root() map: InterferenceMap,
  ): InterferenceMap {
    return map
  }

  @FieldResolver(() => [Edit], {
    description: 'Its edits in the order of the matrix; deleted ones are left out.',
  })
  async edits(
    @Root() { editIds }: InterferenceMap,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Edit[]> {
    const edits = await Promise.all(editIds.map((id) => loaders.edit.load(id)))
    return edits.filter((edit): edit is Edit => edit !== null)
  }

  @FieldResolver(() => [ID], { description: 'Ids of its edits in the order of the matrix.' })
  editIds(@Root() { editIds }: InterferenceMap): string[] {
    return editIds
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether other edits, or another order, are approved now.',
  })
  stale(
    @Root() map: InterferenceMap,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<boolean> {
    return services.interference.isStale(viewer, map)
  }
}
