// A request of Express -> who asks; and what a refused request of a file gets to read.
import type { Request, RequestHandler, Response } from 'express'
import { GraphQLError } from 'graphql'
import { authorize } from '../access/authorize.js'
import { requireWithinLink } from '../access/narrow-links.js'
import type { Caller } from './caller.js'
import { UserFailure } from '../errors/user-failure.js'
import type { ViewerResolver } from '../features/account/viewer-resolver.js'
import type { Viewer } from '../features/account/viewer.js'
import { credentialsFrom } from './request-credentials.js'

export function callerOf(request: Request, response: Response): Caller {
  const credentials = credentialsFrom(request.headers)
  return {
    address: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, 300) ?? null,
    cookies: credentials.cookies,
    credentials,
    setCookies: (lines) => lines.forEach((line) => response.append('Set-Cookie', line)),
  }
}

/** @throws GraphQLError with status 401 for an API key that is refused */
export async function viewerOf(viewers: ViewerResolver, caller: Caller): Promise<Viewer> {
  try {
    return await viewers.resolve(caller.credentials)
  } catch (error) {
    if (!(error instanceof UserFailure)) throw error
    const { message, code } = error
    const http = { status: 401 }
    throw new GraphQLError(message, { originalError: error, extensions: { code, http } })
  }
}

const statusOf: Readonly<Record<string, number>> = {
  SIGN_IN_REQUIRED: 401,
  API_KEY_REFUSED: 401,
  FORBIDDEN: 403,
}

/** Serves a file to those whom the table of operations allows `operation`, such as `GET /api/runs/:id/…`. */
export function forViewer(
  viewers: ViewerResolver,
  operation: string,
  handlerFor: (viewer: Viewer) => RequestHandler<any>, // eslint-disable-line @typescript-eslint/no-explicit-any -- each route has parameters of its own
): RequestHandler {
  return async (request, response, next) => {
    response.set('Cache-Control', 'private, no-store').vary('Cookie').vary('Authorization')
    try {
      const viewer = await viewers.resolve(credentialsFrom(request.headers))
      authorize(viewer, operation)
      requireWithinLink(viewer, operation, { ...request.query, ...request.params })
      await handlerFor(viewer)(request, response, next)
    } catch (error) {
      if (!(error instanceof UserFailure) || response.headersSent) throw error
      const { code, message, cure } = error
      response.status(statusOf[code] ?? 400).json({ code, message, cure })
    }
  }
}
