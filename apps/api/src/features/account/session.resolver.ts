// Who asks, entering and leaving, and one's own profile.
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql'
import type { RequestContext } from '../../context.js'
import { payloadOf } from '../../errors/user-failure.js'
import {
  ChangePasswordInput,
  SetUpOwnerInput,
  SignInInput,
  SignUpInput,
  UpdateProfileInput,
} from './account.input.js'
import { ShareLink } from './credential.type.js'
import { Me, MePayload, SessionPayload, WayToSignIn } from './me.type.js'
import { Person } from './person.type.js'
import { nobody } from './viewer.js'
import type { Viewer } from './viewer.js'

type MeOf = Me & { readonly viewer: Viewer }

@Resolver(() => Me)
export class SessionResolver {
  @Query(() => Me, { description: 'Who asks, in which project, and what that allows.' })
  me(@Ctx() { services, viewer }: RequestContext): Promise<Me> {
    return services.me.me(viewer)
  }

  @Mutation(() => SessionPayload, {
    description: 'Makes the first account, which owns the server; only while there is none.',
  })
  setUpOwner(
    @Arg('input', () => SetUpOwnerInput, { description: 'The owner.' }) input: SetUpOwnerInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionPayload> {
    return enter(context, () => context.services.sessions.setUpOwner(input, context.caller))
  }

  @Mutation(() => SessionPayload, { description: 'Makes an account by an invitation.' })
  signUp(
    @Arg('input', () => SignUpInput, { description: 'The account.' }) input: SignUpInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionPayload> {
    return enter(context, () => context.services.sessions.signUp(input, context.caller))
  }

  @Mutation(() => SessionPayload, { description: 'Begins a session; the answer sets its cookie.' })
  signIn(
    @Arg('input', () => SignInInput, { description: 'Address and password.' }) input: SignInInput,
    @Ctx() context: RequestContext,
  ): Promise<SessionPayload> {
    return enter(context, () => context.services.sessions.signIn(input, context.caller))
  }

  @Mutation(() => SessionPayload, {
    description: 'Ends the session; the answer removes its cookie.',
  })
  signOut(@Ctx() context: RequestContext): Promise<SessionPayload> {
    const { services, caller, viewer } = context
    return payloadOf(async () => {
      caller.setCookies(await services.sessions.signOut(caller))
      if (viewer.via === 'session' && viewer.role !== null)
        await services.accounts.recordEvent(viewer, 'account.sign-out', viewer.userId)
      const left = await services.viewers.resolve({ ...caller.credentials, cookies: '' })
      return { me: await services.me.me(left) }
    })
  }

  @Mutation(() => MePayload, { description: 'Changes my name or short name.' })
  updateProfile(
    @Arg('input', () => UpdateProfileInput, { description: 'The changes.' })
    input: UpdateProfileInput,
    @Ctx() { services, viewer }: RequestContext,
  ): Promise<MePayload> {
    return payloadOf(async () => {
      await services.me.updateProfile(viewer, input)
      return { me: await services.me.me(viewer) }
    })
  }

  @Mutation(() => MePayload, { description: 'Changes my password; every other session ends.' })
  changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'Both passwords.' })
    input: ChangePasswordInput,
    @Ctx() { services, viewer, caller }: RequestContext,
  ): Promise<MePayload> {
    return payloadOf(async () => {
      await services.sessions.changePassword(viewer, input, caller)
      return { me: await services.me.me(viewer) }
    })
  }

  @Mutation(() => MePayload, {
    description:
      'Takes a provider off my account, but never the last way in; every other session ends.',
  })
  unlinkProvider(
    @Arg('id', () => ID, { description: 'Id of the way to sign in.' }) id: string,
    @Ctx() { services, viewer, caller }: RequestContext,
  ): Promise<MePayload> {
    return payloadOf(async () => {
      await services.ways.unlink(viewer, id, caller)
      return { me: await services.me.me(viewer) }
    })
  }

  @FieldResolver(() => [WayToSignIn], {
    description: 'The ways in that my account has, oldest first; none for keys and links.',
  })
  waysToSignIn(
    @Root() { viewer }: MeOf,
    @Ctx() { services }: RequestContext,
  ): Promise<WayToSignIn[]> {
    return services.ways.list(viewer)
  }

  @FieldResolver(() => Person, {
    nullable: true,
    description: 'Me as others see me; null without an account.',
  })
  person(@Root() { viewer }: MeOf, @Ctx() { loaders }: RequestContext): Promise<Person> | null {
    return viewer.userId === nobody ? null : loaders.person.load(viewer.userId)
  }

  @FieldResolver(() => ShareLink, {
    nullable: true,
    description: 'The link I came by; null when I came otherwise.',
  })
  share(@Root() { viewer }: MeOf, @Ctx() { services }: RequestContext): Promise<ShareLink | null> {
    return services.credentials.linkOf(viewer)
  }

  @FieldResolver(() => Int, { description: 'Items of my inbox that I have not read.' })
  async unreadInbox(@Root() { viewer }: MeOf, @Ctx() context: RequestContext): Promise<number> {
    return context.services.me.unread(viewer)
  }
}

/** Sets the cookies and answers as whoever they stand for. */
function enter(
  { services, caller }: RequestContext,
  work: () => Promise<string[]>,
): Promise<SessionPayload> {
  return payloadOf(async () => {
    const cookies = await work()
    caller.setCookies(cookies)
    const pairs = cookies.map((cookie) => cookie.split(';')[0]).join('; ')
    const { project } = caller.credentials
    const viewer = await services.viewers.resolve({
      ...{ authorization: null, share: null, cookies: pairs, project },
    })
    if (viewer.role !== null && services.viewers.singleUser === false)
      await services.accounts.recordEvent(viewer, 'account.sign-in', viewer.userId)
    return { me: await services.me.me(viewer) }
  })
}
