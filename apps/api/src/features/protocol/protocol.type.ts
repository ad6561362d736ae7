// GraphQL types of protocols, their metrics and the tables published under them.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { metricDirections } from '../../vocabulary/evaluation-names.js'
import type { MetricDirectionKey } from '../../vocabulary/evaluation-names.js'
import { ProtocolNameScalar } from './protocol-name.scalar.js'

@ObjectType({ description: 'A number that a protocol gives each case.', simpleResolvers: true })
export class MetricInfo {
  @Field(() => String, { description: 'Its name in rows, filters and files.' })
  name!: string

  @Field(() => String, { description: 'What a page calls it.' })
  label!: string

  @Field(() => String, { description: 'What is measured, in one sentence.' })
  description!: string

  @Field(() => Float, { description: 'What the plain value was multiplied with: 100 for percent.' })
  scale!: number

  @Field(() => Boolean, {
    description: 'Whether a case is one success or failure, so that exact McNemar applies.',
  })
  binary!: boolean

  @Field(() => metricDirections.values, { description: 'Which way is better.' })
  better!: MetricDirectionKey

  @Field(() => String, { description: 'Its unit, such as %; empty where it has none.' })
  unit!: string
}

@ObjectType({ description: 'The one number that a protocol ends in.', simpleResolvers: true })
export class ScoreInfo {
  @Field(() => String, { description: 'Its name in estimates and differences.' })
  name!: string

  @Field(() => String, { description: 'What a page calls it.' })
  label!: string

  @Field(() => [String], { description: 'The metrics whose means’ harmonic mean it is.' })
  of!: string[]
}

@ObjectType({ description: 'How edits are measured.', simpleResolvers: true })
export class ProtocolInfo {
  @Field(() => ProtocolNameScalar, { description: 'Its name.' })
  name!: string

  @Field(() => String, { description: 'What a page calls it.' })
  title!: string

  @Field(() => String, { description: 'What it measures, in a sentence or two.' })
  description!: string

  @Field(() => [MetricInfo], { description: 'Its metrics, in the order of every list of values.' })
  metrics!: MetricInfo[]

  @Field(() => ScoreInfo, { nullable: true, description: 'Its score; null where it has none.' })
  score!: ScoreInfo | null
}

@ObjectType({ description: 'One published number.', simpleResolvers: true })
export class PublishedCell {
  @Field(() => String, { description: 'The metric, or the score.' })
  metric!: string

  @Field(() => Float, { description: 'As published.' })
  mean!: number

  @Field(() => Float, {
    nullable: true,
    description: 'Its plus-minus; null where the table gives none. `spread` says what it is.',
  })
  spread!: number | null
}

@ObjectType({ description: 'One row of a published table.', simpleResolvers: true })
export class PublishedRow {
  @Field(() => String, { description: 'The model, as the table names it.' })
  model!: string

  @Field(() => String, { description: 'The method; `no-edit` is the unedited model.' })
  method!: string

  @Field(() => [PublishedCell], { description: 'Its numbers.' })
  cells!: PublishedCell[]
}

@ObjectType({ description: 'A table of a paper, as reference.', simpleResolvers: true })
export class PublishedTable {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'What a page calls it.' })
  title!: string

  @Field(() => String, { description: 'Where it stands.' })
  source!: string

  @Field(() => String, {
    description: 'What the plus-minus is: `sd` over cases, `ci95` (1.96 SE), or `none`.',
  })
  spread!: string

  @Field(() => Int, { nullable: true, description: 'Cases; null where the source does not say.' })
  cases!: number | null

  @Field(() => String, { description: 'What is odd about it.' })
  note!: string

  @Field(() => [PublishedRow], { description: 'Its rows.' })
  rows!: PublishedRow[]
}
