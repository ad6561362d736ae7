// API keys, share links and the audit log.
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import type { Connection } from '../../pagination/connection.js'
import { listComplexity } from '../../pagination/list-complexity.js'
import { PageArguments, pageAsked } from '../../pagination/page-arguments.js'
import { CreateApiKeyInput, CreateShareLinkInput } from './account.input.js'
import { AuditEvent, AuditEventConnection, AuditFilter } from './audit.type.js'
import {
  ApiKey,
  ApiKeyPayload,
  ShareLink,
  ShareLinkConnection,
  ShareLinkPayload,
} from './credential.type.js'
import { Person } from './person.type.js'
import { Project } from './project.type.js'

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @Query(() => [ApiKey], { description: 'My API keys, newest first, also those revoked.' })
  apiKeys(@Ctx() { services, viewer }: RequestContext): Promise<ApiKey[]> {
    return services.credentials.keys(viewer)
  }

  @Mutation(() => ApiKeyPayload, { description: 'Makes an API key; it is shown only now.' })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The key.' }) input: CreateApiKeyInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ApiKeyPayload> {
    return payloadOf(() => services.credentials.createKey(viewer, input))
  }

  @Mutation(() => ApiKeyPayload, { description: 'Revokes one of my API keys, for good.' })
  revokeApiKey(
    @Arg('id', () => ID, { description: 'Id of the key.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ApiKeyPayload> {
    return payloadOf(async () => ({ apiKey: await services.credentials.revokeKey(viewer, id) }))
  }

  @FieldResolver(() => Project, { description: 'Where it may act.' })
  async project(@Root() { projectId }: ApiKey, @Ctx() { services, viewer }: RequestContext) {
    return services.me.projectOf(viewer, projectId)
  }
}

@Resolver(() => ShareLink)
export class ShareLinkResolver {
  @Query(() => ShareLinkConnection, {
    description: 'Share links of this project, newest first: all for admins, else one’s own.',
    complexity: listComplexity,
  })
  shareLinks(
    @Args(() => PageArguments) page: PageArguments,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<ShareLink>> {
    return services.credentials.links(viewer, pageAsked(page))
  }

  @Mutation(() => ShareLinkPayload, {
    description: 'Makes a link by which anyone may read this project; it is shown only now.',
  })
  createShareLink(
    @Arg('input', () => CreateShareLinkInput, { description: 'The link.' })
    input: CreateShareLinkInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ShareLinkPayload> {
    return payloadOf(() => services.credentials.createLink(viewer, input))
  }

  @Mutation(() => ShareLinkPayload, { description: 'Revokes a share link, for good.' })
  revokeShareLink(
    @Arg('id', () => ID, { description: 'Id of the link.' }) id: string,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<ShareLinkPayload> {
    return payloadOf(async () => ({ shareLink: await services.credentials.revokeLink(viewer, id) }))
  }

  @FieldResolver(() => Person, { description: 'Who made it.' })
  createdBy(@Root() { createdById }: ShareLink, @Ctx() { loaders }: RequestContext) {
    return loaders.person.load(createdById)
  }
}

@Resolver(() => AuditEvent)
export class AuditResolver {
  @Query(() => AuditEventConnection, {
    description: 'Every write to this project, newest first.',
    complexity: listComplexity,
  })
  auditEvents(
    @Args(() => PageArguments) page: PageArguments,
    @Arg('filter', () => AuditFilter, {
      nullable: true,
      description: 'Which events; all when absent.',
    })
    filter: AuditFilter | null,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<Connection<AuditEvent>> {
    return services.auditEvents.list(viewer.projectId, pageAsked(page), filter ?? {})
  }

  @FieldResolver(() => Person, { description: 'Who did it.' })
  actor(@Root() { actorId }: AuditEvent, @Ctx() { loaders }: RequestContext): Promise<Person> {
    return loaders.person.load(actorId)
  }
}
