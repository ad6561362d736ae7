// Headers of a request, or what a socket said when it was opened -> how it says who it is, unchecked.
export interface RequestCredentials {
  /** The header Authorization. */
  readonly authorization: string | null
  /** The header Cookie, as it came. */
  readonly cookies: string
  /** Token of a share link: named by a header, or kept in a cookie. */
  readonly share: { readonly token: string; readonly named: boolean } | null
  /** The project that is asked for: one named by a header must be readable, a cookie's may be old. */
  readonly project: { readonly id: string; readonly named: boolean } | null
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

export const cookieNames = { project: 'imprint-project', share: 'imprint-share' } as const
const longestCookies = 16_384

/** @param said what a socket's client sent as connection parameters; it goes before the headers */
export function credentialsFrom(headers: Headers, said: unknown = {}): RequestCredentials {
  const spoken = isRecord(said) ? said : {}
  const sent = (name: string, header: string): string | null =>
    textOf(spoken[name]) ?? textOf(headers[header])
  const cookies = (textOf(headers['cookie']) ?? '').slice(0, longestCookies)
  return {
    authorization: sent('authorization', 'authorization'),
    cookies,
    share: namedOrKept(
      'token',
      sent('share', 'x-imprint-share'),
      cookieOf(cookies, cookieNames.share),
    ),
    project: namedOrKept(
      'id',
      sent('project', 'x-imprint-project'),
      cookieOf(cookies, cookieNames.project),
    ),
  }
}

function namedOrKept<Key extends string>(
  key: Key,
  named: string | null,
  kept: string | null,
): (Record<Key, string> & { named: boolean }) | null {
  const value = named ?? kept
  if (value === null) return null
  return { [key]: value, named: named !== null } as Record<Key, string> & { named: boolean }
}

/** One cookie's value from the header Cookie; null when there is none. */
export function cookieOf(cookies: string, name: string): string | null {
  for (const pair of cookies.split(';')) {
    const [key, ...rest] = pair.split('=')
    if (key?.trim() !== name) continue
    try {
      return decodeURIComponent(rest.join('=').trim()) || null
    } catch {
      return null
    }
  }
  return null
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null
