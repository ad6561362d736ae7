// GraphQL types of what an edit consists of: its deltas, what they write in words, how large they are, what they cost.
import { Field, Float, Int, ObjectType } from 'type-graphql'
import { editDeltaKinds, editSides, editWarningLevels } from '../../vocabulary/edit-names.js'
import type {
  EditDeltaKindKey,
  EditSideKey,
  EditWarningLevelKey,
} from '../../vocabulary/edit-names.js'
import { matrixNames } from '../../vocabulary/names.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'
import { EditToken } from './edit-token.type.js'

@ObjectType({
  description: 'A series of numbers kept with an edit, such as the loss of each step.',
})
export class EditTrace {
  @Field(() => String, { description: 'What the numbers are.' })
  name!: string

  @Field(() => String, { description: 'Their unit; empty for plain numbers.' })
  unit!: string

  @Field(() => [Float], { description: 'The numbers, in order.' })
  values!: number[]
}

@ObjectType({ description: 'What an edit adds to one matrix; the numbers are in the download.' })
export class EditDelta {
  @Field(() => Int, { description: 'The layer, counted from 0.' })
  layer!: number

  @Field(() => matrixNames.values, { description: 'The matrix.' })
  matrix!: MatrixNameKey

  @Field(() => editDeltaKinds.values, { description: 'In what form it is kept.' })
  kind!: EditDeltaKindKey

  @Field(() => Int, {
    nullable: true,
    description: 'Rank of its factors; null of a dense delta.',
  })
  rank!: number | null

  @Field(() => Int, { description: 'Inputs of the matrix.' })
  inputWidth!: number

  @Field(() => Int, { description: 'Outputs of the matrix.' })
  outputWidth!: number

  @Field(() => Float, { description: 'Frobenius norm of the change.' })
  norm!: number

  @Field(() => Int, { description: 'Bytes it takes.' })
  bytes!: number

  @Field(() => Boolean, { description: 'Whether the matrix’s bias is changed as well.' })
  hasBias!: boolean
}

@ObjectType({ description: 'How large the change of one matrix is beside the matrix.' })
export class EditNormGrowth {
  @Field(() => Int, { description: 'The layer, counted from 0.' })
  layer!: number

  @Field(() => matrixNames.values, { description: 'The matrix.' })
  matrix!: MatrixNameKey

  @Field(() => Float, { description: 'Frobenius norm of the change.' })
  change!: number

  @Field(() => Float, { description: 'Frobenius norm of the matrix.' })
  matrixNorm!: number

  @Field(() => Float, { description: '`change` over `matrixNorm`.' })
  relative!: number

  @Field(() => Float, {
    description:
      'Largest singular value of the change over that of the matrix; it decides the level.',
  })
  spectral!: number

  @Field(() => editWarningLevels.values, { description: 'What that usually means.' })
  level!: EditWarningLevelKey

  @Field(() => String, { description: 'The level, explained.' })
  explanation!: string
}

@ObjectType({ description: 'What computing an edit cost.' })
export class EditCost {
  @Field(() => Float, { description: 'Milliseconds.' })
  milliseconds!: number

  @Field(() => Int, { description: 'Passes through the model, forward and backward.' })
  passes!: number

  @Field(() => Int, { description: 'Sequences in those passes.' })
  sequences!: number

  @Field(() => Int, { description: 'Tokens in those passes.' })
  tokens!: number

  @Field(() => Float, { description: 'Largest memory of the engine’s process so far, in bytes.' })
  peakBytes!: number
}

@ObjectType({ description: 'One factor of a delta, projected into the vocabulary.' })
export class EditFactorReading {
  @Field(() => Float, { description: 'Length of what it adds: both norms multiplied.' })
  strength!: number

  @Field(() => Int, { description: 'Rank of the target’s first token among all, 0 = first.' })
  targetRank!: number

  @Field(() => [EditToken], {
    description: 'The strongest tokens. An edit is added, so what it writes stands here.',
  })
  top!: EditToken[]

  @Field(() => [EditToken], { description: 'The weakest tokens, the lowest first.' })
  bottom!: EditToken[]
}

@ObjectType({ description: 'What a delta says in words.' })
export class EditReading {
  @Field(() => Int, { description: 'The layer, counted from 0.' })
  layer!: number

  @Field(() => matrixNames.values, { description: 'The matrix.' })
  matrix!: MatrixNameKey

  @Field(() => editSides.values, { description: 'Which factor was projected.' })
  side!: EditSideKey

  @Field(() => Int, {
    description: 'Rank of the delta; of a dense one, how many leading factors were taken.',
  })
  rank!: number

  @Field(() => [EditFactorReading], { description: 'Its factors, the strongest first.' })
  factors!: EditFactorReading[]
}
