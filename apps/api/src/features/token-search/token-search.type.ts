// GraphQL types of the token search.
import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql'
import { factorNames, matrixNames } from '../../vocabulary/names.js'
import type { FactorNameKey, MatrixNameKey } from '../../vocabulary/names.js'
import { searchedObjects, tokenEnds } from '../../vocabulary/search-names.js'
import type { SearchedObjectKey, TokenEndKey } from '../../vocabulary/search-names.js'
import { Token } from '../lens-run/token.type.js'

@InputType({ description: 'A token, and where it should stand among the projections of a model.' })
export class TokenSearchInput {
  @Field(() => ID, { description: 'The model whose runs and edits are searched.' })
  modelId!: string

  @Field(() => String, {
    nullable: true,
    description: 'Text of the token; with and without a leading space are different tokens.',
  })
  token?: string | null

  @Field(() => Int, { nullable: true, description: 'The token’s id, in the place of its text.' })
  tokenId?: number | null

  @Field(() => Int, { nullable: true, description: 'In this layer; in any when absent.' })
  layer?: number | null

  @Field(() => matrixNames.values, {
    nullable: true,
    description: 'Of this matrix; any if absent.',
  })
  matrix?: MatrixNameKey | null

  @Field(() => factorNames.values, {
    nullable: true,
    description:
      'Of matrices whose projected factor is this one; of an edit VJP is what it writes.',
  })
  factor?: FactorNameKey | null

  @Field(() => [searchedObjects.values], {
    nullable: true,
    description: 'What to look for; runs and edits when absent.',
  })
  objects?: SearchedObjectKey[] | null

  @Field(() => tokenEnds.values, { nullable: true, description: 'At which end; either if absent.' })
  end?: TokenEndKey | null
}

@ObjectType({ description: 'A projection that has the token among the first three of an end.' })
export class TokenHit {
  @Field(() => Int, { description: 'The layer, counted from 0.' })
  layer!: number

  @Field(() => matrixNames.values, { description: 'The matrix.' })
  matrix!: MatrixNameKey

  @Field(() => String, { description: 'The factor that was projected: INPUT, VJP or OUTPUT.' })
  factor!: string

  @Field(() => Int, { nullable: true, description: 'Position in a run’s prompt; null of an edit.' })
  position!: number | null

  @Field(() => Boolean, { description: 'Whether it is at the top, not at the bottom.' })
  top!: boolean

  @Field(() => Int, { description: 'Its place at that end, from 0.' })
  place!: number

  /** Not GraphQL fields: read by the field resolvers. */
  runId!: string | null
  editId!: string | null
}

@ObjectType({ description: 'Projections that point to a token, newest first.' })
export class TokenSearch {
  @Field(() => Int, { description: 'The token that was looked for.' })
  tokenId!: number

  @Field(() => String, { description: 'Its text.' })
  tokenText!: string

  @Field(() => [Token], { description: 'Other tokens that the text could mean.' })
  alternatives!: Token[]

  @Field(() => [TokenHit], { description: 'This page of them.' })
  hits!: TokenHit[]

  @Field(() => Int, { description: 'How many there are; at least so many when `capped`.' })
  total!: number

  @Field(() => Boolean, { description: 'Whether counting ended before the last.' })
  capped!: boolean

  @Field(() => Float, { description: 'What the search took on the server.' })
  milliseconds!: number

  @Field(() => String, {
    nullable: true,
    description: 'Pass it as `after` for the next page; null on the last.',
  })
  nextCursor!: string | null
}
