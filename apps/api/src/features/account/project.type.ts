// GraphQL types of projects and of who asks.
import { Field, ID, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { roleNames } from '../../vocabulary/account-names.js'
import type { RoleKey } from '../../vocabulary/account-names.js'

@ObjectType({
  description: 'A project of a team: models, runs, edits and what people say of them.',
})
export class Project {
  @Field(() => ID, { description: 'Opaque id; send it as the header x-imprint-project.' })
  id!: string

  @Field(() => String, { description: 'Its short name, unique in the team.' })
  slug!: string

  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => Boolean, { description: 'Whether anyone who reaches the server may read it.' })
  isPublic!: boolean

  @Field(() => roleNames.values, {
    nullable: true,
    description: 'My role in it; null where I am no member of its team.',
  })
  role!: RoleKey | null

  /** Not a GraphQL field: read by `team`. */
  teamId!: string
}

@ObjectType({ description: 'What a mutation of a project returns.' })
export class ProjectPayload {
  @Field(() => Project, { nullable: true, description: 'The project; null with errors.' })
  project?: Project | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
