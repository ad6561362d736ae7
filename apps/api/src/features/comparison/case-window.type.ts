// GraphQL types of the cases of a comparison: the table, histograms, and one case in full.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { editPromptKinds } from '../../vocabulary/edit-names.js'
import type { EditPromptKindKey } from '../../vocabulary/edit-names.js'
import { caseOutcomes } from '../../vocabulary/evaluation-names.js'
import type { CaseOutcomeKey } from '../../vocabulary/evaluation-names.js'
import { GenerationPair } from '../edit/edit-effect.type.js'
import { RunError } from '../lens-run/lens-run.type.js'
import { ComparedArm } from './comparison.type.js'

@ObjectType({ description: 'How an arm’s cases spread over a metric.', simpleResolvers: true })
export class MetricDistribution {
  @Field(() => ID, { description: 'Id of the arm.' })
  armId!: string

  @Field(() => String, { description: 'The metric.' })
  metric!: string

  @Field(() => [Float], { description: 'Edges of the bins, the same for all arms.' })
  edges!: readonly number[]

  @Field(() => [Int], { description: 'Cases in each bin, one less than edges.' })
  counts!: readonly number[]
}

@ObjectType({ description: 'One bin of a density.', simpleResolvers: true })
export class DensityCell {
  @Field(() => Int, { description: 'Bin along x, from 0.' })
  x!: number

  @Field(() => Int, { description: 'Bin along y, from 0.' })
  y!: number

  @Field(() => Int, { description: 'Cases in it.' })
  count!: number
}

@ObjectType({ description: 'Cases by two columns.', simpleResolvers: true })
export class CaseDensity {
  @Field(() => [Float], { description: 'Edges along x.' })
  xEdges!: readonly number[]

  @Field(() => [Float], { description: 'Edges along y.' })
  yEdges!: readonly number[]

  @Field(() => [DensityCell], { description: 'Bins with cases.' })
  cells!: readonly DensityCell[]

  @Field(() => Int, { description: 'Cases that have both values.' })
  n!: number
}

@ObjectType({ description: 'One case under one arm.', simpleResolvers: true })
export class CaseCell {
  @Field(() => ID, { description: 'Id of the arm.' })
  armId!: string

  @Field(() => caseOutcomes.values, {
    nullable: true,
    description: 'What came of it; null while it is not computed.',
  })
  outcome!: CaseOutcomeKey | null

  @Field(() => RunError, { nullable: true, description: 'Why it failed; null when it did not.' })
  error!: RunError | null

  @Field(() => [Float], {
    nullable: 'items',
    description: 'In the protocol’s order; null is not available.',
  })
  metrics!: readonly (number | null)[]

  @Field(() => [Float], {
    nullable: 'items',
    description: 'The same of the model before the edit.',
  })
  before!: readonly (number | null)[]

  @Field(() => Float, {
    nullable: true,
    description: 'Probability of the new target after the rewrite prompt, before the edit.',
  })
  newBefore!: number | null

  @Field(() => Float, { nullable: true, description: 'The same after the edit.' })
  newAfter!: number | null

  @Field(() => Float, { nullable: true, description: 'Of the true target, before the edit.' })
  trueBefore!: number | null

  @Field(() => Float, { nullable: true, description: 'Of the true target, after the edit.' })
  trueAfter!: number | null
}

@ObjectType({ description: 'One case, with a cell for each arm.', simpleResolvers: true })
export class CaseRow {
  @Field(() => Int, { description: 'Its place in its data set, from 0.' })
  place!: number

  @Field(() => String, { description: 'Its id in its data set.' })
  caseId!: string

  @Field(() => String, { description: 'Its relation.' })
  relation!: string

  @Field(() => String, { description: 'Its subject.' })
  subject!: string

  @Field(() => String, { description: 'The prompt, with the subject in it.' })
  prompt!: string

  @Field(() => String, { nullable: true, description: 'What the edit writes.' })
  targetNew!: string | null

  @Field(() => String, { nullable: true, description: 'What was true before.' })
  targetTrue!: string | null

  @Field(() => [CaseCell], { description: 'By arm, in the order they were asked for.' })
  cells!: CaseCell[]
}

@ObjectType({ description: 'A window of the cases of a comparison.', simpleResolvers: true })
export class CasePage {
  @Field(() => Int, { description: 'Cases that fit the filter.' })
  total!: number

  @Field(() => Int, { description: 'Of the first row, from 0.' })
  offset!: number

  @Field(() => [CaseRow], { description: 'The window.' })
  rows!: CaseRow[]
}

@ObjectType({
  description: 'One prompt of a case, before and after the edit.',
  simpleResolvers: true,
})
export class CasePromptDetail {
  @Field(() => editPromptKinds.values, { description: 'Why it was read.' })
  kind!: EditPromptKindKey

  @Field(() => String, { description: 'The prompt.' })
  prompt!: string

  @Field(() => String, { nullable: true, description: 'The new target.' })
  target!: string | null

  @Field(() => String, { nullable: true, description: 'What is true of it.' })
  truth!: string | null

  @Field(() => Float, { nullable: true, description: 'Probability of the new target, before.' })
  newBefore!: number | null

  @Field(() => Float, { nullable: true, description: 'The same after the edit.' })
  newAfter!: number | null

  @Field(() => Float, { nullable: true, description: 'Probability of the truth, before.' })
  trueBefore!: number | null

  @Field(() => Float, { nullable: true, description: 'The same after the edit.' })
  trueAfter!: number | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether every token of the wanted target was the most probable one, before.',
  })
  correctBefore!: boolean | null

  @Field(() => Boolean, { nullable: true, description: 'The same after the edit.' })
  correctAfter!: boolean | null

  @Field(() => String, {
    description: 'Which target should win: `new`, or on neighborhood prompts `true`.',
  })
  wanted!: string

  @Field(() => Float, {
    nullable: true,
    description: 'KL of the edited model from the base at the next token, in nats.',
  })
  klToBase!: number | null
}

@ObjectType({ description: 'One case under one arm, in full.', simpleResolvers: true })
export class CaseArmDetail {
  @Field(() => ComparedArm, { description: 'The arm.' })
  arm!: ComparedArm

  @Field(() => caseOutcomes.values, {
    nullable: true,
    description: 'What came of it; null while it is not computed.',
  })
  outcome!: CaseOutcomeKey | null

  @Field(() => RunError, { nullable: true, description: 'Why it failed; null when it did not.' })
  error!: RunError | null

  @Field(() => [String], { description: 'What the method wants to be known.' })
  warnings!: string[]

  @Field(() => [CasePromptDetail], { description: 'Its prompts.' })
  prompts!: CasePromptDetail[]

  @Field(() => [GenerationPair], { description: 'Texts continued before and after the edit.' })
  generations!: GenerationPair[]

  @Field(() => Float, { nullable: true, description: 'Milliseconds of computing the edit.' })
  editMilliseconds!: number | null

  @Field(() => GraphQLJSON, {
    nullable: true,
    description: 'The engine’s whole record; null while it is not computed.',
  })
  record!: unknown
}
