// Query of the server's own state.
import { Ctx, Query, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { ServerStatus } from './server-status.type.js'

@Resolver(() => ServerStatus)
export class ServerStatusResolver {
  @Query(() => ServerStatus, { description: 'The server’s own state.' })
  server(@Ctx() context: RequestContext): Promise<ServerStatus> {
    return context.services.serverStatus.read(context.viewer)
  }
}
