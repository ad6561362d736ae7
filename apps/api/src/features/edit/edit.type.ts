// GraphQL types of saved edits, their lists and the stack of a model.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { editOutcomeKinds, editWarningLevels } from '../../vocabulary/edit-names.js'
import type { EditOutcomeKindKey, EditWarningLevelKey } from '../../vocabulary/edit-names.js'
import { matrixNames } from '../../vocabulary/names.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'
import { EditMethodNameScalar } from './edit-method-name.scalar.js'

@ObjectType({ description: 'One fact to write: after the prompt, the model shall say the target.' })
export class EditRequest {
  @Field(() => String, { description: 'The prompt, with `{}` or the subject in it.' })
  prompt!: string

  @Field(() => String, { description: 'The subject of the fact.' })
  subject!: string

  @Field(() => String, { description: 'The new answer.' })
  target!: string
}

@ObjectType({ description: 'A prompt about another subject, and what is true of that one.' })
export class Neighbor {
  @Field(() => String, { description: 'The prompt.' })
  prompt!: string

  @Field(() => String, { description: 'What the model should go on saying.' })
  target!: string
}

@ObjectType({ description: 'Prompts that an edit is measured with, besides its own.' })
export class EditProbes {
  @Field(() => String, {
    nullable: true,
    description: 'The answer before the edit; null where it is not known.',
  })
  truth!: string | null

  @Field(() => [String], { description: 'The same fact asked for in other words.' })
  paraphrases!: string[]

  @Field(() => [Neighbor], { description: 'Prompts whose answers should stay.' })
  neighbors!: Neighbor[]

  @Field(() => [String], { description: 'Texts to continue without and with the edit.' })
  generationPrompts!: string[]

  /** Not a GraphQL field: prompts that somebody wanted to see, whatever the edit is for. */
  asked?: { prompt: string; target: string | null }[]
}

@ObjectType({ description: 'The few numbers of an edit that lists show.' })
export class EditSummary {
  @Field(() => editWarningLevels.values, { description: 'The worst level of its matrices.' })
  level!: EditWarningLevelKey

  @Field(() => Float, {
    nullable: true,
    description: 'Probability of the target after the first prompt, before the edit.',
  })
  targetBefore!: number | null

  @Field(() => Float, { nullable: true, description: 'The same, after the edit.' })
  targetAfter!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Change of the target’s logit that first order predicts.',
  })
  predictedLogitChange!: number | null

  @Field(() => Float, { nullable: true, description: 'The change that was measured.' })
  measuredLogitChange!: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of paraphrases after which the edited model says the target, 0 to 1; null without paraphrases.',
  })
  paraphraseAccuracy!: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of neighbors after which the edited model still says their own answer, 0 to 1; null without neighbors.',
  })
  neighborhoodAccuracy!: number | null

  @Field(() => [Int], { description: 'Layers it changes, ascending.' })
  layers!: number[]

  @Field(() => [matrixNames.values], { description: 'Matrices it changes.' })
  matrices!: MatrixNameKey[]

  @Field(() => Int, {
    nullable: true,
    description: 'Largest rank of its deltas; null when one is dense or there is none.',
  })
  rank!: number | null
}

@ObjectType({
  description: 'A saved edit: what was asked, how it was computed, and what it does.',
})
export class Edit {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { nullable: true, description: 'A name; null when it was not given one.' })
  name!: string | null

  @Field(() => EditMethodNameScalar, { description: 'The method that computes it.' })
  method!: string

  @Field(() => String, { description: 'What a page calls the method.' })
  methodTitle!: string

  @Field(() => [EditRequest], { description: 'The facts to write.' })
  requests!: EditRequest[]

  @Field(() => EditProbes, { description: 'What it is measured with.' })
  probes!: EditProbes

  @Field(() => GraphQLJSON, {
    description: 'As asked; complete, with defaults, once it is computed.',
  })
  hyperparameters!: unknown

  @Field(() => Int, { description: 'Seed of everything random in it.' })
  seed!: number

  @Field(() => [ID], { description: 'Edits that the model ran under while it was computed.' })
  onTopOf!: string[]

  @Field(() => Date, { description: 'When it was created.' })
  createdAt!: Date

  @Field(() => Boolean, { description: 'Whether it is in the stack of its model.' })
  applied!: boolean

  @Field(() => Int, {
    nullable: true,
    description: 'Its place in the stack, from 0; null when it is not in it.',
  })
  stackPosition!: number | null

  @Field(() => String, {
    nullable: true,
    description: 'SHA-256 of its content; null until it is computed.',
  })
  digest!: string | null

  @Field(() => editOutcomeKinds.values, {
    nullable: true,
    description: 'Whether it wrote anything; null until it is computed.',
  })
  outcome!: EditOutcomeKindKey | null

  @Field(() => String, {
    nullable: true,
    description: 'Why nothing was written; null when something was, or until it is computed.',
  })
  skipReason!: string | null

  @Field(() => [String], { description: 'What its method wants to be known, one sentence each.' })
  warnings!: string[]

  @Field(() => EditSummary, {
    nullable: true,
    description: 'The few numbers that lists show; null until it is computed.',
  })
  summary!: EditSummary | null

  @Field(() => String, {
    nullable: true,
    description:
      'Where to download it as safetensors, readable by `lens`; null until it is computed.',
  })
  downloadUrl!: string | null

  /** Not GraphQL fields: read by the field resolvers. */
  modelId!: string
  authorId!: string
}

export const EditEdge = edgeTypeOf('Edit', () => Edit)
export const EditConnection = connectionTypeOf('Edit', EditEdge)

@ObjectType({ description: 'What a mutation of an edit returns.' })
export class EditPayload {
  @Field(() => Edit, {
    nullable: true,
    description: 'The edit as it is now; null when there were errors.',
  })
  edit?: Edit | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'The edits that are applied to a model, in order.' })
export class EditStack {
  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => [Edit], { description: 'The edits, the first to be applied first.' })
  edits!: Edit[]
}

@ObjectType({ description: 'What setting a stack returns.' })
export class EditStackPayload {
  @Field(() => EditStack, {
    nullable: true,
    description: 'The stack as it is now; null when there were errors.',
  })
  stack?: EditStack | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({
  description: 'A fact of the bundled data set with another answer: a request and its probes.',
})
export class EditFact {
  @Field(() => String, { description: 'The prompt, with `{}` in the subject’s place.' })
  prompt!: string

  @Field(() => String, { description: 'The subject.' })
  subject!: string

  @Field(() => String, { description: 'An answer that is not true.' })
  target!: string

  @Field(() => String, { description: 'The true answer.' })
  truth!: string

  @Field(() => [String], { description: 'The same fact asked for in other words.' })
  paraphrases!: string[]

  @Field(() => [Neighbor], { description: 'Other subjects of which the true answer is true.' })
  neighbors!: Neighbor[]

  @Field(() => [String], { description: 'Texts about the subject to continue.' })
  generationPrompts!: string[]

  @Field(() => String, { description: 'Id of the relation.' })
  relation!: string
}
