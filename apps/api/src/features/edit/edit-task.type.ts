// GraphQL types of computations about edits and of their answers.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { editPromptKinds, editTaskKinds } from '../../vocabulary/edit-names.js'
import type { EditPromptKindKey, EditTaskKindKey } from '../../vocabulary/edit-names.js'
import { matrixNames, runStates } from '../../vocabulary/names.js'
import type { MatrixNameKey, RunStateKey } from '../../vocabulary/names.js'
import { RunError } from '../lens-run/lens-run.type.js'
import { EditEffect } from './edit-effect.type.js'
import { EditNormGrowth } from './edit-reading.type.js'
import { NextToken } from './edit-token.type.js'

@ObjectType({ description: 'What an edit would meet and cost, before it is computed.' })
export class EditPreview {
  @Field(() => Int, { description: 'Tokens of the first prompt.' })
  promptTokens!: number

  @Field(() => Int, { description: 'Tokens of the first target.' })
  targetTokens!: number

  @Field(() => [String], { description: 'Tokens of the first subject.' })
  subjectTokens!: string[]

  @Field(() => String, { description: 'The last token of the subject, where methods look it up.' })
  lookupToken!: string

  @Field(() => NextToken, { description: 'What the model says after the first prompt now.' })
  current!: NextToken

  @Field(() => String, { description: 'Its most probable answer.' })
  currentAnswer!: string

  @Field(() => Boolean, {
    description: 'Whether nothing would be written because the model says the target already.',
  })
  willSkip!: boolean

  @Field(() => Float, {
    nullable: true,
    description:
      'Change of the target’s logit that first order predicts; null where that needs the edit computed.',
  })
  predictedLogitChange!: number | null

  @Field(() => String, { description: 'How that was found, or why it was not.' })
  predictionNote!: string

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds the edit will take; null when nothing like it was computed.',
  })
  estimatedSeconds!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Bytes the edit will take; null when that is not known before.',
  })
  estimatedBytes!: number | null

  @Field(() => [String], {
    description: 'What has to be made first, one sentence each: by itself, or by a command.',
  })
  missing!: string[]

  @Field(() => [String], { description: 'What is worth knowing, one sentence each.' })
  notes!: string[]
}

@ObjectType({ description: 'How alike two edits change one matrix.' })
export class EditMatrixDiff {
  @Field(() => Int, { description: 'The layer, counted from 0.' })
  layer!: number

  @Field(() => matrixNames.values, { description: 'The matrix.' })
  matrix!: MatrixNameKey

  @Field(() => Float, { description: 'Cosine of both changes as vectors of all elements.' })
  cosine!: number

  @Field(() => [Float], {
    description: 'Principal angles of what they react to, in degrees, smallest first.',
  })
  inputAngles!: number[]

  @Field(() => [Float], {
    description: 'Principal angles of what they write, in degrees, smallest first.',
  })
  outputAngles!: number[]
}

@ObjectType({ description: 'Which tokens two edits have in common in one matrix.' })
export class EditTokenOverlap {
  @Field(() => Int, { description: 'The layer, counted from 0.' })
  layer!: number

  @Field(() => matrixNames.values, { description: 'The matrix.' })
  matrix!: MatrixNameKey

  @Field(() => Float, { description: 'Shared top tokens as a share of all top tokens, 0 to 1.' })
  overlap!: number

  @Field(() => [String], { description: 'Top tokens of the first edit.' })
  firstTokens!: string[]

  @Field(() => [String], { description: 'Top tokens of the second.' })
  secondTokens!: string[]

  @Field(() => [String], { description: 'Those that both have.' })
  sharedTokens!: string[]
}

@ObjectType({
  description: 'A prompt after which the two edits make the model say different things.',
})
export class EditFlip {
  @Field(() => editPromptKinds.values, { description: 'Why it was read.' })
  kind!: EditPromptKindKey

  @Field(() => String, { description: 'The prompt.' })
  prompt!: string

  @Field(() => String, {
    nullable: true,
    description: 'The text whose probability is followed; null when none is.',
  })
  target!: string | null

  @Field(() => NextToken, { description: 'What the model says under the first edit.' })
  first!: NextToken

  @Field(() => NextToken, { description: 'What it says under the second.' })
  second!: NextToken
}

@ObjectType({ description: 'How alike two edits are.' })
export class EditDiff {
  @Field(() => ID, { description: 'Id of the first edit.' })
  firstId!: string

