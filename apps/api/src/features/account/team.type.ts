// GraphQL types of teams, their members and invitations.
import { Field, ID, ObjectType } from 'type-graphql'
import { UserError } from '../../errors/user-error.type.js'
import { roleNames } from '../../vocabulary/account-names.js'
import type { RoleKey } from '../../vocabulary/account-names.js'

@ObjectType({ description: 'People who share projects.' })
export class Team {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => String, { description: 'Its short name.' })
  slug!: string

  @Field(() => String, { description: 'Its name.' })
  name!: string
}

@ObjectType({ description: 'Somebody in a team.' })
export class Member {
  @Field(() => roleNames.values, { description: 'What they may do.' })
  role!: RoleKey

  @Field(() => String, { nullable: true, description: 'Their address, for admins; else null.' })
  email!: string | null

  @Field(() => Date, { description: 'Since when.' })
  joinedAt!: Date

  /** Not a GraphQL field: read by `person`. */
  userId!: string
}

@ObjectType({ description: 'A link by which one person can join a team.' })
export class Invitation {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string

  @Field(() => roleNames.values, { description: 'The role that it gives.' })
  role!: RoleKey

  @Field(() => String, { nullable: true, description: 'Whose address it is for; null: anyone’s.' })
  email!: string | null

  @Field(() => Date, { description: 'When it was made.' })
  createdAt!: Date

  @Field(() => Date, { description: 'When it ends.' })
  expiresAt!: Date

  @Field(() => Date, { nullable: true, description: 'When somebody joined by it.' })
  acceptedAt!: Date | null

  @Field(() => Date, { nullable: true, description: 'When it was withdrawn.' })
  revokedAt!: Date | null

  /** Not GraphQL fields: read by `createdBy` and `acceptedBy`. */
  createdById!: string
  acceptedById!: string | null
}

@ObjectType({ description: 'What an invitation’s link shows before one joins.' })
export class InvitationPreview {
  @Field(() => String, { description: 'The team’s name.' })
  teamName!: string

  @Field(() => roleNames.values, { description: 'The role that it gives.' })
  role!: RoleKey

  @Field(() => String, { description: 'Name of who made it.' })
  invitedBy!: string

  @Field(() => String, { nullable: true, description: 'Whose address it is for; null: anyone’s.' })
  email!: string | null

  @Field(() => Date, { description: 'When it ends.' })
  expiresAt!: Date
}

@ObjectType({ description: 'What a mutation of an invitation returns.' })
export class InvitationPayload {
  @Field(() => Invitation, { nullable: true, description: 'The invitation; null with errors.' })
  invitation?: Invitation | null

  @Field(() => String, {
    nullable: true,
    description: 'Its secret, shown only now: the link is /join/<token>.',
  })
  token?: string | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}

@ObjectType({ description: 'What a mutation of a membership returns.' })
export class MemberPayload {
  @Field(() => Member, { nullable: true, description: 'The member; null with errors.' })
  member?: Member | null

  @Field(() => [UserError], { description: 'What was wrong; empty when it worked.' })
  errors!: UserError[]
}
