// Queries that wait, for scripts that cannot hold a subscription.
import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { currentRequest } from '../../observability/request-context.js'
import { Evaluation } from '../evaluation/evaluation.type.js'
import { LensRun } from '../lens-run/lens-run.type.js'
import { longestWait } from './await.service.js'

const endedStates: readonly string[] = ['DONE', 'FAILED', 'CANCELLED']
const secondsOf = {
  nullable: true,
  description: `Answer after so many seconds at the latest, 0 to ${longestWait}; ${longestWait} when absent.`,
}

@Resolver()
export class AwaitResolver {
  @Query(() => Evaluation, {
    nullable: true,
    description:
      'Waits until an evaluation has ended, or has changed since a version, and answers with it as it is then. Ask again when it has not ended.',
  })
  awaitEvaluation(
    @Arg('id', () => ID, { description: 'Id of the evaluation.' }) id: string,
    @Arg('afterVersion', () => Int, {
      nullable: true,
      description: 'Also answer when `progress.version` is larger; only at its end when absent.',
    })
    afterVersion: number | null,
    @Arg('seconds', () => Int, secondsOf) seconds: number | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Evaluation | null> {
    return services.awaits.until({
      ...{ id, seconds, signal: currentRequest()?.gone },
      read: () => services.evaluations.get(viewer, id),
      isEnough: ({ state, version }) =>
        endedStates.includes(state) || version > (afterVersion ?? Infinity),
    })
  }

  @Query(() => LensRun, {
    nullable: true,
    description:
      'Waits until a run has ended and answers with it as it is then. Ask again when it has not ended.',
  })
  awaitLensRun(
    @Arg('id', () => ID, { description: 'Id of the run.' }) id: string,
    @Arg('seconds', () => Int, secondsOf) seconds: number | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<LensRun | null> {
    return services.awaits.until({
      ...{ id, seconds, signal: currentRequest()?.gone },
      read: () => services.lensRuns.get(viewer, id),
      isEnough: ({ state }) => endedStates.includes(state),
    })
  }
}
