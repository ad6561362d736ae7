// The query of the page of workers.
import { Ctx, Query, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { WorkersReport } from './worker.type.js'

@Resolver(() => WorkersReport)
export class WorkerResolver {
  @Query(() => WorkersReport, { description: 'Who computes, what they do, and what waits.' })
  workers(@Ctx() { services }: RequestContext): Promise<WorkersReport> {
    return services.workers.report()
  }
}
