// Query of the server's own state.
import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { Device } from '../device/device.type.js'
import { ServerStatus } from './server-status.type.js'

@Resolver(() => ServerStatus)
export class ServerStatusResolver {
  @Query(() => ServerStatus, { description: 'The server’s own state.' })
  server(@Ctx() context: RequestContext): Promise<ServerStatus> {
    return context.services.serverStatus.read(context.viewer)
  }

  @FieldResolver(() => [Device], {
    description:
      'What can compute on the machines of the workers, best first; [] until a worker has found out.',
  })
  devices(@Ctx() context: RequestContext): Promise<Device[]> {
    return context.services.devices.list()
  }
}
