// The few HTTP routes of better-auth that signing in by a provider needs; every other one is not there.
import { toNodeHandler } from 'better-auth/node'
import type { Express } from 'express'
import type { AccountSettings } from './account-settings.js'
import type { Auth } from './auth.js'

/** Method and path of what a provider's sign-in calls. */
export function authRoutes({
  providers,
}: AccountSettings): readonly (readonly ['get' | 'post', string])[] {
  const social = providers.github !== undefined || providers.google !== undefined
  return [
    ...(social ? [['post', '/api/auth/sign-in/social'] as const] : []),
    ...(providers.github ? [['get', '/api/auth/callback/github'] as const] : []),
    ...(providers.google ? [['get', '/api/auth/callback/google'] as const] : []),
    ...(providers.oidc
      ? [
          ['post', '/api/auth/sign-in/oauth2'] as const,
          ['get', '/api/auth/oauth2/callback/oidc'] as const,
        ]
      : []),
  ]
}

export function serveAuth(app: Express, auth: () => Auth, settings: AccountSettings): void {
  for (const [method, path] of authRoutes(settings))
    app[method](path, (request, response) => toNodeHandler(auth())(request, response))
}
