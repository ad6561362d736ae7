// GraphQL inputs of saved prompts.
import { Field, ID, InputType } from 'type-graphql'

@InputType({ description: 'A prompt to save.' })
export class SavePromptInput {
  @Field(() => String, { description: 'The prompt; at most 20,000 characters.' })
  text!: string

  @Field(() => String, { nullable: true, description: 'The target it is usually read with.' })
  target?: string | null

  @Field(() => [String], {
    nullable: true,
    description: 'Tags: at most 20 of at most 50 characters; stored in lower case.',
  })
  tags?: string[] | null

  @Field(() => String, { nullable: true, description: 'A note; at most 5,000 characters.' })
  note?: string | null

  @Field(() => ID, { nullable: true, description: 'The model it is usually read with.' })
  modelId?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'A name for this request: sent again, it returns the first result.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'Changes to a saved prompt; what is absent stays as it is.' })
export class UpdatePromptInput {
  @Field(() => ID, { description: 'Id of the prompt.' })
  id!: string

  @Field(() => [String], { nullable: true, description: 'All its tags from now on.' })
  tags?: string[] | null

  @Field(() => String, { nullable: true, description: 'Its note from now on; null removes it.' })
  note?: string | null

  @Field(() => String, { nullable: true, description: 'Its target from now on; null removes it.' })
  target?: string | null
}

@InputType({ description: 'Which prompts to list; all conditions hold together.' })
export class PromptFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Text, target or note contains this, in any case.',
  })
  search?: string | null

  @Field(() => String, { nullable: true, description: 'Has this tag.' })
  tag?: string | null
}
