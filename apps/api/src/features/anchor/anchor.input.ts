// GraphQL input of an anchor: the kind says which of the other fields are needed.
import { Field, Float, ID, InputType, Int } from 'type-graphql'
import { factorNames, matrixNames } from '../../vocabulary/names.js'
import type { FactorNameKey, MatrixNameKey } from '../../vocabulary/names.js'
import { anchorKinds } from '../../vocabulary/talk-names.js'
import type { AnchorKindKey } from '../../vocabulary/talk-names.js'

@InputType({ description: 'What is pointed at.' })
export class AnchorInput {
  @Field(() => anchorKinds.values, {
    description: 'What kind of thing; it says what else is needed.',
  })
  kind!: AnchorKindKey

  @Field(() => ID, {
    nullable: true,
    description:
      'Id of a run, edit, evaluation, annotation, review, prompt, data set, set of figures or collection.',
  })
  id?: string | null

  @Field(() => ID, {
    nullable: true,
    description: 'Of a cell: any run of its configuration.',
  })
  runId?: string | null

  @Field(() => Int, { nullable: true, description: 'Of a cell or neuron: its layer, from 0.' })
  layer?: number | null

  @Field(() => Int, { nullable: true, description: 'Of a cell: its position, from 0.' })
  position?: number | null

  @Field(() => matrixNames.values, { nullable: true, description: 'Of a cell: its matrix.' })
  matrix?: MatrixNameKey | null

  @Field(() => factorNames.values, { nullable: true, description: 'Of a cell: its factor.' })
  factor?: FactorNameKey | null

  @Field(() => ID, { nullable: true, description: 'Of a neuron: its model.' })
  modelId?: string | null

  @Field(() => Int, { nullable: true, description: 'Of a neuron: its index in the layer, from 0.' })
  index?: number | null

  @Field(() => ID, { nullable: true, description: 'Of a case: its evaluation.' })
  evaluationId?: string | null

  @Field(() => Int, { nullable: true, description: 'Of a case: its place in the evaluation.' })
  caseIndex?: number | null

  @Field(() => String, {
    nullable: true,
    description: 'Of a chart: the path of its page, such as /evaluations/<id>.',
  })
  page?: string | null

  @Field(() => String, { nullable: true, description: 'Of a chart: its name on the page.' })
  chart?: string | null

  @Field(() => [Float], {
    nullable: true,
    description: 'Of a chart: x0, y0, x1, y1 in the units of its data; the whole when absent.',
  })
  region?: number[] | null
}
