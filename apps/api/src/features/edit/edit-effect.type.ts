// GraphQL types of what edits do: the same prompts read without and with them.
import { Field, Float, Int, ObjectType } from 'type-graphql'
import { editPromptKinds } from '../../vocabulary/edit-names.js'
import type { EditPromptKindKey } from '../../vocabulary/edit-names.js'
import { EditToken, NextToken } from './edit-token.type.js'

@ObjectType({ description: 'One prompt, read without and with the edits.' })
export class PromptEffect {
  @Field(() => editPromptKinds.values, { description: 'Why it was read.' })
  kind!: EditPromptKindKey

  @Field(() => String, { description: 'The prompt.' })
  prompt!: string

  @Field(() => String, {
    nullable: true,
    description: 'The text whose probability is followed; null when none is.',
  })
  target!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The answer before the edit; null where it is not known.',
  })
  truth!: string | null

  @Field(() => NextToken, { description: 'What the model says without the edits.' })
  before!: NextToken

  @Field(() => NextToken, { description: 'What it says with them.' })
  after!: NextToken

  @Field(() => Float, {
    nullable: true,
    description:
      'Kullback-Leibler divergence of after from before at the last position, in nats; null where it was not read.',
  })
  divergence!: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Change of the target’s logit that first order predicts; null unless the prompt is one the edit was made with.',
  })
  predictedLogitChange!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'The change that was measured; null where none was predicted.',
  })
  measuredLogitChange!: number | null
}

@ObjectType({ description: 'A text continued without and with the edits, greedily.' })
export class GenerationPair {
  @Field(() => String, { description: 'What was continued.' })
  prompt!: string

  @Field(() => String, { description: 'The continuation without the edits.' })
  before!: string

  @Field(() => String, { description: 'The continuation with them.' })
  after!: string
}

@ObjectType({
  description: 'The ordinary logit lens of the last position of the first prompt, after one block.',
})
export class LayerEffect {
  @Field(() => Int, { description: 'The block, counted from 0; -1 is the embedding.' })
  layer!: number

  @Field(() => [EditToken], { description: 'The most probable tokens without the edits.' })
  before!: EditToken[]

  @Field(() => [EditToken], { description: 'The most probable tokens with them.' })
  after!: EditToken[]

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of the target without the edits; null without a target.',
  })
  targetRankBefore!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of the target with them; null without a target.',
  })
  targetRankAfter!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of the answer before the edit, without the edits; null where not known.',
  })
  truthRankBefore!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of the answer before the edit, with them; null where not known.',
  })
  truthRankAfter!: number | null
}

@ObjectType({ description: 'What edits do to a model, measured.' })
export class EditEffect {
  @Field(() => [PromptEffect], { description: 'Prompts read without and with the edits.' })
  prompts!: PromptEffect[]

  @Field(() => [GenerationPair], { description: 'Texts continued without and with them.' })
  generations!: GenerationPair[]

  @Field(() => [LayerEffect], { description: 'The logit lens of the first prompt, by block.' })
  lens!: LayerEffect[]

  @Field(() => Float, { description: 'Milliseconds the measuring took.' })
  milliseconds!: number
}
