// The few HTTP routes that signing in by a provider and linking one need; nothing else of better-auth is served.
import express from 'express'
import type { Express, RequestHandler } from 'express'
import type { AccountSettings, SignInProvider } from './account-settings.js'
import { finishLink, isLink, startLink } from './provider-link.js'
import type { ProviderLinkParts } from './provider-link.js'
import { finishSignIn, startSignIn } from './provider-sign-in.js'
import type { ProviderSignInParts } from './provider-sign-in.js'

const starts = { signIn: '/api/auth/sign-in/social', link: '/api/auth/link-social' } as const
const largestQuestion = '4kb'

/** Method and path of what a provider's sign-in and link call. */
export function authRoutes({
  providers,
}: AccountSettings): readonly (readonly ['get' | 'post', string])[] {
  const names = (Object.keys(providers) as SignInProvider[]).sort()
  if (names.length === 0) return []
  return [
    ...Object.values(starts).map((path) => ['post', path] as const),
    ...names.map((name) => ['get', `/api/auth/callback/${name}`] as const),
  ]
}

/** A provider knows one address to send people back to; what they began says what it is of. */
export function serveAuth(app: Express, parts: ProviderSignInParts & ProviderLinkParts): void {
  const [enter, link] = [startSignIn(parts), startLink(parts)]
  const [entered, linked] = [finishSignIn(parts), finishLink(parts)]
  const finish: RequestHandler = (request, response, next) =>
    (isLink(request, parts.settings) ? linked : entered)(request, response, next)
  for (const [method, path] of authRoutes(parts.settings))
    if (method === 'get') app.get(path, finish)
    else
      app.post(path, express.json({ limit: largestQuestion }), path === starts.link ? link : enter)
}
