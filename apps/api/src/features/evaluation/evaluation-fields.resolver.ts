// Fields of evaluations, arms and progress that are read when they are asked for.
import { Ctx, FieldResolver, Float, Int, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { Model } from '../model/model.type.js'
import { Trouble } from '../worker/worker.type.js'
import type { ArmCounts } from './evaluation-progress.repository.js'
import { headOf, headOfEvaluation } from './evaluation-progress.service.js'
import { EvaluationProgress, PartialMetric, RunningBatch } from './evaluation-progress.type.js'
import { toProgress } from './evaluation-values.js'
import { Evaluation, EvaluationArm } from './evaluation.type.js'

@Resolver(() => Evaluation)
export class EvaluationFieldsResolver {
  @FieldResolver(() => String, { description: 'Name of who started it.' })
  author(@Root() { authorId }: Evaluation, @Ctx() { loaders }: RequestContext): Promise<string> {
    return loaders.userName.load(authorId)
  }

  @FieldResolver(() => Int, { description: 'Cases of its slice: it can be extended to so many.' })
  canExtendTo(
    @Root() { sliceId }: Evaluation,
    @Ctx() { loaders }: RequestContext,
  ): Promise<number> {
    return loaders.sliceCases.load(sliceId)
  }

  @FieldResolver(() => [EvaluationArm], { description: 'What is compared, in order.' })
  arms(@Root() { id }: Evaluation, @Ctx() { loaders }: RequestContext): Promise<EvaluationArm[]> {
    return loaders.armsOfEvaluation.load(id)
  }

  @FieldResolver(() => EvaluationProgress, { description: 'How far it is.' })
  async progress(
    @Root() evaluation: Evaluation,
    @Ctx() { loaders }: RequestContext,
  ): Promise<EvaluationProgress> {
    return toProgress(evaluation, (await loaders.armsOfEvaluation.load(evaluation.id)).length)
  }
}

@Resolver(() => EvaluationArm)
export class EvaluationArmResolver {
  @FieldResolver(() => Model, { description: 'The model.' })
  async model(
    @Root() { id, modelId }: EvaluationArm,
    @Ctx() { loaders }: RequestContext,
  ): Promise<Model> {
    const model = await loaders.model.load(modelId)
    if (model === null) throw new Error(`Arm ${id} has no model`)
    return model
  }

  @FieldResolver(() => Int, { description: 'Cases with a row or a failure.' })
  async done(@Root() arm: EvaluationArm, @Ctx() context: RequestContext): Promise<number> {
    return (await countsOf(arm, context))?.done ?? 0
  }

  @FieldResolver(() => Int, { description: 'Cases that failed.' })
  async failed(@Root() arm: EvaluationArm, @Ctx() context: RequestContext): Promise<number> {
    return (await countsOf(arm, context))?.failed ?? 0
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Mean seconds of computing one edit; null before the first.',
  })
  async secondsPerEdit(
    @Root() arm: EvaluationArm,
    @Ctx() context: RequestContext,
  ): Promise<number | null> {
    return (await countsOf(arm, context))?.secondsPerEdit ?? null
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      'Largest resident memory of an engine that computed it; null before the first row.',
  })
  async peakBytes(
    @Root() arm: EvaluationArm,
    @Ctx() context: RequestContext,
  ): Promise<number | null> {
    return (await countsOf(arm, context))?.peakBytes ?? null
  }
}

async function countsOf(
  { id, evaluationId }: EvaluationArm,
  { loaders, services }: RequestContext,
): Promise<ArmCounts | undefined> {
  const evaluation = await loaders.evaluation.load(evaluationId)
  if (evaluation === null) return undefined
  const counts = await services.evaluationProgress.counts(headOfEvaluation(evaluation))
  return counts.find(({ armId }) => armId === id)
}

@Resolver(() => EvaluationProgress)
export class EvaluationProgressResolver {
  @FieldResolver(() => Int, { description: 'Edits with a row or a failure.' })
  done(@Root() progress: EvaluationProgress, @Ctx() context: RequestContext): Promise<number> {
    return sumOf(progress, context, ({ done }) => done)
  }

  @FieldResolver(() => Int, { description: 'Edits that failed.' })
  failed(@Root() progress: EvaluationProgress, @Ctx() context: RequestContext): Promise<number> {
    return sumOf(progress, context, ({ failed }) => failed)
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Edits a second, over the last minute; null without any, and after the end.',
  })
  async casesPerSecond(
    @Root() progress: EvaluationProgress,
    @Ctx() { services }: RequestContext,
  ): Promise<number | null> {
    const head = headOf(progress)
    return head.ended ? null : (await services.evaluationProgress.pace(head)).rowsPerSecond
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Estimated seconds to the end at this rate; null when it is not running.',
  })
  async secondsLeft(
    @Root() progress: EvaluationProgress,
    @Ctx() context: RequestContext,
  ): Promise<number | null> {
    const rate = await this.casesPerSecond(progress, context)
    if (rate === null || progress.state !== 'RUNNING') return null
    return Math.max(0, progress.total - (await this.done(progress, context))) / rate
  }

  @FieldResolver(() => Int, { description: 'Workers that compute its cases just now.' })
  async workers(
    @Root() progress: EvaluationProgress,
    @Ctx() context: RequestContext,
  ): Promise<number> {
    const running = await this.running(progress, context)
    return new Set(running.map(({ workerId }) => workerId)).size
  }

  @FieldResolver(() => [RunningBatch], { description: 'What is computed just now, at most 100.' })
  async running(
    @Root() progress: EvaluationProgress,
    @Ctx() { services }: RequestContext,
  ): Promise<RunningBatch[]> {
    const head = headOf(progress)
    return head.ended ? [] : [...(await services.evaluationProgress.pace(head)).running]
  }

  @FieldResolver(() => Trouble, {
    nullable: true,
    description:
      'Why it stands still though it could go on: every worker that is alive cannot compute it. Null otherwise.',
  })
  waiting(
    @Root() progress: EvaluationProgress,
    @Ctx() { services }: RequestContext,
  ): Promise<Trouble | null> {
    return services.evaluationProgress.waiting(headOf(progress), progress.state)
  }

  @FieldResolver(() => [PartialMetric], {
    description: 'The mean of each metric of each arm so far, from the rows that are there.',
  })
  partial(
    @Root() progress: EvaluationProgress,
    @Ctx() { services }: RequestContext,
  ): Promise<PartialMetric[]> {
    return services.evaluationProgress.partials(headOf(progress), progress.protocol)
  }
}

async function sumOf(
  progress: EvaluationProgress,
  { services }: RequestContext,
  part: (counts: ArmCounts) => number,
): Promise<number> {
  const counts = await services.evaluationProgress.counts(headOf(progress))
  return counts.reduce((sum, one) => sum + part(one), 0)
}
