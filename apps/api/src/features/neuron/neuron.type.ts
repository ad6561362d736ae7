// GraphQL types of neurons.
import { Field, Float, ID, Int, ObjectType } from 'type-graphql'
import { connectionTypeOf, edgeTypeOf } from '../../pagination/page.type.js'
import { matrixNames } from '../../vocabulary/names.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'
import { neuronVectors } from '../../vocabulary/neuron-names.js'
import type { NeuronVectorKey } from '../../vocabulary/neuron-names.js'

@ObjectType({
  description: 'A word of the vocabulary under a vector: score is the logit of D ln_f(v / |v|).',
  simpleResolvers: true,
})
export class Word {
  @Field(() => Int, { description: 'Token id.' })
  id!: number

  @Field(() => String, {
    description: 'Its text; bytes that are no whole character appear as `\\xNN`.',
  })
  text!: string

  @Field(() => Float, { description: 'Its logit.' })
  score!: number
}

@ObjectType({ description: 'Another neuron whose vector points the same way.' })
export class NearNeuron {
  @Field(() => Int, { description: 'Its layer.' })
  layer!: number

  @Field(() => Int, { description: 'Its index in that layer.' })
  index!: number

  @Field(() => Float, { description: 'Cosine of the two vectors, from -1 to 1.' })
  cosine!: number

  @Field(() => neuronVectors.values, { description: 'Which vectors were compared.' })
  by!: NeuronVectorKey

  @Field(() => String, { nullable: true, description: 'Its accepted label; null without one.' })
  label!: string | null
}

@ObjectType({ description: 'One position of one stored run, as a neuron saw it.' })
export class NeuronMoment {
  @Field(() => Int, { description: 'The position, from 0.' })
  position!: number

  @Field(() => String, { description: 'The token at that position.' })
  token!: string

  @Field(() => Float, {
    description: 'Its activation a_i: what enters `mlp.down` (of a gated MLP gate times up).',
  })
  activation!: number

  @Field(() => Float, { description: 'Its gradient coefficient: d loss / d (x_i W_up), delta_i.' })
  coefficient!: number

  @Field(() => Float, {
    description:
      'The imprint: -(x_i . x_i) delta_i, what one step of size 1 changes of x_i W_up by the outer product of this position alone.',
  })
  imprint!: number

  /** Not GraphQL: read by the field resolver. */
  runId!: string
}

@ObjectType({ description: 'A saved edit that writes to a neuron.' })
export class NeuronEdit {
  @Field(() => matrixNames.values, {
    description: 'Of which matrix: a row of `mlp.down`, or a column of `mlp.up` or `mlp.gate`.',
  })
  matrix!: MatrixNameKey

  @Field(() => Float, { description: 'The norm of what it adds to that row or column.' })
  norm!: number

  @Field(() => Float, { description: 'Its share of the norm of the whole delta, from 0 to 1.' })
  share!: number

  /** Not GraphQL: read by the field resolver. */
  editId!: string
}

@ObjectType({ description: 'A neuron as lists show it.' })
export class NeuronRow {
  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => Int, { description: 'The layer, from 0.' })
  layer!: number

  @Field(() => Int, { description: 'The index in the layer, from 0.' })
  index!: number

  @Field(() => String, {
    nullable: true,
    description: 'The most probable word of its key; null until the layer was surveyed.',
  })
  keyWord!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The most probable word of its value; null until the layer was surveyed.',
  })
  valueWord!: string | null

  @Field(() => Float, {
    nullable: true,
    description: 'The norm of its key, its column of `mlp.up`.',
  })
  keyNorm!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'The norm of its value, its row of `mlp.down`.',
  })
  valueNorm!: number | null

  @Field(() => Float, {
    nullable: true,
    description: 'The activation of the largest magnitude, with its sign; null without runs.',
  })
  maxActivation!: number | null

  @Field(() => Float, { nullable: true, description: 'The mean activation; null without runs.' })
  meanActivation!: number | null

  @Field(() => Float, {
    nullable: true,
    description:
      'The gradient coefficient of the largest magnitude, with its sign; null without runs.',
  })
  maxCoefficient!: number | null

  @Field(() => [Float], {
    description: 'Counts of activations in twelve bins of equal width; empty without runs.',
  })
  spark!: number[]

  @Field(() => Float, {
    nullable: true,
    description: 'Where the first bin begins; null without runs.',
  })
  sparkStart!: number | null

  @Field(() => Float, { nullable: true, description: 'The width of a bin; null without runs.' })
  sparkWidth!: number | null

  @Field(() => Float, {
    description: 'The largest change that a saved edit makes to its key or value; 0 without one.',
  })
  editNorm!: number

  @Field(() => Int, { description: 'Annotations that are proposed or accepted.' })
  annotationCount!: number

  @Field(() => String, { nullable: true, description: 'Its accepted label; null without one.' })
  label!: string | null
}

export const NeuronEdge = edgeTypeOf('Neuron', () => NeuronRow)
export const NeuronConnection = connectionTypeOf('Neuron', NeuronEdge)

@ObjectType({ description: 'Everything that is known of one neuron.' })
export class Neuron extends NeuronRow {
  @Field(() => Boolean, { description: 'Whether the MLP is gated, so that it has two keys.' })
  gated!: boolean

  @Field(() => [Word], { description: 'Most probable words of its key; empty until surveyed.' })
  key!: Word[]

  @Field(() => [Word], { description: 'Least probable words of its key, the least first.' })
  keyBottom!: Word[]

  @Field(() => [Word], {
    nullable: true,
    description: 'Most probable words of its column of `mlp.gate`; null where there is no gate.',
  })
  gateKey!: Word[] | null

  @Field(() => [Word], {
    nullable: true,
    description: 'Least probable words of its column of `mlp.gate`; null where there is no gate.',
  })
  gateKeyBottom!: Word[] | null

  @Field(() => [Word], { description: 'Most probable words of its value; empty until surveyed.' })
  value!: Word[]

  @Field(() => [Word], { description: 'Least probable words of its value, the least first.' })
  valueBottom!: Word[]

  /** Not GraphQL fields: read by the field resolvers. */
  surveyId!: string | null
  directory!: string
}
