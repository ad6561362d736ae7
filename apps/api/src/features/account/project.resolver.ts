// Projects of a team.
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import { CreateProjectInput, UpdateProjectInput } from './account.input.js'
import { Project, ProjectPayload } from './project.type.js'
import { Team } from './team.type.js'

@Resolver(() => Project)
export class ProjectResolver {
  @Mutation(() => ProjectPayload, {
    description:
      'Makes a project of this team; it starts with the models of the store and the facts that come with Imprint.',
  })
  createProject(
    @Arg('input', () => CreateProjectInput, { description: 'The project.' })
    input: CreateProjectInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ProjectPayload> {
    return payloadOf(async () => {
      const project = await services.teams.createProject(viewer, input)
      await services.projectStart.fill({ ...viewer, projectId: project.id })
      return { project }
    })
  }

  @Mutation(() => ProjectPayload, {
    description: 'Renames a project of this team or publishes it.',
  })
  updateProject(
    @Arg('input', () => UpdateProjectInput, { description: 'The changes.' })
    input: UpdateProjectInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ProjectPayload> {
    return payloadOf(async () => ({ project: await services.teams.updateProject(viewer, input) }))
  }

  @FieldResolver(() => Team, { description: 'Whose it is.' })
  team(@Root() { teamId }: Project, @Ctx() { services, viewer }: RequestContext): Promise<Team> {
    return services.teams.team({ ...viewer, teamId })
  }
}
