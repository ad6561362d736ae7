// GraphQL inputs of slices.
import { Field, ID, InputType, Int } from 'type-graphql'

@InputType({ description: 'Cases to choose; what is absent chooses nothing.' })
export class CreateSliceInput {
  @Field(() => ID, { description: 'Of this data set.' })
  datasetId!: string

  @Field(() => String, {
    nullable: true,
    description: 'What to call it; made of what it asks for when absent.',
  })
  name?: string | null

  @Field(() => [String], { nullable: true, description: 'Of these relations.' })
  relations?: string[] | null

  @Field(() => [String], { nullable: true, description: 'With these ids.' })
  caseIds?: string[] | null

  @Field(() => String, { nullable: true, description: 'Whose subject or prompt holds this text.' })
  search?: string | null

  @Field(() => Int, {
    nullable: true,
    description: 'So many at random, or all when there are fewer; all when absent.',
  })
  count?: number | null

  @Field(() => Int, { nullable: true, description: 'Seed of the random choice; 0 when absent.' })
  seed?: number | null

  @Field(() => ID, {
    nullable: true,
    description: 'Only cases whose true answer this model gives by itself; a worker asks it.',
  })
  knownByModelId?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'A name for this request: sent again, it returns the first slice.',
  })
  clientMutationId?: string | null
}
