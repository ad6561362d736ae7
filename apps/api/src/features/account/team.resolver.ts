// Teams, their members and invitations, and projects.
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import { ChangeRoleInput, CreateInvitationInput } from './account.input.js'
import { Person } from './person.type.js'
import { Project } from './project.type.js'
import {
  Invitation,
  InvitationPayload,
  InvitationPreview,
  Member,
  MemberPayload,
  Team,
} from './team.type.js'

@Resolver(() => Team)
export class TeamResolver {
  @Query(() => Team, { description: 'The team of this project.' })
  team(@Ctx() { services, viewer }: RequestContext): Promise<Team> {
    return services.teams.team(viewer)
  }

  @Query(() => [Person], {
    description: 'People of the team, for mentions; none for share links and visitors.',
  })
  people(
    @Arg('search', () => String, { nullable: true, description: 'Part of a name or short name.' })
    search: string | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Person[]> {
    return services.teams.people(viewer, search ?? '')
  }

  @Query(() => InvitationPreview, {
    nullable: true,
    description: 'What an invitation offers; null when it cannot be used (any more).',
  })
  invitation(
    @Arg('token', () => String, { description: 'The secret of its link.' }) token: string,
    @Ctx() { services }: RequestContext,
  ): Promise<InvitationPreview | null> {
    return services.teams.preview(token)
  }

  @Mutation(() => InvitationPayload, { description: 'Makes a link by which one person can join.' })
  createInvitation(
    @Arg('input', () => CreateInvitationInput, { description: 'The invitation.' })
    input: CreateInvitationInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<InvitationPayload> {
    return payloadOf(() => services.teams.invite(viewer, input))
  }

  @Mutation(() => InvitationPayload, { description: 'Withdraws an invitation.' })
  revokeInvitation(
    @Arg('id', () => ID, { description: 'Id of the invitation.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<InvitationPayload> {
    return payloadOf(async () => ({
      invitation: await services.teams.revokeInvitation(viewer, id),
    }))
  }

  @Mutation(() => MemberPayload, { description: 'Joins one more team by an invitation.' })
  acceptInvitation(
    @Arg('token', () => String, { description: 'The secret of its link.' }) token: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<MemberPayload> {
    return payloadOf(async () => ({ member: await services.teams.accept(viewer, token) }))
  }

  @Mutation(() => MemberPayload, { description: 'Gives a member another role.' })
  changeRole(
    @Arg('input', () => ChangeRoleInput, { description: 'Whose, and which.' })
    { userId, role }: ChangeRoleInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<MemberPayload> {
    return payloadOf(async () => ({
      member: await services.teams.changeMember(viewer, userId, role),
    }))
  }

  @Mutation(() => MemberPayload, { description: 'Removes a member; their work stays.' })
  removeMember(
    @Arg('userId', () => ID, { description: 'Id of the person.' }) userId: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<MemberPayload> {
    return payloadOf(async () => ({
      member: await services.teams.changeMember(viewer, userId, null),
    }))
  }

  @FieldResolver(() => [Project], { description: 'Its projects that I may read.' })
  async projects(@Root() { id }: Team, @Ctx() { services, viewer }: RequestContext) {
    const { projects } = await services.me.me(viewer)
    return projects.filter((project) => project.teamId === id)
  }

  @FieldResolver(() => [Member], {
    description: 'Its members, in the order they joined; none for share links and visitors.',
  })
  members(@Ctx() { services, viewer }: RequestContext): Promise<Member[]> {
    return services.teams.members(viewer)
  }

  @FieldResolver(() => [Invitation], { description: 'Its invitations, for admins; else none.' })
  invitations(@Ctx() { services, viewer }: RequestContext): Promise<Invitation[]> {
    return services.teams.invitations(viewer)
  }
}

@Resolver(() => Member)
export class MemberResolver {
  @FieldResolver(() => Person, { description: 'Who it is.' })
  person(@Root() { userId }: Member, @Ctx() { loaders }: RequestContext): Promise<Person> {
    return loaders.person.load(userId)
  }
}

@Resolver(() => Invitation)
export class InvitationResolver {
  @FieldResolver(() => Person, { description: 'Who made it.' })
  createdBy(@Root() { createdById }: Invitation, @Ctx() { loaders }: RequestContext) {
    return loaders.person.load(createdById)
  }

  @FieldResolver(() => Person, { nullable: true, description: 'Who joined by it.' })
  acceptedBy(@Root() { acceptedById }: Invitation, @Ctx() { loaders }: RequestContext) {
    return acceptedById === null ? null : loaders.person.load(acceptedById)
  }
}
