// GraphQL inputs of comparisons.
import { Field, Float, ID, InputType, Int } from 'type-graphql'
import { editPromptKinds } from '../../vocabulary/edit-names.js'
import type { EditPromptKindKey } from '../../vocabulary/edit-names.js'
import {
  caseOutcomes,
  caseSides,
  caseSortFields,
  flipDirections,
} from '../../vocabulary/evaluation-names.js'
import type {
  CaseOutcomeKey,
  CaseSideKey,
  CaseSortFieldKey,
  FlipDirectionKey,
} from '../../vocabulary/evaluation-names.js'

@InputType({ description: 'Cases whose metric lies in a range, ends included.' })
export class MetricRange {
  @Field(() => ID, { description: 'Id of the arm.' })
  armId!: string

  @Field(() => String, { description: 'The metric.' })
  metric!: string

  @Field(() => Float, { nullable: true, description: 'At least this; no limit when absent.' })
  min?: number | null

  @Field(() => Float, { nullable: true, description: 'At most this; no limit when absent.' })
  max?: number | null

  @Field(() => caseSides.values, { nullable: true, description: 'AFTER when absent.' })
  side?: CaseSideKey | null
}

@InputType({
  description:
    'Cases with a prompt on which one arm is right and the other is not: every token of the wanted answer is the most probable one. ES, PS and NS ask less.',
})
export class FlipFilter {
  @Field(() => ID, { description: 'Id of the first arm.' })
  firstArmId!: string

  @Field(() => ID, { description: 'Id of the second arm.' })
  secondArmId!: string

  @Field(() => editPromptKinds.values, { description: 'Prompts of this kind.' })
  kind!: EditPromptKindKey

  @Field(() => flipDirections.values, { nullable: true, description: 'EITHER when absent.' })
  direction?: FlipDirectionKey | null
}

@InputType({ description: 'Which cases; all conditions hold together.' })
export class CaseFilter {
  @Field(() => [String], { nullable: true, description: 'Of one of these relations.' })
  relations?: string[] | null

  @Field(() => String, {
    nullable: true,
    description: 'Id, relation, prompt, subject or target contains this, in any case.',
  })
  search?: string | null

  @Field(() => [MetricRange], { nullable: true, description: 'Within all of these ranges.' })
  ranges?: MetricRange[] | null

  @Field(() => FlipFilter, { nullable: true, description: 'That flip between two arms.' })
  flips?: FlipFilter | null

  @Field(() => caseOutcomes.values, {
    nullable: true,
    description: 'That ended so under at least one of the arms.',
  })
  outcome?: CaseOutcomeKey | null

  @Field(() => [Int], { nullable: true, description: 'At these places of the data set.' })
  places?: number[] | null
}

@InputType({ description: 'What to compare.' })
export class ComparisonInput {
  @Field(() => [ID], { description: 'Ids of one or more evaluations, at most 10.' })
  evaluationIds!: string[]

  @Field(() => [ID], { nullable: true, description: 'Arms of theirs; all when absent.' })
  armIds?: string[] | null

  @Field(() => [String], {
    nullable: true,
    description: 'Metrics, the score by its name; all when absent.',
  })
  metrics?: string[] | null

  @Field(() => CaseFilter, { nullable: true, description: 'Which cases; all when absent.' })
  filter?: CaseFilter | null
}

@InputType({ description: 'A column of the table of cases.' })
export class CaseColumn {
  @Field(() => ID, { description: 'Id of the arm.' })
  armId!: string

  @Field(() => String, { description: 'The metric.' })
  metric!: string

  @Field(() => caseSides.values, { nullable: true, description: 'AFTER when absent.' })
  side?: CaseSideKey | null
}

@InputType({ description: 'An order of cases; by place when empty.' })
export class CaseSort {
  @Field(() => CaseColumn, { nullable: true, description: 'By this column.' })
  column?: CaseColumn | null

  @Field(() => caseSortFields.values, { nullable: true, description: 'Or by this field.' })
  field?: CaseSortFieldKey | null

  @Field(() => Boolean, { nullable: true, description: 'The largest first.' })
  descending?: boolean | null
}
