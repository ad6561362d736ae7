// GraphQL types of tokens and of the model's answer.
import { Field, Float, Int, ObjectType } from 'type-graphql'

@ObjectType({ description: 'One token of the vocabulary.' })
export class Token {
  @Field(() => Int, { description: 'Token id.' })
  id!: number

  @Field(() => String, {
    description: 'Its text; bytes that are no whole character appear as `\\xNN`.',
  })
  text!: string
}

@ObjectType({ description: 'A token with its logit and probability under a projection.' })
export class ScoredToken {
  @Field(() => Int, { description: 'Token id.' })
  id!: number

  @Field(() => String, {
    description: 'Its text; bytes that are no whole character appear as `\\xNN`.',
  })
  text!: string

  @Field(() => Float, { description: 'Its logit.' })
  logit!: number

  @Field(() => Float, { description: 'Its probability after softmax over the whole vocabulary.' })
  probability!: number
}

@ObjectType({ description: 'What the model itself would say next.' })
export class Answer {
  @Field(() => ScoredToken, { description: 'The most probable next token.' })
  token!: ScoredToken

  @Field(() => [ScoredToken], { description: 'The most probable next tokens, best first.' })
  next!: ScoredToken[]
}
