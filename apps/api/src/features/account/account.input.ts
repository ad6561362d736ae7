// GraphQL inputs of accounts, teams, projects, keys and links.
import { Field, ID, InputType, Int } from 'type-graphql'
import { actionNames, roleNames } from '../../vocabulary/account-names.js'
import type { ActionKey, RoleKey } from '../../vocabulary/account-names.js'

@InputType({ description: 'The first account of a server, which takes over all that is there.' })
export class SetUpOwnerInput {
  @Field(() => String, { description: 'The name that is shown.' })
  name!: string

  @Field(() => String, { description: 'The address one signs in with.' })
  email!: string

  @Field(() => String, { description: 'At least 10 characters, at most 1,024 bytes.' })
  password!: string
}

@InputType({ description: 'A new account, by an invitation.' })
export class SignUpInput {
  @Field(() => String, { description: 'The name that is shown.' })
  name!: string

  @Field(() => String, { description: 'The address one signs in with.' })
  email!: string

  @Field(() => String, { description: 'At least 10 characters, at most 1,024 bytes.' })
  password!: string

  @Field(() => String, { description: 'The token of the invitation’s link.' })
  invitationToken!: string
}

@InputType({ description: 'Address and password.' })
export class SignInInput {
  @Field(() => String, { description: 'The address one signs in with.' })
  email!: string

  @Field(() => String, { description: 'The password.' })
  password!: string
}

@InputType({ description: 'An invitation to the team.' })
export class CreateInvitationInput {
  @Field(() => roleNames.values, { description: 'The role that it gives.' })
  role!: RoleKey

  @Field(() => String, {
    nullable: true,
    description: 'Only for this address; anyone’s when absent.',
  })
  email?: string | null

  @Field(() => Int, { nullable: true, description: 'Days until it ends, 1 to 60; 7 when absent.' })
  days?: number | null
}

@InputType({ description: 'Another role for a member.' })
export class ChangeRoleInput {
  @Field(() => ID, { description: 'Id of the person.' })
  userId!: string

  @Field(() => roleNames.values, { description: 'Their role from now on.' })
  role!: RoleKey
}

@InputType({ description: 'A project of the team.' })
export class CreateProjectInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string

  @Field(() => String, {
    nullable: true,
    description: 'Its short name: a to z, 0 to 9 and -; made of the name when absent.',
  })
  slug?: string | null
}

@InputType({ description: 'Changes to a project; what is absent stays.' })
export class UpdateProjectInput {
  @Field(() => ID, { description: 'Id of the project.' })
  id!: string

  @Field(() => String, { nullable: true, description: 'Its name from now on.' })
  name?: string | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether anyone who reaches the server may read it.',
  })
  isPublic?: boolean | null
}

@InputType({ description: 'Changes to one’s own profile; what is absent stays.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: 'The name that is shown.' })
  name?: string | null

  @Field(() => String, {
    nullable: true,
    description: 'The short name that mentions use: a to z, 0 to 9, - and _.',
  })
  handle?: string | null
}

@InputType({ description: 'Another password; every other session ends.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The password until now.' })
  current!: string

  @Field(() => String, { description: 'At least 10 characters, at most 1,024 bytes.' })
  next!: string
}

@InputType({ description: 'A key for scripts, in the project of this request.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What it is for.' })
  name!: string

  @Field(() => [actionNames.values], { description: 'What it may do, if my role may.' })
  scopes!: ActionKey[]

  @Field(() => Int, {
    nullable: true,
    description: 'Days until it ends, 1 to 3,650; never when absent.',
  })
  expiresInDays?: number | null
}

@InputType({ description: 'A read-only link to a page of this project.' })
export class CreateShareLinkInput {
  @Field(() => String, { description: 'Path and query of the page, such as /runs/…?layer=3.' })
  path!: string

  @Field(() => String, { description: 'What it shows.' })
  title!: string

  @Field(() => Int, {
    nullable: true,
    description: 'Days until it ends, 1 to 3,650; never when absent.',
  })
  expiresInDays?: number | null
}
