// GraphQL types of evaluations and their arms.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { evaluationStates } from '../../vocabulary/evaluation-names.js'
import type { EvaluationStateKey } from '../../vocabulary/evaluation-names.js'
import { providerChoices } from '../../vocabulary/names.js'
import type { ProviderChoiceKey } from '../../vocabulary/names.js'
import { EditMethodNameScalar } from '../edit/edit-method-name.scalar.js'
import { RunError } from '../lens-run/lens-run.type.js'
import { ProtocolNameScalar } from '../protocol/protocol-name.scalar.js'
import { ProtocolInfo } from '../protocol/protocol.type.js'

@ObjectType({ description: 'How texts are written before and after an edit.' })
export class GenerationSettings {
  @Field(() => Int, { description: 'Tokens of a text, its prompt’s included.' })
  length!: number

  @Field(() => Int, { description: 'Each token is drawn from so many most probable ones.' })
  topK!: number
}

@ObjectType({ description: 'What every case of an evaluation is computed with.' })
export class EvaluationSettings {
  @Field(() => Boolean, { description: 'Whether the divergence of neighbors is read.' })
  divergence!: boolean

  @Field(() => GenerationSettings, { nullable: true, description: 'Null: no texts are written.' })
  generation!: GenerationSettings | null

  @Field(() => Int, { description: 'Cases computed together.' })
  casesPerBatch!: number

  @Field(() => Int, { nullable: true, description: 'Threads; null is the worker’s own setting.' })
  threads!: number | null

  @Field(() => providerChoices.values, { description: 'Where it is computed.' })
  provider!: ProviderChoiceKey

  @Field(() => String, { nullable: true, description: 'The preset that it was made from.' })
  preset!: string | null
}

@ObjectType({ description: 'A model with a method and its hyperparameters, as evaluated.' })
export class EvaluationArm {
  @Field(() => ID, { description: 'Its id, unique everywhere.' })
  id!: string

  @Field(() => String, { description: 'Its name, unique in its evaluation.' })
  name!: string

  @Field(() => Int, { description: 'Its place among the arms, from 0.' })
  place!: number

  @Field(() => EditMethodNameScalar, { description: 'The edit method.' })
  method!: string

  @Field(() => String, { description: 'What a page calls the method.' })
  methodTitle!: string

  @Field(() => GraphQLJSON, { description: 'Every hyperparameter.' })
  hyperparameters!: unknown

  @Field(() => String, { description: 'Where those that were not given come from.' })
  defaults!: string

  @Field(() => GraphQLJSON, {
    nullable: true,
    description:
      'What its rows depend on: digests, provider, device, threads, versions; `others` has what other workers said differently. Null until the first row.',
  })
  receipt!: unknown

  /** Not GraphQL fields: read by the field resolvers. */
  evaluationId!: string
  modelId!: string
}

@ObjectType({ description: 'Edit methods on models, on the same cases, under one protocol.' })
export class Evaluation {
  @Field(() => ID, { description: 'Its id.' })
  id!: string

  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => String, { nullable: true, description: 'Anything worth knowing about it.' })
  note!: string | null

  @Field(() => ProtocolInfo, { description: 'How edits are measured.' })
  protocol!: ProtocolInfo

  @Field(() => Int, { description: 'Seed of everything random.' })
  seed!: number

  @Field(() => EvaluationSettings, { description: 'What every case is computed with.' })
  settings!: EvaluationSettings

  @Field(() => Int, { description: 'Cases of the slice, from its first, that are asked for.' })
  cases!: number

  @Field(() => Int, { description: 'Higher goes first.' })
  priority!: number

  @Field(() => evaluationStates.values, { description: 'How far it is.' })
  state!: EvaluationStateKey

  @Field(() => ID, { nullable: true, description: 'The evaluation it is a changed copy of.' })
  clonedFromId!: string | null

  @Field(() => RunError, { nullable: true, description: 'Why it has failed; null otherwise.' })
  error!: RunError | null

  @Field(() => Date, { description: 'When it was asked for.' })
  createdAt!: Date

  @Field(() => Date, { nullable: true, description: 'When its first batch was begun.' })
  startedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it ended; null until then.' })
  finishedAt!: Date | null

  /** Not GraphQL fields: read by the field resolvers. */
  version!: number
  authorId!: string
  sliceId!: string
}

export const EvaluationEdge = edgeTypeOf('Evaluation', () => Evaluation)
export const EvaluationConnection = connectionTypeOf('Evaluation', EvaluationEdge)

@ObjectType({ description: 'What a mutation of an evaluation returns.' })
export class EvaluationPayload {
  @Field(() => Evaluation, { nullable: true, description: 'The evaluation; null after errors.' })
  evaluation?: Evaluation | null

  @Field(() => [UserError], { description: 'What the user can cure; then nothing was written.' })
  errors!: UserError[]
}

@ObjectType({ description: 'What an evaluation would take.' })
export class EvaluationEstimate {
  @Field(() => Int, { description: 'Edits to compute: arms times cases.' })
  edits!: number

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds for one worker, from earlier rows; null where an arm has none.',
  })
  seconds!: number | null

  @Field(() => Float, { nullable: true, description: 'Bytes that its rows take in the database.' })
  bytes!: number | null

  @Field(() => [String], {
    description: 'What methods need besides the model, made at first use where it is absent.',
  })
  missing!: string[]

  @Field(() => [String], { description: 'Things worth knowing, one sentence each.' })
  notes!: string[]

  @Field(() => [UserError], { description: 'Why it could not be started as asked.' })
  problems!: UserError[]
}

@ObjectType({ description: 'An arm of a preset.' })
export class PresetArm {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => EditMethodNameScalar, { description: 'The edit method.' })
  method!: string

  @Field(() => GraphQLJSON, { description: 'The hyperparameters that differ from the defaults.' })
  hyperparameters!: unknown

  @Field(() => String, { description: 'How it relates to the published row.' })
  note!: string
}

@ObjectType({ description: 'An evaluation that repeats the table of a paper.' })
export class EvaluationPreset {
  @Field(() => String, { description: 'Its name, as `preset` of an evaluation.' })
  name!: string

  @Field(() => String, { description: 'What a page calls it.' })
  title!: string

  @Field(() => String, { description: 'What is the same as in the paper and what is not.' })
  description!: string

  @Field(() => ProtocolNameScalar, { description: 'The protocol.' })
  protocol!: string

  @Field(() => Int, { description: 'Cases of the published table.' })
  cases!: number

  @Field(() => [EditMethodNameScalar], { description: 'The methods, each once.' })
  methods!: string[]

  @Field(() => String, { description: 'Paper and table.' })
  source!: string

  @Field(() => [PresetArm], { description: 'The arms.' })
  arms!: PresetArm[]
}
