// GraphQL type of a survey: what is known of the neurons of one layer, and how far computing it is.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { runStates } from '../../vocabulary/names.js'
import type { RunStateKey } from '../../vocabulary/names.js'
import { RunError } from '../lens-run/lens-run.type.js'

@ObjectType({
  description:
    'What is known of the neurons of one layer: their words, and what they do in the newest finished runs without edits. Asked again, it is the same object; what it showed stays until the new numbers are there.',
})
export class NeuronSurvey {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => Int, { description: 'The layer, from 0.' })
  layer!: number

  @Field(() => Int, { description: 'How many neurons the layer has.' })
  neurons!: number

  @Field(() => runStates.values, { description: 'How far it is.' })
  state!: RunStateKey

  @Field(() => String, { description: 'What is being done, in words.' })
  stage!: string

  @Field(() => Int, { description: 'Steps that are done: neurons put into words, and runs read.' })
  done!: number

  @Field(() => Int, { description: 'Steps in all.' })
  total!: number

  @Field(() => Int, {
    description: 'Runs that the shown activations are of; 0 before there are any.',
  })
  runs!: number

  @Field(() => Int, { description: 'Positions that the shown activations are of.' })
  tokens!: number

  @Field(() => Boolean, { description: 'Whether the words of every neuron are there.' })
  wordsReady!: boolean

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

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'What its numbers depend on: weights, versions, lens, and how long it took.',
  })
  receipt!: unknown

  @Field(() => Int, { description: 'Rises with every change; pass it to continue a subscription.' })
  progressVersion!: number

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it has not.' })
  finishedAt!: Date | null

  /** Not GraphQL fields: read by the field resolver. */
  projectId!: string
  resultDigest!: string | null
}

@ObjectType({ description: 'What a mutation of a survey returns.' })
export class NeuronSurveyPayload {
  @Field(() => NeuronSurvey, {
    nullable: true,
    description: 'The survey as it is now; null when there were errors.',
  })
  neuronSurvey?: NeuronSurvey | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
