// GraphQL types of what is measured on a whole gradient: its rank, its check, imprint and shift.
import { Field, Float, Int, ObjectType } from 'type-graphql'
import { matrixNames } from '../../vocabulary/names.js'
import type { MatrixNameKey } from '../../vocabulary/names.js'

@ObjectType({
  description: 'Numerical rank of one matrix’s gradient, from its factors in float64.',
})
export class GradientRankEntry {
  @Field(() => Int, { description: 'Layer, counted from 0.' })
  layer!: number

  @Field(() => matrixNames.values, { description: 'The matrix.' })
  matrix!: MatrixNameKey

  @Field(() => Int, {
    description: 'Number of singular values above the tolerance; at most the number of positions.',
  })
  rank!: number

  @Field(() => Float, { description: 'The largest singular value.' })
  largestSingularValue!: number

  @Field(() => Float, { description: 'Singular values at or below this count as zero.' })
  tolerance!: number
}

@ObjectType({
  description:
    'A directional derivative of the loss, computed twice: from the factors and by a central difference.',
})
export class GradientCheckEntry {
  @Field(() => matrixNames.values, { description: 'The matrix, in all layers at once.' })
  matrix!: MatrixNameKey

  @Field(() => Float, { description: 'The derivative from the factors: (X u) . (Delta v).' })
  analytic!: number

  @Field(() => Float, {
    description: 'The derivative measured by changing the matrix and running the model.',
  })
  measured!: number

  @Field(() => Float, { description: 'The difference of the two, relative to the larger.' })
  relativeError!: number
}

@ObjectType({ description: 'A neuron and how the update changes its pre-activation.' })
export class ImprintNeuron {
  @Field(() => Int, { description: 'Index of the neuron: column of `mlp.up`, row of `mlp.down`.' })
  neuron!: number

  @Field(() => Float, {
    description: 'Change of its pre-activation for a step of size 1 along the update.',
  })
  change!: number
}

@ObjectType({
  description:
    'What an update writes at one layer and position: the neurons that x_i is imprinted on, and the shift of the MLP’s output.',
})
export class ImprintAndShift {
  @Field(() => Int, { description: 'Layer, counted from 0.' })
  layer!: number

  @Field(() => matrixNames.values, {
    description: 'The matrix of the neurons: `MLP_UP`, or `MLP_GATE` in gated families.',
  })
  matrix!: MatrixNameKey

  @Field(() => Int, { description: 'Position in the prompt, counted from 0.' })
  position!: number

  @Field(() => [ImprintNeuron], {
    description: 'Neurons changed most by this position’s own outer product (k = i in the paper).',
  })
  own!: ImprintNeuron[]

  @Field(() => [ImprintNeuron], {
    description: 'Neurons changed most by the whole gradient (all k).',
  })
  full!: ImprintNeuron[]

  @Field(() => Float, {
    description: 'Norm of the shift by this position’s own outer product of `mlp.down`.',
  })
  shiftOwnNorm!: number

  @Field(() => Float, { description: 'Norm of the shift by the whole gradient of `mlp.down`.' })
  shiftFullNorm!: number

  @Field(() => Float, {
    description: 'Direct change of the target’s logit by the whole shift, before the final norm.',
  })
  shiftTargetLogit!: number
}
