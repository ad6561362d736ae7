// GraphQL inputs of neurons.
import { ArgsType, Field, Float, ID, InputType, Int } from 'type-graphql'
import { listDirections, neuronOrders } from '../../vocabulary/neuron-names.js'
import type { ListDirectionKey, NeuronOrderKey } from '../../vocabulary/neuron-names.js'

@ArgsType()
export class NeuronsArguments {
  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => Int, { description: 'The layer, from 0.' })
  layer!: number

  @Field(() => Int, {
    nullable: true,
    defaultValue: 20,
    description: 'Page size, at most 100.',
  })
  first!: number | null

  @Field(() => String, { nullable: true, description: 'Cursor to continue after.' })
  after!: string | null

  @Field(() => neuronOrders.values, {
    nullable: true,
    description: 'What to sort by; the index when absent.',
  })
  order!: NeuronOrderKey | null

  @Field(() => listDirections.values, {
    nullable: true,
    description: 'When absent: ascending by index, descending by everything else.',
  })
  direction!: ListDirectionKey | null

  @Field(() => String, {
    nullable: true,
    description:
      'Only neurons with this text in a probable word of key or value, or in their label.',
  })
  search!: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'true: only annotated ones; false: only others; all when absent.',
  })
  annotated!: boolean | null
}

@InputType({ description: 'The layer to survey.' })
export class SurveyNeuronsInput {
  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => Int, { description: 'The layer, from 0.' })
  layer!: number
}

@InputType({ description: 'A neuron, and what its value is multiplied by.' })
export class ScaleNeuronInput {
  @Field(() => ID, { description: 'Id of the model.' })
  modelId!: string

  @Field(() => Int, { description: 'The layer, from 0.' })
  layer!: number

  @Field(() => Int, { description: 'The index in the layer, from 0.' })
  index!: number

  @Field(() => Float, {
    description: 'What its row of `mlp.down` is multiplied by: 0 ablates it, 1 changes nothing.',
  })
  factor!: number

  @Field(() => String, { nullable: true, description: 'A name; at most 200 characters.' })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'A prompt that the edit is measured with, before and after.',
  })
  prompt?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'An answer to that prompt whose probability is followed.',
  })
  target?: string | null

  @Field(() => String, {
    nullable: true,
    description:
      'A name for this request: sent again, it returns the first edit instead of a new one.',
  })
  clientMutationId?: string | null
}
