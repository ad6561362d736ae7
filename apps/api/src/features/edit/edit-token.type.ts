// GraphQL types of what a model says next, as edits are measured by it.
import { Field, Float, Int, ObjectType } from 'type-graphql'

@ObjectType({ description: 'One token of a list of the strongest, with what it was given.' })
export class EditToken {
  @Field(() => Int, { description: 'Id in the model’s vocabulary.' })
  id!: number

  @Field(() => String, {
    description: 'Its text; a token that is part of a character is written as `\\xNN`.',
  })
  text!: string

  @Field(() => Float, { description: 'Probability after a softmax over the vocabulary.' })
  probability!: number

  @Field(() => Float, { nullable: true, description: 'Logit; null where it was not read.' })
  logit!: number | null
}

@ObjectType({ description: 'What a model says after a prompt.' })
export class NextToken {
  @Field(() => [EditToken], { description: 'The most probable tokens, first the best.' })
  top!: EditToken[]

  @Field(() => Float, {
    nullable: true,
    description:
      'Probability of the whole target after the prompt, teacher-forced; null without a target.',
  })
  targetProbability!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of the target’s first token, 0 = most probable; null without a target.',
  })
  targetRank!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Probability of the whole answer before the edit; null where that is not known.',
  })
  truthProbability!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of its first token; null where it is not known.',
  })
  truthRank!: number | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the model would say the target; null without a target.',
  })
  argmaxIsTarget!: boolean | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it would say the answer before the edit; null where that is not known.',
  })
  argmaxIsTruth!: boolean | null

  @Field(() => Float, {
    nullable: true,
    description: 'Entropy of the distribution in nats; null where it was not read.',
  })
  entropy!: number | null
}
