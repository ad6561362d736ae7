// What signing in by a provider and linking one share: the question, better-auth's answer to it, and the way back into our pages.
import type { Request as Question, Response as Answer } from 'express'
import { z } from 'zod'
import { UserFailure } from '../errors/user-failure.js'
import type { AccountSettings } from './account-settings.js'
import type { Auth } from './auth.js'
import { providerUnreachable, requireIssuer } from './oidc-issuer.js'

const patience = 20_000
const question = z.object({ provider: z.string().max(40), callbackURL: z.string().default('/') })

/** Marks the address that a failed link comes back to. */
export const linkMark = 'linking'

/** better-auth's words -> the code that our page gets. All others: SIGN_IN_REFUSED. */
const reasons: Readonly<Record<string, string>> = {
  INVITATION_NEEDED: 'INVITATION_NEEDED',
  ADDRESS_NOT_VERIFIED: 'ADDRESS_NOT_VERIFIED',
  LINK_NOT_YOURS: 'LINK_NOT_YOURS',
  unable_to_link_account: 'LINK_NOT_YOURS',
  account_already_linked_to_different_user: 'PROVIDER_ACCOUNT_TAKEN',
  email_not_found: 'ADDRESS_NOT_VERIFIED',
  account_not_linked: 'ACCOUNT_NOT_LINKED',
  state_mismatch: 'SIGN_IN_EXPIRED',
  state_not_found: 'SIGN_IN_EXPIRED',
  state_invalid: 'SIGN_IN_EXPIRED',
  oauth_provider_not_found: 'SIGN_IN_PROVIDER_UNREACHABLE',
}

const statusOf: Readonly<Record<string, number>> = {
  SIGN_IN_PROVIDER_UNREACHABLE: 503,
  TOO_MANY_ATTEMPTS: 429,
  SESSION_NEEDED: 401,
  API_KEY_REFUSED: 401,
}

/** @throws UserFailure SIGN_IN_QUESTION_INVALID for what is no JSON, or names a provider that was not set up */
export function readQuestion(
  request: Question,
  { providers }: AccountSettings,
): z.output<typeof question> {
  const { data } = question.safeParse(request.is('application/json') ? request.body : null)
  if (data !== undefined && Object.hasOwn(providers, data.provider)) return data
  throw new UserFailure('SIGN_IN_QUESTION_INVALID', 'This is no question of signing in.', {
    cure: 'Send JSON: { "provider": …, "callbackURL": "/…" } with a provider of `me.signInWith`.',
  })
}

/** @throws UserFailure SIGN_IN_PROVIDER_UNREACHABLE */
export async function requireProvider(
  provider: string,
  { oidcIssuer }: AccountSettings,
): Promise<void> {
  if (provider === 'oidc' && oidcIssuer !== undefined) await requireIssuer(oidcIssuer)
}

/** Answers with `{ url }` of the provider and the cookie that the way back is checked by, or with why not. */
export async function answerWithAddress(
  response: Answer,
  begin: () => Promise<Response>,
): Promise<void> {
  try {
    const answer = await begin()
    const { url } = (await answer.json().catch(() => ({}))) as { readonly url?: unknown }
    if (!answer.ok || typeof url !== 'string') throw providerUnreachable()
    giveCookies(response, answer)
    response.json({ url })
  } catch (error) {
    if (!(error instanceof UserFailure)) throw error
    const { code, message, cure } = error
    response.status(statusOf[code] ?? 400).json({ code, message, cure })
  }
}

/**
 * better-auth's answer to the way back -> where the browser goes on to; on a failure with `error=CODE`.
 * @param lost where to when there is no answer
 */
export async function wayBackOf(
  answer: Response | null,
  request: Question,
  settings: AccountSettings,
  lost = '/sign-in?error=failed',
): Promise<string> {
  const place = answer?.headers.get('location') ?? lost
  const goal = new URL(place, settings.publicOrigin)
  const error = goal.searchParams.get('error')
  if (goal.pathname !== '/sign-in' || error === null)
    return `${goal.pathname}${goal.search}${goal.hash}`
  const code = await codeOf(answer === null ? 'timeout' : error, request, settings)
  if (goal.searchParams.has(linkMark)) return `/settings?error=${code}`
  const next = goal.searchParams.get('next')
  const words = new URLSearchParams({ error: code, ...(next === null ? {} : { next }) })
  return `/sign-in?${words}`
}

/** A code that could not be exchanged may be the provider's fault: it is asked whether it is there. */
async function codeOf(said: string, request: Question, settings: AccountSettings): Promise<string> {
  if (said === 'timeout') return 'SIGN_IN_PROVIDER_UNREACHABLE'
  const known = Object.hasOwn(reasons, said) ? reasons[said] : undefined
  if (known !== undefined) return known
  if (!request.path.endsWith('/oidc') || said !== 'invalid_code') return 'SIGN_IN_REFUSED'
  return requireProvider('oidc', settings).then(
    () => 'SIGN_IN_REFUSED',
    () => 'SIGN_IN_PROVIDER_UNREACHABLE',
  )
}

/** @throws UserFailure SIGN_IN_PROVIDER_UNREACHABLE after 20 seconds */
export async function ask(
  request: Question,
  auth: Auth,
  { publicOrigin }: AccountSettings,
  question: object | null,
): Promise<Response> {
  const headers = new Headers({ origin: publicOrigin })
  for (const name of ['cookie', 'user-agent'] as const)
    if (request.headers[name] !== undefined) headers.set(name, request.headers[name])
  if (question !== null) headers.set('content-type', 'application/json')
  const { method, originalUrl } = request
  const body = question === null ? null : JSON.stringify(question)
  const sent = new Request(new URL(originalUrl, publicOrigin), { method, headers, body })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(providerUnreachable()), patience)
  })
  return Promise.race([auth.handler(sent), late]).finally(() => clearTimeout(timer))
}

/** @throws what is no failure of the provider's */
export function nullWhenLate(error: unknown): null {
  if (error instanceof UserFailure) return null
  throw error
}

export const giveCookies = (response: Answer, answer: Response): void =>
  answer.headers.getSetCookie().forEach((line) => response.append('Set-Cookie', line))
