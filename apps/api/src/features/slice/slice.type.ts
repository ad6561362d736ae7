// GraphQL types of slices: chosen cases of a data set.
import { Field, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { runStates } from '../../vocabulary/names.js'
import type { RunStateKey } from '../../vocabulary/names.js'
import { RunError } from '../lens-run/lens-run.type.js'

@ObjectType({ description: 'How the cases of a slice were chosen; what is null chose nothing.' })
export class SliceDefinition {
  @Field(() => [String], { nullable: true, description: 'Of these relations.' })
  relations!: string[] | null

  @Field(() => [String], { nullable: true, description: 'With these ids.' })
  caseIds!: string[] | null

  @Field(() => String, { nullable: true, description: 'Whose subject or prompt holds this text.' })
  search!: string | null

  @Field(() => Int, { nullable: true, description: 'So many at random.' })
  count!: number | null

  @Field(() => Int, { description: 'Seed of the random choice.' })
  seed!: number
}

@ObjectType({ description: 'How a model answered the cases it was asked, in seeded order.' })
export class KnownCounts {
  @Field(() => Int, { description: 'Cases that were asked.' })
  tested!: number

  @Field(() => Int, {
    description: 'Of those, where the true answer’s first token is the most probable.',
  })
  firstToken!: number

  @Field(() => Int, { description: 'Of those, where every token of it is.' })
  known!: number
}

@ObjectType({
  description: 'Chosen cases of a data set, which evaluations and figures are made on.',
})
export class Slice {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => SliceDefinition, { description: 'How its cases were chosen.' })
  definition!: SliceDefinition

  @Field(() => Int, { description: 'How many cases; 0 until they are chosen.' })
  cases!: number

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 of the data set’s digest and the chosen places; null until they are chosen.',
  })
  digest!: string | null

  @Field(() => KnownCounts, {
    nullable: true,
    description: 'How many cases the model was asked and knew, so far; null where none is asked.',
  })
  knownCounts!: KnownCounts | null

  @Field(() => runStates.values, { description: 'Whether its cases are chosen.' })
  state!: RunStateKey

  @Field(() => Int, {
    nullable: true,
    description: 'Known cases found, or cases asked where all are; null where none is asked.',
  })
  done!: number | null

  @Field(() => Int, { nullable: true, description: 'How many of those there will be at most.' })
  total!: number | null

  @Field(() => Int, {
    description: 'Grows with every change; pass it as `afterVersion` to resume a subscription.',
  })
  version!: number

  @Field(() => RunError, { nullable: true, description: 'Why it failed; null when it did not.' })
  error!: RunError | null

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date

  /** Not GraphQL fields: read by the field resolvers. */
  datasetId!: string
  knownByModelId!: string | null
  authorId!: string
}

export const SliceEdge = edgeTypeOf('Slice', () => Slice)
export const SliceConnection = connectionTypeOf('Slice', SliceEdge)

@ObjectType({ description: 'What a mutation of a slice returns.' })
export class SlicePayload {
  @Field(() => Slice, {
    nullable: true,
    description: 'The slice as it is now; null when there were errors.',
  })
  slice?: Slice | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
