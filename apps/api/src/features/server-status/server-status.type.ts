// GraphQL type of the server's own state.
import { Field, Float, Int, ObjectType } from 'type-graphql'

@ObjectType('Server', { description: 'The server’s own state.' })
export class ServerStatus {
  @Field(() => String, { description: 'Version of Imprint.' })
  version!: string

  @Field(() => Boolean, { description: 'Whether the database answers.' })
  ready!: boolean

  @Field(() => Int, {
    description: 'Workers seen in the last 30 seconds; 0 means that runs will wait.',
  })
  workers!: number

  @Field(() => String, { description: 'Name of the user this request acts as.' })
  user!: string

  @Field(() => String, { description: 'Name of the project this request works in.' })
  project!: string

  @Field(() => Float, {
    description: 'Bytes of memory that a model may still take on this machine.',
  })
  memoryAvailable!: number

  @Field(() => [String], {
    nullable: true,
    description:
      'Directories below which models may be taken from this server; null means any that it can read, [] means none.',
  })
  modelDirectories!: readonly string[] | null
}
