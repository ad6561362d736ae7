// GraphQL types of saved prompts.
import { Field, ID, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'

@ObjectType({
  description: 'A prompt that was saved, so that it can be found, tagged and used again.',
})
export class Prompt {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'The prompt.' })
  text!: string

  @Field(() => String, {
    nullable: true,
    description: 'The target it is usually read with; null when none was saved.',
  })
  target!: string | null

  @Field(() => [String], { description: 'Its tags, in alphabetical order.' })
  tags!: string[]

  @Field(() => String, { nullable: true, description: 'A note; null when there is none.' })
  note!: string | null

  @Field(() => Date, { description: 'When it was saved.' })
  createdAt!: Date

  @Field(() => Date, { description: 'When it was last changed.' })
  updatedAt!: Date

  /** Not a GraphQL field: read by `model` and `author`. */
  modelId!: string | null
  authorId!: string
}

export const PromptEdge = edgeTypeOf('Prompt', () => Prompt)
export const PromptConnection = connectionTypeOf('Prompt', PromptEdge)

@ObjectType({ description: 'What a mutation of a prompt returns.' })
export class PromptPayload {
  @Field(() => Prompt, {
    nullable: true,
    description: 'The prompt as it is now; null when there were errors.',
  })
  prompt?: Prompt | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'What a deletion returns.' })
export class DeletePayload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of what was deleted; null when there were errors.',
  })
  deletedId?: string | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
