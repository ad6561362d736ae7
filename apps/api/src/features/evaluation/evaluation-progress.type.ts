// GraphQL types of how far an evaluation is.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { evaluationStates } from '../../vocabulary/evaluation-names.js'
import type { EvaluationStateKey } from '../../vocabulary/evaluation-names.js'
import { RunError } from '../lens-run/lens-run.type.js'

@ObjectType({ description: 'Cases that a worker computes just now.', simpleResolvers: true })
export class RunningBatch {
  @Field(() => String, { description: 'Id of the worker.' })
  workerId!: string

  @Field(() => String, { nullable: true, description: 'Name of its processor or GPU, if known.' })
  device!: string | null

  @Field(() => Int, { description: 'The first case, counted from 0.' })
  firstCase!: number

  @Field(() => Int, { description: 'How many cases.' })
  cases!: number

  @Field(() => [String], { description: 'Names of the arms that are computed together.' })
  arms!: string[]

  @Field(() => Float, { description: 'Seconds since it was begun.' })
  seconds!: number
}

@ObjectType({ description: 'The mean of a metric so far.', simpleResolvers: true })
export class PartialMetric {
  @Field(() => ID, { description: 'Id of the arm.' })
  armId!: string

  @Field(() => String, { description: 'Name of the metric, or of the protocol’s score.' })
  metric!: string

  @Field(() => Int, { description: 'Cases with a value.' })
  n!: number

  @Field(() => Float, { nullable: true, description: 'The mean; null without a value.' })
  mean!: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Lower end of a 95% interval: Wilson’s where a case is a success or failure, else normal; null of the score.',
  })
  low!: number | null

  @Field(() => Float, { nullable: true, description: 'Its upper end.' })
  high!: number | null
}

/** How far an evaluation is. What is costly is counted when it is asked for, once a second at most for everybody. */
@ObjectType({ description: 'How far an evaluation is.' })
export class EvaluationProgress {
  @Field(() => ID, { description: 'Id of the evaluation.' })
  evaluationId!: string

  @Field(() => Int, { description: 'Rises with every change.' })
  version!: number

  @Field(() => evaluationStates.values, { description: 'Its state.' })
  state!: EvaluationStateKey

  @Field(() => Int, { description: 'Edits to compute in all: arms times cases.' })
  total!: number

  @Field(() => RunError, { nullable: true, description: 'Why it has failed; null otherwise.' })
  error!: RunError | null

  /** Not a GraphQL field: the names of its metrics are the protocol’s. */
  protocol!: string
}
