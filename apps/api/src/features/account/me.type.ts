// GraphQL types of who asks, and of what entering and leaving return.
import { Field, ID, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { actionNames, roleNames, viaNames } from '../../vocabulary/account-names.js'
import type { ActionKey, RoleKey, ViaKey } from '../../vocabulary/account-names.js'
import { Project } from './project.type.js'

@ObjectType({ description: 'Who asks, in which project, and what that allows.' })
export class Me {
  @Field(() => viaNames.values, { description: 'How the request said who it is.' })
  via!: ViaKey

  @Field(() => roleNames.values, {
    nullable: true,
    description: 'The role in the project; null where nothing may be read.',
  })
  role!: RoleKey | null

  @Field(() => [actionNames.values], {
    description: 'What may be done in the project: by the role, narrowed by a key’s scopes.',
  })
  actions!: ActionKey[]

  @Field(() => String, { nullable: true, description: 'My address; null without an account.' })
  email!: string | null

  @Field(() => Project, { nullable: true, description: 'The project of this request.' })
  project!: Project | null

  @Field(() => [Project], { description: 'Projects that I may read.' })
  projects!: Project[]

  @Field(() => Boolean, { description: 'Whether nobody owns this server yet: see setUpOwner.' })
  setupNeeded!: boolean

  @Field(() => [String], {
    description: 'Ways to sign in: `password`, and of `github`, `google`, `oidc` those set up.',
  })
  signInWith!: string[]
}

@ObjectType({ description: 'A way in: a password, or who somebody is at a provider.' })
export class WayToSignIn {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: '`password`, `github`, `google` or `oidc`.' })
  provider!: string

  @Field(() => Boolean, { description: 'Whether this server takes it: it was set up with it.' })
  works!: boolean

  @Field(() => Date, { description: 'Since when.' })
  createdAt!: Date
}

@ObjectType({ description: 'What entering and leaving return; the cookie comes with the answer.' })
export class SessionPayload {
  @Field(() => Me, { nullable: true, description: 'Who I am from now on; null with errors.' })
  me?: Me | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'What a change of one’s own profile or password returns.' })
export class MePayload {
  @Field(() => Me, { nullable: true, description: 'Me as I am now; null with errors.' })
  me?: Me | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
