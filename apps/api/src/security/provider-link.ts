// Linking a provider to the account that is signed in: off to it from the settings, and back to them with one more way to sign in.
import type { Request as Question, RequestHandler } from 'express'
import type { AccountRepository } from '../features/account/account.repository.js'
import type { ViewerResolver } from '../features/account/viewer-resolver.js'
import { requireSession } from '../features/account/viewer.js'
import type { Viewer } from '../features/account/viewer.js'
import type { WayRepository } from '../features/account/way.repository.js'
import type { AccountSettings } from './account-settings.js'
import type { Auth } from './auth.js'
import { linkCookie } from './link-rules.js'
import {
  answerWithAddress,
  ask,
  giveCookies,
  linkMark,
  nullWhenLate,
  readQuestion,
  requireProvider,
  wayBackOf,
} from './provider-exchange.js'
import { cookieOf, credentialsFrom } from './request-credentials.js'
import type { SignInLimits } from './sign-in-limits.js'

export interface ProviderLinkParts {
  readonly settings: AccountSettings
  readonly limits: SignInLimits
  readonly viewers: ViewerResolver
  readonly accounts: AccountRepository
  readonly ways: WayRepository
  /** better-auth as it links: it trusts the session, and signs nobody in. */
  readonly linkAuth: () => Auth
}

const failed = `/sign-in?${linkMark}=1`

/** `{ provider }` of somebody with a session -> `{ url }` of the provider, and the cookie that the way back is checked by. */
export function startLink(parts: ProviderLinkParts): RequestHandler {
  const { settings, limits, viewers, linkAuth } = parts
  return (request, response) =>
    answerWithAddress(response, async () => {
      const { provider } = readQuestion(request, settings)
      const viewer = requireSession(await viewers.resolve(credentialsFrom(request.headers)))
      await limits.count(viewer.userId, request.ip)
      await requireProvider(provider, settings)
      const callbackURL = `/settings?linked=${provider}`
      const question = { provider, callbackURL, errorCallbackURL: failed, disableRedirect: true }
      return ask(request, linkAuth(), settings, question)
    })
}

/** Whether this way back is of a link that this browser began. better-auth looks at the cookie's signature. */
export function isLink({ query, headers }: Question, settings: AccountSettings): boolean {
  const begun = cookieOf(headers.cookie ?? '', linkCookie(settings))
  return typeof query['state'] === 'string' && begun?.startsWith(`${query['state']}.`) === true
}

/** Back to the settings, with `linked=…` or `error=CODE`; without a session, to the page of signing in. */
export function finishLink(parts: ProviderLinkParts): RequestHandler {
  const { settings, viewers, ways, linkAuth } = parts
  return async (request, response) => {
    response.set('Cache-Control', 'no-store')
    const viewer = await viewers.resolve(credentialsFrom({ cookie: request.headers.cookie }))
    if (viewer.via !== 'session')
      return response.redirect('/sign-in?error=LINK_NOT_YOURS&next=%2Fsettings')
    const before = new Set((await ways.of(viewer.userId)).map(({ id }) => id))
    const answer = await ask(request, linkAuth(), settings, null).catch(nullWhenLate)
    if (answer !== null) giveCookies(response, answer)
    const place = await wayBackOf(answer, request, settings, `${failed}&error=failed`)
    await recordNew(parts, viewer, before)
    response.redirect(place)
  }
}

async function recordNew(
  { accounts, ways }: ProviderLinkParts,
  viewer: Viewer,
  before: ReadonlySet<string>,
): Promise<void> {
  if (viewer.role === null) return
  for (const { id, provider } of await ways.of(viewer.userId))
    if (!before.has(id))
      await accounts.recordEvent(viewer, 'account.link-provider', viewer.userId, { provider })
}
