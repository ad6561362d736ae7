// GraphQL input of figures.
import { Field, ID, InputType, Int } from 'type-graphql'

@InputType({ description: 'Figures to make.' })
export class StartFiguresInput {
  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => ID, { description: 'Id of the slice whose prompts are observed.' })
  sliceId!: string

  @Field(() => Int, {
    nullable: true,
    description:
      'Prompts, from the slice’s first, at most 1,000; 100 when absent, as in the paper.',
  })
  prompts?: number | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether Fig. 26 is made, too, which takes far longer than all others together.',
  })
  smallestStep?: boolean | null

  @Field(() => String, { nullable: true, description: 'A name; at most 200 characters.' })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'A name for this request: sent again, it returns the first figures instead of new ones.',
  })
  clientMutationId?: string | null
}
