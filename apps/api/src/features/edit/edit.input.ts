// GraphQL inputs of edits.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, ID, InputType, Int } from 'type-graphql'
import { runStates } from '../../vocabulary/names.js'
import type { RunStateKey } from '../../vocabulary/names.js'
import { EditMethodNameScalar } from './edit-method-name.scalar.js'

@InputType({ description: 'One fact to write: after the prompt, the model shall say the target.' })
export class EditRequestInput {
  @Field(() => String, {
    description: 'The prompt, with `{}` where the subject stands, or with the subject once.',
  })
  prompt!: string

  @Field(() => String, { description: 'The subject of the fact.' })
  subject!: string

  @Field(() => String, {
    description: 'The new answer; a leading space is added when it is missing.',
  })
  target!: string
}

@InputType({ description: 'A prompt about another subject, and what is true of that one.' })
export class NeighborInput {
  @Field(() => String, { description: 'The prompt.' })
  prompt!: string

  @Field(() => String, { description: 'What the model should go on saying.' })
  target!: string
}

@InputType({ description: 'Prompts to measure an edit with, besides its own.' })
export class EditProbesInput {
  @Field(() => String, { nullable: true, description: 'The answer before the edit.' })
  truth?: string | null

  @Field(() => [String], {
    nullable: true,
    description: 'The same fact asked for in other words; at most 20.',
  })
  paraphrases?: string[] | null

  @Field(() => [NeighborInput], {
    nullable: true,
    description: 'Prompts whose answers should stay; at most 20.',
  })
  neighbors?: NeighborInput[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'Texts to continue without and with the edit; at most 5.',
  })
  generationPrompts?: string[] | null
}

@InputType({ description: 'An edit to compute, or to preview.' })
export class CreateEditInput {
  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => EditMethodNameScalar, { description: 'The method; `editMethods` lists them.' })
  method!: string

  @Field(() => [EditRequestInput], {
    description: 'The facts to write; most methods take exactly one.',
  })
  requests!: EditRequestInput[]

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'An object with the hyperparameters that differ from the defaults.',
  })
  hyperparameters?: unknown

  @Field(() => Int, { nullable: true, description: 'Seed of everything random; 0 when absent.' })
  seed?: number | null

  @Field(() => [ID], {
    nullable: true,
    description: 'Computed edits of this model that it runs under meanwhile, in order.',
  })
  onTopOf?: string[] | null

  @Field(() => EditProbesInput, { nullable: true, description: 'What to measure it with.' })
  probes?: EditProbesInput | null

  @Field(() => String, { nullable: true, description: 'A name; at most 200 characters.' })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'A name for this request: sent again, it returns the first edit instead of a second.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'A prompt to read without and with some edits.' })
export class TryEditsInput {
  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => [ID], {
    description: 'Computed edits of this model in the order they apply; empty for none.',
  })
  editIds!: string[]

  @Field(() => String, { description: 'The prompt.' })
  prompt!: string

  @Field(() => String, {
    nullable: true,
    description: 'A text whose probability is followed.',
  })
  target?: string | null

  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'Whether to continue the prompt as well.',
  })
  generate?: boolean | null
}

@InputType({ description: 'Which edits to list; all conditions hold together.' })
export class EditFilter {
  @Field(() => ID, { nullable: true, description: 'Of this model.' })
  modelId?: string | null

  @Field(() => EditMethodNameScalar, { nullable: true, description: 'By this method.' })
  method?: string | null

  @Field(() => runStates.values, { nullable: true, description: 'Whose computation is so far.' })
  state?: RunStateKey | null

  @Field(() => Boolean, { nullable: true, description: 'In the stack of its model, or not.' })
  applied?: boolean | null

  @Field(() => String, {
    nullable: true,
    description: 'Name, prompt, subject or target contains this, in any case.',
  })
  search?: string | null
}
