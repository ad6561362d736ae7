// GraphQL inputs of lens runs.
import { Field, ID, InputType, Int } from 'type-graphql'
import {
  lensKinds,
  matrixNames,
  providerChoices,
  runStates,
  targetModes,
} from '../../vocabulary/names.js'
import type {
  LensKindKey,
  MatrixNameKey,
  ProviderChoiceKey,
  RunStateKey,
  TargetModeKey,
} from '../../vocabulary/names.js'

@InputType({
  description: 'What to read: a model, a prompt and a target, each as text or as token ids.',
})
export class CreateLensRunInput {
  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => String, { nullable: true, description: 'The prompt. Give this or `promptIds`.' })
  promptText?: string | null

  @Field(() => [Int], {
    nullable: true,
    description: 'The prompt as token ids, for models without a tokenizer.',
  })
  promptIds?: number[] | null

  @Field(() => String, {
    nullable: true,
    description:
      'The target; a leading space is added when it is missing. Give this or `targetIds`.',
  })
  targetText?: string | null

  @Field(() => [Int], { nullable: true, description: 'The target as token ids.' })
  targetIds?: number[] | null

  @Field(() => targetModes.values, {
    nullable: true,
    defaultValue: 'FIRST',
    description: 'Which tokens of the target the loss scores.',
  })
  targetMode?: TargetModeKey | null

  @Field(() => lensKinds.values, {
    nullable: true,
    defaultValue: 'FINAL_NORM',
    description: 'How vectors become logits.',
  })
  lens?: LensKindKey | null

  @Field(() => Int, {
    nullable: true,
    defaultValue: 10,
    description: 'Tokens kept at each end of a projection, 1 to 50.',
  })
  topK?: number | null

  @Field(() => [matrixNames.values], {
    nullable: true,
    description: 'Matrices to read; all of the model’s when absent.',
  })
  matrices?: MatrixNameKey[] | null

  @Field(() => providerChoices.values, {
    nullable: true,
    defaultValue: 'AUTO',
    description: 'Where to compute; `server { devices }` says what there is.',
  })
  provider?: ProviderChoiceKey | null

  @Field(() => [ID], {
    nullable: true,
    description:
      'Computed edits of this model that it runs under, in order; none when absent. Two runs show the lens before and after.',
  })
  editIds?: string[] | null

  @Field(() => ID, { nullable: true, description: 'The saved prompt this run belongs to.' })
  promptId?: string | null

  @Field(() => String, { nullable: true, description: 'A name; at most 200 characters.' })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'A name for this request: sent again, it returns the first run instead of a second.',
  })
  clientMutationId?: string | null
}

@InputType({ description: 'Which runs to list; all conditions hold together.' })
export class LensRunFilter {
  @Field(() => ID, { nullable: true, description: 'Of this model.' })
  modelId?: string | null

  @Field(() => runStates.values, { nullable: true, description: 'In this state.' })
  state?: RunStateKey | null

  @Field(() => String, {
    nullable: true,
    description: 'Name, prompt or target contains this, in any case.',
  })
  search?: string | null

  @Field(() => ID, { nullable: true, description: 'Of this saved prompt.' })
  promptId?: string | null
}
