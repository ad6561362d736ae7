// GraphQL types of a comparison: arms, estimates, differences, relations.
import { GraphQLJSON } from 'graphql-scalars'
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { EditMethodNameScalar } from '../edit/edit-method-name.scalar.js'
import { ProtocolInfo, PublishedTable } from '../protocol/protocol.type.js'

@ObjectType({ description: 'One arm as it stands in a comparison.', simpleResolvers: true })
export class ComparedArm {
  @Field(() => ID, { description: 'Id of the arm.' })
  id!: string

  @Field(() => ID, { description: 'Id of its evaluation.' })
  evaluationId!: string

  @Field(() => String, { description: 'Name of its evaluation.' })
  evaluationName!: string

  @Field(() => String, { description: 'Its name in its evaluation.' })
  name!: string

  @Field(() => String, {
    description:
      'A name that no other arm of this comparison has: with model or evaluation where needed.',
  })
  label!: string

  @Field(() => EditMethodNameScalar, { description: 'The method.' })
  method!: string

  @Field(() => String, { description: 'What a page calls the method.' })
  methodTitle!: string

  @Field(() => String, { description: 'Name of the model.' })
  modelName!: string

  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => GraphQLJSON, { description: 'Its hyperparameters, complete.' })
  hyperparameters!: unknown

  @Field(() => Int, { description: 'Cases with a row, skipped ones included.' })
  n!: number

  @Field(() => Int, { description: 'Cases that it was asked for and that are not computed yet.' })
  missing!: number

  @Field(() => Int, { description: 'Cases that failed.' })
  failed!: number

  @Field(() => Int, { description: 'Cases that the method left alone on purpose.' })
  skipped!: number

  @Field(() => Float, { nullable: true, description: 'Mean seconds of computing one edit.' })
  secondsPerEdit!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Largest resident memory of the process that computed it, in bytes.',
  })
  peakBytes!: number | null
}

@ObjectType({
  description: 'The mean of a metric over the cases of an arm.',
  simpleResolvers: true,
})
export class MetricEstimate {
  @Field(() => ID, { description: 'Id of the arm.' })
  armId!: string

  @Field(() => String, { description: 'The metric, or the score.' })
  metric!: string

  @Field(() => Float, { nullable: true, description: 'The mean; null when no case has a value.' })
  mean!: number | null

  @Field(() => Float, { nullable: true, description: 'Lower end of the 95 % interval.' })
  low!: number | null

  @Field(() => Float, { nullable: true, description: 'Upper end of the 95 % interval.' })
  high!: number | null

  @Field(() => Int, { description: 'Cases with a value.' })
  n!: number

  @Field(() => Int, { description: 'Cases that were asked for and have none.' })
  missing!: number

  @Field(() => Float, {
    nullable: true,
    description: 'Standard deviation over cases, divisor n; null for the score.',
  })
  sd!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Lower end of Wilson’s interval, where each case is a success or not.',
  })
  wilsonLow!: number | null

  @Field(() => Float, { nullable: true, description: 'Its upper end.' })
  wilsonHigh!: number | null

  @Field(() => String, { nullable: true, description: 'What should be known about it.' })
  note!: string | null
}

@ObjectType({
  description: 'Two arms on the cases that both have: first less second.',
  simpleResolvers: true,
})
export class PairedDifference {
  @Field(() => String, { description: 'The metric, or the score.' })
  metric!: string

  @Field(() => ID, { description: 'Id of the first arm.' })
  firstArmId!: string

  @Field(() => ID, { description: 'Id of the second arm.' })
  secondArmId!: string

  @Field(() => Float, {
    nullable: true,
    description: 'Mean of the first less mean of the second; null when they share no case.',
  })
  difference!: number | null

  @Field(() => Float, { nullable: true, description: 'Lower end of its 95 % interval.' })
  low!: number | null

  @Field(() => Float, { nullable: true, description: 'Upper end of its 95 % interval.' })
  high!: number | null

  @Field(() => Int, { description: 'Cases that both have.' })
  n!: number

