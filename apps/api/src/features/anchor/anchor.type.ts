// GraphQL type of an anchor; its title, path and newest run are looked up in batches.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { factorNames, matrixNames } from '../../vocabulary/names.js'
import type { FactorNameKey, MatrixNameKey } from '../../vocabulary/names.js'
import { anchorKinds } from '../../vocabulary/talk-names.js'
import type { AnchorKindKey } from '../../vocabulary/talk-names.js'
import type { StoredAnchor } from './anchor.js'

@ObjectType({ description: 'What a note, a comment or a collection’s item points at.' })
export class Anchor {
  @Field(() => anchorKinds.values, { description: 'What kind of thing.' })
  kind!: AnchorKindKey

  @Field(() => String, { description: 'Equal for equal anchors, such as neuron:<model>/5/312.' })
  key!: string

  @Field(() => ID, { nullable: true, description: 'Its id, where it is a thing with one.' })
  id!: string | null

  @Field(() => Int, { nullable: true, description: 'Of a cell or neuron: its layer.' })
  layer!: number | null

  @Field(() => Int, { nullable: true, description: 'Of a cell: its position.' })
  position!: number | null

  @Field(() => matrixNames.values, { nullable: true, description: 'Of a cell: its matrix.' })
  matrix!: MatrixNameKey | null

  @Field(() => factorNames.values, { nullable: true, description: 'Of a cell: its factor.' })
  factor!: FactorNameKey | null

  @Field(() => ID, { nullable: true, description: 'Of a neuron: its model.' })
  modelId!: string | null

  @Field(() => Int, { nullable: true, description: 'Of a neuron: its index in the layer.' })
  index!: number | null

  @Field(() => ID, { nullable: true, description: 'Of a case: its evaluation.' })
  evaluationId!: string | null

  @Field(() => Int, { nullable: true, description: 'Of a case: its place in the evaluation.' })
  caseIndex!: number | null

  @Field(() => String, { nullable: true, description: 'Of a chart: the path of its page.' })
  page!: string | null

  @Field(() => String, { nullable: true, description: 'Of a chart: its name on the page.' })
  chart!: string | null

  @Field(() => [Float], { nullable: true, description: 'Of a chart: x0, y0, x1, y1.' })
  region!: number[] | null

  /** Not a GraphQL field: read by the field resolvers. */
  stored!: StoredAnchor
}

/** What a row keeps -> what GraphQL shows. */
export function toAnchor(stored: StoredAnchor): Anchor {
  return {
    ...{ kind: stored.kind, key: stored.key, stored, id: stored.id ?? null },
    ...{ layer: stored.layer ?? null, position: stored.position ?? null },
    ...{ matrix: stored.matrix ?? null, factor: stored.factor ?? null },
    ...{ modelId: stored.modelId ?? null, index: stored.index ?? null },
    ...{ evaluationId: stored.evaluationId ?? null, caseIndex: stored.caseIndex ?? null },
    ...{ page: stored.page ?? null, chart: stored.chart ?? null, region: stored.region ?? null },
  }
}
