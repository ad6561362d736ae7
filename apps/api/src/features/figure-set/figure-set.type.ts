// GraphQL types of figures over many prompts.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { runStates } from '../../vocabulary/names.js'
import type { RunStateKey } from '../../vocabulary/names.js'
import { RunError } from '../lens-run/lens-run.type.js'

@ObjectType({
  description: 'One of the paper’s figures, and how far it is.',
  simpleResolvers: true,
})
export class FigureInfo {
  @Field(() => String, { description: 'Its name, such as `gradient-rank`.' })
  kind!: string

  @Field(() => String, { description: 'Its number in the paper.' })
  number!: string

  @Field(() => String, { description: 'Its title.' })
  title!: string

  @Field(() => String, { description: 'What it shows.' })
  caption!: string

  @Field(() => String, { description: 'What the paper found, to compare with.' })
  lookFor!: string

  @Field(() => Int, { description: 'Prompts it is of so far.' })
  done!: number

  @Field(() => Boolean, { description: 'Whether there is something to draw.' })
  ready!: boolean
}

@ObjectType({ description: 'One figure, ready to draw.', simpleResolvers: true })
export class Figure {
  @Field(() => String, { description: 'Its name, such as `gradient-rank`.' })
  kind!: string

  @Field(() => String, { description: 'Its number in the paper.' })
  number!: string

  @Field(() => String, { description: 'Its title.' })
  title!: string

  @Field(() => String, { description: 'What it shows.' })
  caption!: string

  @Field(() => String, { description: 'What the paper found, to compare with.' })
  lookFor!: string

  @Field(() => Int, { description: 'Prompts it is of so far.' })
  done!: number

  @Field(() => GraphQLJSON, {
    description: 'Axes, series or cells with means, intervals and numbers of prompts, and notes.',
  })
  data!: unknown
}

@ObjectType({ description: 'The paper’s figures for one model over the prompts of a slice.' })
export class FigureSet {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => GraphQLJSON, { description: 'What it was made with: prompts, seed, smallestStep.' })
  settings!: unknown

  @Field(() => Int, { description: 'Prompts that were asked for.' })
  prompts!: number

  @Field(() => runStates.values, { description: 'How far it is.' })
  state!: RunStateKey

  @Field(() => String, { description: 'What is being done, in words.' })
  stage!: string

  @Field(() => Int, { description: 'Prompts that are observed.' })
  done!: number

  @Field(() => Int, { description: 'Rises with every change; pass it to continue a subscription.' })
  version!: number

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds until it is done; null while that is not known, and at its end.',
  })
  secondsLeft!: number | null

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'What the observations depend on; null until the first.',
  })
  receipt!: unknown

  @Field(() => RunError, {
    nullable: true,
    description: 'What ended its last unsuccessful attempt; null when none did.',
  })
  error!: RunError | null

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When it ended; null while it has not.' })
  finishedAt!: Date | null

  /** Not GraphQL fields: read by the field resolvers. */
  modelId!: string
  sliceId!: string
  authorId!: string
}

export const FigureSetEdge = edgeTypeOf('FigureSet', () => FigureSet)
export const FigureSetConnection = connectionTypeOf('FigureSet', FigureSetEdge)

@ObjectType({ description: 'What a mutation of figures returns.' })
export class FigureSetPayload {
  @Field(() => FigureSet, {
    nullable: true,
    description: 'The figures as they are now; null when there were errors.',
  })
  figureSet?: FigureSet | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
