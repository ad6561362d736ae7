// Queries, mutations and the subscription of evaluations.
import {
  Arg,
  Args,
  Ctx,
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
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments, pageAsked } from '../../pagination/page-arguments.js'
import { DeletePayload } from '../prompt/prompt.type.js'
import { EvaluationProgress } from './evaluation-progress.type.js'
import { ArmInput, EvaluationFilter, StartEvaluationInput } from './evaluation.input.js'
import {
  Evaluation,
  EvaluationConnection,
  EvaluationEstimate,
  EvaluationPayload,
  EvaluationPreset,
} from './evaluation.type.js'

const idOf = { description: 'Id of the evaluation.' }

@Resolver()
export class EvaluationResolver {
  @Query(() => EvaluationConnection, {
    description: 'Evaluations, newest first.',
    complexity: listComplexity,
  })
  evaluations(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => EvaluationFilter, {
      nullable: true,
      description: 'Which evaluations; all when absent.',
    })
    filter: EvaluationFilter | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<Evaluation>> {
    return services.evaluations.list(viewer, pageAsked(page), filter ?? {})
  }

  @Query(() => Evaluation, {
    nullable: true,
    description: 'One evaluation; null when there is none with this id.',
  })
  evaluation(
    @Arg('id', () => ID, idOf) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Evaluation | null> {
    return services.evaluations.get(viewer, id)
  }

  @Query(() => EvaluationEstimate, {
    description: 'What an evaluation would take, and why it could not be started; writes nothing.',
  })
  estimateEvaluation(
    @Arg('input', () => StartEvaluationInput, { description: 'What would be started.' })
    input: StartEvaluationInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationEstimate> {
    return services.evaluationEstimates.estimate(viewer, input)
  }

  @Query(() => [EvaluationPreset], {
    description: 'Evaluations that repeat the tables of papers, for a model.',
  })
  evaluationPresets(
    @Arg('modelId', () => ID, { description: 'Id of the model.' }) modelId: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPreset[]> {
    return services.evaluationEstimates.presets(viewer, modelId)
  }

  @Mutation(() => EvaluationPayload, {
    description:
      'Starts an evaluation, after checking everything that can be checked without computing.',
  })
  startEvaluation(
    @Arg('input', () => StartEvaluationInput, { description: 'What to compare, and on what.' })
    input: StartEvaluationInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPayload> {
    return payloadOf(async () => ({ evaluation: await services.evaluations.start(viewer, input) }))
  }

  @Mutation(() => EvaluationPayload, {
    description: 'Begins nothing new; what is being computed is finished.',
  })
  pauseEvaluation(
    @Arg('id', () => ID, idOf) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPayload> {
    return payloadOf(async () => ({ evaluation: await services.evaluations.pause(viewer, id) }))
  }

  @Mutation(() => EvaluationPayload, {
    description: 'Lets a paused, cancelled or failed evaluation go on; rows that are there stay.',
  })
  resumeEvaluation(
    @Arg('id', () => ID, idOf) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPayload> {
    return payloadOf(async () => ({ evaluation: await services.evaluations.resume(viewer, id) }))
  }

  @Mutation(() => EvaluationPayload, {
    description: 'Stops an evaluation at once; rows that are there stay.',
  })
  cancelEvaluation(
    @Arg('id', () => ID, idOf) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPayload> {
    return payloadOf(async () => ({ evaluation: await services.evaluations.cancel(viewer, id) }))
  }

  @Mutation(() => EvaluationPayload, {
    description:
      'Has failed cases computed again for the arms that failed: batches that failed wholly as they were, others case by case.',
  })
  retryFailedCases(
    @Arg('id', () => ID, idOf) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPayload> {
    return payloadOf(async () => ({
      evaluation: await services.evaluations.retryFailures(viewer, id),
    }))
  }

  @Mutation(() => EvaluationPayload, {
    description: 'Adds cases of the slice or arms; what is there is not computed again.',
  })
  extendEvaluation(
    @Arg('id', () => ID, idOf) id: string,
    @Arg('cases', () => Int, {
      nullable: true,
      description: 'Cases in all, up to `canExtendTo`; as many as there are when absent.',
    })
    cases: number | null,
    @Arg('arms', () => [ArmInput], { nullable: true, description: 'Arms to add.' })
    arms: ArmInput[] | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPayload> {
    const input = { cases: cases ?? null, arms: arms ?? [] }
    return payloadOf(async () => ({
      evaluation: await services.evaluations.extend(viewer, id, input),
    }))
  }

  @Mutation(() => EvaluationPayload, {
    description: 'Sets which evaluation goes first; batches that are being computed are finished.',
  })
  setEvaluationPriority(
    @Arg('id', () => ID, idOf) id: string,
    @Arg('priority', () => Int, { description: 'From -100 to 100; higher goes first.' })
    priority: number,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPayload> {
    return payloadOf(async () => ({
      evaluation: await services.evaluations.setPriority(viewer, id, priority),
    }))
  }

  @Mutation(() => EvaluationPayload, { description: 'Gives an evaluation another name or note.' })
  renameEvaluation(
    @Arg('id', () => ID, idOf) id: string,
    @Arg('name', () => String, { description: 'The name, at most 200 characters.' }) name: string,
    @Arg('note', () => String, {
      nullable: true,
      description: 'The note; kept when absent, taken away when empty.',
    })
    note: string | null | undefined,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<EvaluationPayload> {
    return payloadOf(async () => ({
      evaluation: await services.evaluations.rename(viewer, id, name, note ?? undefined),
    }))
  }

  @Mutation(() => DeletePayload, {
    description: 'Deletes an evaluation with all its rows; stops it first if it is running.',
  })
  deleteEvaluation(
    @Arg('id', () => ID, idOf) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<DeletePayload> {
    return payloadOf(async () => ({ deletedId: await services.evaluations.remove(viewer, id) }))
  }

  @Subscription(() => EvaluationProgress, {
    description:
      'Progress of an evaluation: as it is first, then changes once a second at most; ends after a final state.',
    subscribe: ({ args, context }: { args: Record<string, unknown>; context: RequestContext }) =>
      context.services.evaluationProgress.follow(
        context.viewer,
        args['evaluationId'] as string,
        args['afterVersion'] as number | null | undefined,
      ),
  })
  evaluationProgress(
    @Arg('evaluationId', () => ID, idOf) _evaluationId: string,
    @Arg('afterVersion', () => Int, {
      nullable: true,
      description: 'The last version that was seen: nothing older or equal is sent again.',
    })
    _afterVersion: number | null,
    @Root() progress: EvaluationProgress,
  ): EvaluationProgress {
    return progress
  }
}
