// GraphQL types of models and tokenisation.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { matrixNames } from '../../vocabulary/names.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'

@ObjectType({ description: 'A language model whose gradients can be read.' })
export class Model {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'The name it was added under.' })
  name!: string

  @Field(() => String, { description: 'Its architecture family, such as `gpt2`.' })
  family!: string

  @Field(() => Int, { description: 'Number of transformer blocks.' })
  layers!: number

  @Field(() => Int, { description: 'Width of the residual stream.' })
  width!: number

  @Field(() => Int, { description: 'Attention heads of a block.' })
  heads!: number

  @Field(() => Int, { description: 'The longest prompt it reads, in tokens.' })
  contextLength!: number

  @Field(() => Int, { description: 'Number of tokens it knows.' })
  vocabularySize!: number

  @Field(() => Float, { description: 'Number of parameters (a Float: it may pass 2^31).' })
  parameters!: number

  @Field(() => Float, { description: 'Bytes of its weight files.' })
  bytes!: number

  @Field(() => String, { description: 'Number format of its weights, such as `F32`.' })
  dtype!: string

  @Field(() => String, { description: 'SHA-256 of its weights.' })
  digest!: string

  @Field(() => [matrixNames.values], { description: 'The matrices of each of its blocks.' })
  matrices!: readonly MatrixNameKey[]

  @Field(() => Boolean, {
    description: 'Whether text can be tokenised; without a tokenizer a run takes token ids.',
  })
  hasTokenizer!: boolean

  @Field(() => Boolean, { description: 'Whether it came with Imprint.' })
  bundled!: boolean

  @Field(() => Boolean, {
    description: 'Whether its files are still there, so that it can be run.',
  })
  available!: boolean

  @Field(() => String, { nullable: true, description: 'Why it cannot be run; null when it can.' })
  unavailableReason!: string | null

  @Field(() => Date, { description: 'When it was added.' })
  createdAt!: Date

  /** Not a GraphQL field: read by a field resolver. */
  directory!: string
}

@ObjectType({ description: 'One token of a text, with where it stands in it.' })
export class TokenSpan {
  @Field(() => Int, { description: 'Token id.' })
  id!: number

  @Field(() => String, {
    description: 'Its text; bytes that are no whole character appear as `\\xNN`.',
  })
  text!: string

  @Field(() => Int, { description: 'Where it begins, in UTF-16 units of the text.' })
  start!: number

  @Field(() => Int, { description: 'Where it ends (exclusive), in UTF-16 units of the text.' })
  end!: number
}

@ObjectType({ description: 'A text as the model’s tokens.' })
export class Tokenization {
  @Field(() => [TokenSpan], { description: 'The tokens, in order.' })
  tokens!: TokenSpan[]

  @Field(() => Int, { description: 'How many tokens there are.' })
  count!: number

  @Field(() => String, {
    description: 'The text that was tokenised, after a leading space was added to a target.',
  })
  text!: string

  @Field(() => Int, { description: 'The longest prompt the model reads, in tokens.' })
  contextLength!: number

  @Field(() => Boolean, { description: 'Whether it is longer than the model reads.' })
  tooLong!: boolean

  @Field(() => String, {
    nullable: true,
    description: 'What a reader should know, such as an added leading space; null when nothing.',
  })
  notice!: string | null
}

export const ModelEdge = edgeTypeOf('Model', () => Model)
export const ModelConnection = connectionTypeOf('Model', ModelEdge)
