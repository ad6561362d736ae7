// GraphQL types of cells and of the grids that show many of them at once.
import { Field, Float, Int, ObjectType } from 'type-graphql'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { factorNames, matrixNames } from '../../vocabulary/names.js'
import type { FactorNameKey, MatrixNameKey } from '../../vocabulary/names.js'
import { ScoredToken } from './token.type.js'

@ObjectType({
  description:
    'One factor of one matrix’s gradient at a layer and position. The factor outside the residual stream has no tokens and no ranks.',
})
export class Cell {
  @Field(() => Int, { description: 'Layer, counted from 0.' })
  layer!: number

  @Field(() => Int, { description: 'Position in the prompt, counted from 0.' })
  position!: number

  @Field(() => matrixNames.values, { description: 'The matrix.' })
  matrix!: MatrixNameKey

  @Field(() => factorNames.values, { description: 'The factor.' })
  factor!: FactorNameKey

  @Field(() => Float, { description: 'Euclidean norm of this factor.' })
  norm!: number

  @Field(() => Float, { description: 'Euclidean norm of the other factor.' })
  otherNorm!: number

  @Field(() => Boolean, {
    description: 'True where the VJP is exactly zero: nothing is written at this position.',
  })
  masked!: boolean

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of the target, 0 = most probable; null where there is none.',
  })
  targetRank!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of the model’s own answer, 0 = most probable; null where there is none.',
  })
  answerRank!: number | null

  @Field(() => [ScoredToken], {
    nullable: true,
    description: 'Most probable tokens, best first. Raw sign: a VJP points away from the target.',
  })
  top!: ScoredToken[] | null

  @Field(() => [ScoredToken], {
    nullable: true,
    description: 'Least probable tokens, least first: for a VJP, what the update writes.',
  })
  bottom!: ScoredToken[] | null
}

export const CellEdge = edgeTypeOf('Cell', () => Cell)
export const CellConnection = connectionTypeOf('Cell', CellEdge)

@ObjectType({
  description: 'The ordinary logit lens: the residual stream after a block, at a position.',
})
export class HiddenCell {
  @Field(() => Int, { description: 'Layer, counted from 0.' })
  layer!: number

  @Field(() => Int, { description: 'Position in the prompt, counted from 0.' })
  position!: number

  @Field(() => Float, { description: 'Euclidean norm of the hidden state.' })
  norm!: number

  @Field(() => Int, { description: 'Rank of the target, 0 = most probable.' })
  targetRank!: number

  @Field(() => Int, { description: 'Rank of the model’s own answer, 0 = most probable.' })
  answerRank!: number

  @Field(() => [ScoredToken], { description: 'Most probable tokens, best first.' })
  top!: ScoredToken[]

  @Field(() => [ScoredToken], { description: 'Least probable tokens, least first.' })
  bottom!: ScoredToken[]
}

const rowMajor = 'Row-major: index = layer * positions + position.'

@ObjectType({
  description: `What the grid of one matrix needs, in flat lists. ${rowMajor} Numbers have 6 significant digits; token texts are in \`LensRun.texts\`.`,
})
export class LensGrid {
  @Field(() => matrixNames.values, { description: 'The matrix.' })
  matrix!: MatrixNameKey

  @Field(() => factorNames.values, {
    description: 'The factor that lives in the residual stream, whose tokens are shown.',
  })
  factor!: FactorNameKey

  @Field(() => Int, { description: 'Number of layers.' })
  layers!: number

  @Field(() => Int, { description: 'Number of positions.' })
  positions!: number

  @Field(() => [Float], { description: `Norm of the shown factor. ${rowMajor}` })
  norm!: number[]

  @Field(() => [Float], { description: `Norm of x_i. ${rowMajor}` })
  inputNorm!: number[]

  @Field(() => [Float], { description: `Norm of delta_i. ${rowMajor}` })
  vjpNorm!: number[]

  @Field(() => [Boolean], { description: `Whether the VJP is exactly zero. ${rowMajor}` })
  masked!: boolean[]

  @Field(() => [Int], { description: `Rank of the target; -1 where there is none. ${rowMajor}` })
  targetRank!: number[]

  @Field(() => [Int], {
    description: `Rank of the model’s answer; -1 where there is none. ${rowMajor}`,
  })
  answerRank!: number[]

  @Field(() => [Int], { description: `Id of the most probable token. ${rowMajor}` })
  topIds!: number[]

  @Field(() => [Float], { description: `Probability of the most probable token. ${rowMajor}` })
  topProbabilities!: number[]

  @Field(() => [Int], { description: `Id of the least probable token. ${rowMajor}` })
  bottomIds!: number[]

  @Field(() => [Float], { description: `Probability of the least probable token. ${rowMajor}` })
  bottomProbabilities!: number[]
}

@ObjectType({ description: `The ordinary logit lens of a run, in flat lists. ${rowMajor}` })
export class HiddenGrid {
  @Field(() => Int, { description: 'Number of layers.' })
  layers!: number

  @Field(() => Int, { description: 'Number of positions.' })
  positions!: number

  @Field(() => [Float], { description: `Norm of the hidden state. ${rowMajor}` })
  norm!: number[]

  @Field(() => [Int], { description: `Rank of the target. ${rowMajor}` })
  targetRank!: number[]

  @Field(() => [Int], { description: `Rank of the model’s answer. ${rowMajor}` })
  answerRank!: number[]

  @Field(() => [Int], { description: `Id of the most probable token. ${rowMajor}` })
  topIds!: number[]

  @Field(() => [Float], { description: `Probability of the most probable token. ${rowMajor}` })
  topProbabilities!: number[]
}