  @Field(() => ID, { description: 'Id of the second.' })
  secondId!: string

  @Field(() => Float, {
    description: 'Cosine over all matrices: 1 for the same change, 0 when nothing is shared.',
  })
  cosine!: number

  @Field(() => [EditMatrixDiff], { description: 'Matrices that both change.' })
  shared!: EditMatrixDiff[]

  @Field(() => [String], { description: 'Matrices that only the first changes.' })
  onlyFirst!: string[]

  @Field(() => [String], { description: 'Matrices that only the second changes.' })
  onlySecond!: string[]

  @Field(() => [EditTokenOverlap], { description: 'Shared words of the matrices both change.' })
  tokenOverlap!: EditTokenOverlap[]

  @Field(() => [EditFlip], { description: 'Prompts where the most probable token differs.' })
  flips!: EditFlip[]

  @Field(() => Int, { description: 'How many prompts were compared.' })
  compared!: number
}

@ObjectType({ description: 'A model with edits merged into its weights.' })
export class EditExport {
  @Field(() => ID, { description: 'Id of the new model.' })
  modelId!: string

  @Field(() => String, { description: 'Its name in the model store.' })
  modelName!: string

  @Field(() => Float, { description: 'Bytes of its weights.' })
  bytes!: number

  @Field(() => Float, {
    description:
      'Largest difference of a logit of the new model from the model under the same edits, divided by the largest logit.',
  })
  largestDifference!: number

  @Field(() => Int, { description: 'Tensors that were read back and compared.' })
  checkedTensors!: number
}

@ObjectType({
  description:
    'One computation about edits. COMPUTE belongs to a saved edit; the others are answers that are kept for a day.',
})
export class EditTask {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => editTaskKinds.values, { description: 'What it is for.' })
  kind!: EditTaskKindKey

  @Field(() => runStates.values, { description: 'Where it is in its life.' })
  state!: RunStateKey

  @Field(() => String, {
    description: 'What it is doing now, in words, such as "optimising the value".',
  })
  stage!: string

  @Field(() => Int, {
    nullable: true,
    description: 'Steps of the stage that are done; null where they are not counted.',
  })
  done!: number | null

  @Field(() => Int, {
    nullable: true,
    description: 'Steps of the stage; null where they are not counted.',
  })
  total!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'The latest of `losses`; null when there is none.',
  })
  loss!: number | null

  @Field(() => [Float], {
    description: 'Losses of an optimisation so far, all of them, such as that of ROME’s value.',
  })
  losses!: number[]

  @Field(() => Int, {
    description: 'Grows with every change; pass it as `afterVersion` to resume a subscription.',
  })
  version!: number

  @Field(() => Int, { description: 'Attempts begun so far; 2 after a worker was lost.' })
  attempt!: number

  @Field(() => RunError, {
    nullable: true,
    description: 'How the last unsuccessful attempt ended; null when there was none.',
  })
  error!: RunError | null

  @Field(() => Float, { description: 'Seconds since it was asked for, or until it ended.' })
  elapsedSeconds!: number

  @Field(() => ID, {
    nullable: true,
    description: 'Id of the edit that it computes; null of other kinds.',
  })
  editId!: string | null

  @Field(() => EditPreview, {
    nullable: true,
    description: 'The answer of PREVIEW; null of other kinds and until it is done.',
  })
  preview!: EditPreview | null

  @Field(() => EditEffect, {
    nullable: true,
    description: 'The answer of TRY; null of other kinds and until it is done.',
  })
  effect!: EditEffect | null

  @Field(() => [EditNormGrowth], {
    description: 'Of TRY: how large the whole stack is; empty of other kinds and until done.',
  })
  growth!: EditNormGrowth[]

  @Field(() => EditDiff, {
    nullable: true,
    description: 'The answer of DIFF; null of other kinds and until it is done.',
  })
  diff!: EditDiff | null

  @Field(() => EditExport, {
    nullable: true,
    description: 'The answer of EXPORT; null of other kinds and until it is done.',
  })
  exported!: EditExport | null

  /** Not GraphQL fields: read by the field resolvers. */
  modelId!: string
  method!: string | null
  startedAt!: Date | null
}

@ObjectType({ description: 'What asking for a computation about edits returns.' })
export class EditTaskPayload {
  @Field(() => EditTask, {
    nullable: true,
    description: 'The computation as it is now; null when there were errors.',
  })
  task?: EditTask | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
