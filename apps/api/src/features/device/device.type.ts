// GraphQL types of what can compute.
import { Field, ObjectType } from 'type-graphql'
import { deviceStates, providerChoices } from '../../vocabulary/names.js'
import type { DeviceStateKey, ProviderChoiceKey } from '../../vocabulary/names.js'

@ObjectType({ description: 'One way of computing on the machine of a worker.' })
export class Device {
  @Field(() => String, { description: 'Name of the machine.' })
  machine!: string

  @Field(() => providerChoices.values, { description: 'What a run names to be computed there.' })
  provider!: ProviderChoiceKey

  @Field(() => deviceStates.values, { description: 'Whether it can be used.' })
  state!: DeviceStateKey

  @Field(() => String, {
    nullable: true,
    description: 'Name of the processor or GPU; null when it cannot be used.',
  })
  name!: string | null

  @Field(() => String, {
    nullable: true,
    description: 'Why it cannot be used or is passed by; null when it is usable.',
  })
  reason!: string | null

  @Field(() => Boolean, { description: 'Whether `AUTO` takes it on this machine.' })
  automatic!: boolean
}

@ObjectType({ description: 'Where a run was computed, from its receipt.' })
export class RunDevice {
  @Field(() => String, { description: 'The execution provider, such as `cpu`.' })
  provider!: string

  @Field(() => String, { description: 'Name of the processor or GPU.' })
  name!: string

  @Field(() => String, { description: 'Why it was computed there and not elsewhere.' })
  reason!: string
}
