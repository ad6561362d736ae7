// GraphQL types of maps of interference.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { runStates } from '../../vocabulary/names.js'
import type { RunStateKey } from '../../vocabulary/names.js'
import { RunError } from '../lens-run/lens-run.type.js'

@ObjectType({
  description: 'What is left of one edit’s new answer when another is applied on top.',
  simpleResolvers: true,
})
export class InterferencePair {
  @Field(() => ID, { description: 'Id of the edit whose answer is read.' })
  first!: string

  @Field(() => ID, { description: 'Id of the edit on top.' })
  second!: string

  @Field(() => Float, {
    description: 'Probability of the first’s new target under it alone: the mean of its requests.',
  })
  alone!: number

  @Field(() => Float, { description: 'The same under both.' })
  together!: number

  @Field(() => Boolean, { description: 'Whether it still is the model’s answer under both.' })
  firstHolds!: boolean
}

@ObjectType({ description: 'How much the approved edits of a model disturb each other.' })
export class InterferenceMap {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => runStates.values, { description: 'How far it is.' })
  state!: RunStateKey

  @Field(() => String, { description: 'What is being done, in words.' })
  stage!: string

  @Field(() => Int, { nullable: true, description: 'Readings that are made.' })
  done!: number | null

  @Field(() => Int, { nullable: true, description: 'Readings in all.' })
  total!: number | null

  @Field(() => [[Float]], {
    nullable: true,
    description:
      'From 0 to 1, in the order of edits: sqrt(|Qa^T Qb|_F^2 / min(ra, rb)) of the input factors, the greatest of the shared matrices.',
  })
  keyOverlap!: number[][] | null

  @Field(() => [InterferencePair], {
    nullable: true,
    description: 'Every ordered pair; null until it is done.',
  })
  effect!: InterferencePair[] | null

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds until it is done; null while that is not known, and at its end.',
  })
  secondsLeft!: number | null

  @Field(() => RunError, {
    nullable: true,
    description: 'What ended its last unsuccessful attempt; null when none did.',
  })
  error!: RunError | null

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it has not.' })
  finishedAt!: Date | null

  @Field(() => Int, { description: 'Rises with every change.' })
  progressVersion!: number

  /** Not GraphQL fields: read by the field resolvers. */
  editIds!: string[]
  questionDigest!: string
}

@ObjectType({ description: 'What a mutation of a map of interference returns.' })
export class InterferencePayload {
  @Field(() => InterferenceMap, {
    nullable: true,
    description: 'The map as it is now; null when there were errors.',
  })
  interferenceMap?: InterferenceMap | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