  @Field(() => Float, { nullable: true, description: 'Two-sided p-value of this pair alone.' })
  p!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'Holm’s correction over all pairs of this metric in this comparison.',
  })
  adjustedP!: number | null

  @Field(() => String, {
    nullable: true,
    description: '`mcnemar` where each case is a success or not, else `bootstrap`.',
  })
  test!: string | null

  @Field(() => Boolean, { description: 'Whether the adjusted p-value is below 0.05.' })
  significant!: boolean

  @Field(() => Int, {
    nullable: true,
    description: 'Cases where only the first succeeds; null where cases are no successes.',
  })
  onlyFirst!: number | null

  @Field(() => Int, { nullable: true, description: 'Cases where only the second succeeds.' })
  onlySecond!: number | null
}

@ObjectType({ description: 'A mean within one relation.', simpleResolvers: true })
export class RelationCell {
  @Field(() => ID, { description: 'Id of the arm.' })
  armId!: string

  @Field(() => String, { description: 'The metric, or the score.' })
  metric!: string

  @Field(() => Float, { nullable: true, description: 'The mean; null when no case has a value.' })
  mean!: number | null

  @Field(() => Int, { description: 'Cases with a value.' })
  n!: number
}

@ObjectType({ description: 'The cases of one relation.', simpleResolvers: true })
export class RelationRow {
  @Field(() => String, { description: 'The relation.' })
  relation!: string

  @Field(() => Int, { description: 'Its cases.' })
  cases!: number

  @Field(() => [RelationCell], { description: 'By arm and metric.' })
  cells!: RelationCell[]
}

@ObjectType({ description: 'Why evaluations cannot stand side by side.', simpleResolvers: true })
export class ComparisonRefusal {
  @Field(() => String, { description: 'A closed code, explained in docs/errors.md.' })
  code!: string

  @Field(() => String, { description: 'What is wrong, in one sentence.' })
  message!: string

  @Field(() => String, { description: 'What to do about it.' })
  cure!: string

  @Field(() => [String], { description: 'Every reason, one sentence each.' })
  reasons!: string[]
}

@ObjectType({ description: 'Methods side by side on the same cases.', simpleResolvers: true })
export class Comparison {
  @Field(() => ProtocolInfo, { description: 'How the edits were measured.' })
  protocol!: ProtocolInfo

  @Field(() => [ComparedArm], { description: 'The arms, in the order they were asked for.' })
  arms!: ComparedArm[]

  @Field(() => Int, { description: 'Cases that fit the filter.' })
  cases!: number

  @Field(() => [MetricEstimate], { description: 'Each arm on each metric, the score last.' })
  estimates!: MetricEstimate[]

  @Field(() => [MetricEstimate], {
    description: 'The unedited models; `armId` is the first arm of the model.',
  })
  before!: MetricEstimate[]

  @Field(() => [PairedDifference], { description: 'Every pair of arms on every metric.' })
  differences!: PairedDifference[]

  @Field(() => [RelationRow], { description: 'Means by relation, the largest relation first.' })
  relations!: RelationRow[]

  @Field(() => [PublishedTable], { description: 'Published tables of this protocol.' })
  published!: PublishedTable[]

  @Field(() => Boolean, { description: 'Whether all arms were asked for the same cases.' })
  shared!: boolean

  @Field(() => [String], { description: 'What should be known about it, one sentence each.' })
  notes!: string[]

  @Field(() => Int, { description: 'Resamples behind each interval and p-value; 0 when refused.' })
  resamples!: number

  @Field(() => Boolean, {
    description:
      'False for the first answer to `quick`, of few resamples: the whole one is being computed, ask again.',
  })
  final!: boolean

  @Field(() => ComparisonRefusal, {
    nullable: true,
    description: 'Why there is no comparison; then the lists are empty. Null when there is one.',
  })
  refusal!: ComparisonRefusal | null

  @Field(() => Float, { description: 'Milliseconds this answer took the server.' })
  computedIn!: number
}
