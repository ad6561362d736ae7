// Signing in by a provider, as a browser does it: off to the provider, back with a code, in with a cookie or out with a reason.
import type { RequestHandler } from 'express'
import { checkPath } from '../features/account/account-text.js'
import type { AccountSettings } from './account-settings.js'
import type { Auth } from './auth.js'
import {
  answerWithAddress,
  ask,
  giveCookies,
  nullWhenLate,
  readQuestion,
  requireProvider,
  wayBackOf,
} from './provider-exchange.js'
import type { SignInLimits } from './sign-in-limits.js'

export interface ProviderSignInParts {
  readonly settings: AccountSettings
  readonly limits: SignInLimits
  /** better-auth with the providers; it asks them where they are when it is made. */
  readonly providerAuth: () => Auth
}

/** `{ provider, callbackURL }` -> `{ url }` of the provider, and the cookie that the way back is checked by. */
export function startSignIn({
  settings,
  limits,
  providerAuth,
}: ProviderSignInParts): RequestHandler {
  return (request, response) =>
    answerWithAddress(response, async () => {
      const { provider, callbackURL } = readQuestion(request, settings)
      await limits.count(null, request.ip)
      await requireProvider(provider, settings)
      const next = checkPath(callbackURL)
      const errorCallbackURL = `/sign-in?next=${encodeURIComponent(next)}`
      const question = { provider, callbackURL: next, errorCallbackURL, disableRedirect: true }
      return ask(request, providerAuth(), settings, question)
    })
}

/** Where the provider sends people back to: on to the page they wanted, or to the page of signing in with `error=CODE`. */
export function finishSignIn({ settings, providerAuth }: ProviderSignInParts): RequestHandler {
  return async (request, response) => {
    const answer = await ask(request, providerAuth(), settings, null).catch(nullWhenLate)
    if (answer !== null) giveCookies(response, answer)
    response.set('Cache-Control', 'no-store')
    response.redirect(await wayBackOf(answer, request, settings))
  }
}
