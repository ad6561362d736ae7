// Signing in with OpenID Connect, the whole way against a real little provider: who gets in, who does not, and what they are told.
import { describe, expect, it } from 'vitest'
import { askWith, invite, joinAs, password, setUpOwner, signIn } from '../testing/test-people.js'
import { arrive, begin, startWithOidc, withOidc } from './testing/provider-browser.js'
import type { ProviderPlace } from './testing/provider-browser.js'
import { startOidcProvider } from './testing/oidc-provider.js'
import type { OidcProvider } from './testing/oidc-provider.js'

let { api, owner, provider } = {} as ProviderPlace
withOidc((place) => ({ api, owner, provider } = place))

const start = (body: object = { provider: 'oidc', callbackURL: '/runs' }) =>
  begin(api, 'sign-in/social', body)

interface End {
  readonly goal: URL
  /** What `error` says on the page of signing in; null when they are in. */
  readonly refused: string | null
  readonly cookies: string
}

/** The way back from the provider, as the pages' server passes it on. */
async function comeBack(address: URL, cookie: string): Promise<End> {
  expect(address.origin).toBe(api.environment.accountSettings.publicOrigin)
  const { status, place, cookies } = await arrive(api, address, cookie)
  expect([status, place]).toEqual([302, expect.stringMatching(/^\/(?![/\\])/)])
  const goal = new URL(place, address.origin)
  return { goal, refused: goal.searchParams.get('error'), cookies }
}

/** Somebody presses the button, agrees at the provider, and comes back. */
async function walk(person: OidcProvider['person'], callbackURL = '/runs'): Promise<End> {
  const begun = await start({ provider: 'oidc', callbackURL })
  provider.person = person
  return comeBack(provider.authorize(begun.body.url ?? ''), begun.cookies)
}

const me = '{ me { via role person { id name handle } signInWith } }'
const meOf = async (cookies: string) => (await askWith(api, { cookie: cookies }, me)).body.data?.me
const usersWith = (email: string) => api.database.prisma.user.count({ where: { email } })
const ada = { sub: '1', email: 'ada@example.org', email_verified: true, name: 'Ada Asker' }

describe('somebody who was invited', () => {
  it('gets in with the role of the invitation, and is the same person the next time', async () => {
    await invite(owner, 'annotator', ada.email)
    expect((await meOf('')).signInWith).toEqual(['password', 'oidc'])
    const first = await walk(ada, '/runs?page=2')
    expect([first.refused, `${first.goal.pathname}${first.goal.search}`]).toEqual([
      null,
      '/runs?page=2',
    ])
    const viewer = await meOf(first.cookies)
    expect(viewer).toMatchObject({ via: 'SESSION', role: 'ANNOTATOR', person: { name: ada.name } })
    const again = await walk({ ...ada, email: 'ada.married@example.org', name: 'Another' })
    expect(await meOf(again.cookies)).toEqual(viewer)
    expect(await usersWith('ada.married@example.org')).toBe(0)
  })

  it('cannot use the invitation of an address that the provider has not seen to be theirs', async () => {
    await invite(owner, 'admin', 'boss@example.org')
    for (const email_verified of [false, undefined]) {
      const person = { sub: 'thief', email: 'boss@example.org', name: 'T' }
      const walked = await walk(
        email_verified === undefined ? person : { ...person, email_verified },
      )
      expect([walked.refused, walked.cookies]).toEqual(['ADDRESS_NOT_VERIFIED', ''])
    }
    expect(await usersWith('boss@example.org')).toBe(0)
  })

  it('is called by the address when the provider knows no name, by 80 letters of a long one', async () => {
    for (const [sub, name, expected] of [
      ['short', undefined, 'sub.short'],
      ['long', 'x'.repeat(5_000), 'x'.repeat(80)],
    ] as const) {
      const email = `sub.${sub}@example.org`
      await invite(owner, 'viewer', email)
      const { cookies } = await walk({ sub, email, email_verified: true, ...(name && { name }) })
      expect((await meOf(cookies)).person.name).toBe(expected)
    }
  })
})

describe('a stranger', () => {
  it.each([
    ['whom nobody invited', { email: 'x@example.org', email_verified: true }, 'INVITATION_NEEDED'],
    ['without an address', {}, 'ADDRESS_NOT_VERIFIED'],
  ])('%s gets no account and no session', async (_what, claims, code) => {
    const people = await api.database.prisma.user.count()
    const walked = await walk({ sub: 'stranger', name: 'Stranger', ...claims })
    expect([walked.refused, walked.cookies]).toEqual([code, ''])
    expect(walked.goal.searchParams.get('next')).toBe('/runs')
    expect(await api.database.prisma.user.count()).toBe(people)
  })

  it('who used an invitation that was withdrawn gets none', async () => {
    await invite(owner, 'viewer', 'late@example.org')
    await api.database.prisma.invitation.updateMany({
      where: { email: 'late@example.org' },
      data: { revokedAt: new Date() },
    })
    const { refused } = await walk({ sub: 'late', email: 'late@example.org', email_verified: true })
    expect(refused).toBe('INVITATION_NEEDED')
  })
})

describe('an account with a password', () => {
  it('is not taken over by somebody who gives its address without proof', async () => {
    const { refused, cookies } = await walk({ sub: 'thief', email: owner.email, name: 'Thief' })
    expect([refused, cookies]).toEqual(['ACCOUNT_NOT_LINKED', ''])
  })

  it('is not joined to one whose address we have not seen to be theirs, as anybody could have chosen it', async () => {
    const early = await joinAs(api, owner, 'viewer', 'Early Bird')
    const claims = { sub: 'bird', email: early.email, email_verified: true }
    expect((await walk(claims)).refused).toBe('ACCOUNT_NOT_LINKED')
    expect(await api.database.prisma.credential.count({ where: { userId: early.id } })).toBe(1)
  })

  it('is joined when both have seen it, and keeps its password, role and name', async () => {
    const email = 'both@example.org'
    const invitationToken = await invite(owner, 'researcher', email)
    const input = { name: 'Both Ways', email, password, invitationToken }
    await askWith(
      api,
      {},
      'mutation($input: SignUpInput!) { signUp(input: $input) { errors { code } } }',
      { input },
    )
    const before = await meOf((await signIn(api, email)).cookies)
    expect(before.role).toBe('RESEARCHER')
    const claims = { sub: 'both', email: 'Both@Example.org', email_verified: true, name: 'Other' }
    expect(await meOf((await walk(claims)).cookies)).toEqual(before)
    expect(await meOf((await signIn(api, email)).cookies)).toEqual(before)
  })

  it('of another issuer’s person with the same number is not theirs', async () => {
    const { accountId } = await api.database.prisma.credential.findFirstOrThrow({
      where: { providerId: 'oidc', user: { email: ada.email } },
    })
    expect(accountId).toBe(`${provider.issuer} 1`)
  })
})

describe('the way back', () => {
  const beginAsAda = async () => {
    const begun = await start()
    provider.person = ada
    return { begun, back: provider.authorize(begun.body.url ?? '') }
  }

  it('is refused with another state, without one, and in another browser', async () => {
    const { begun, back } = await beginAsAda()
    const other = new URL(back)
    other.searchParams.set('state', 'another')
    const none = new URL(back)
    none.searchParams.delete('state')
    for (const [address, cookies] of [
      [other, begun.cookies],
      [none, begun.cookies],
      [back, ''],
      [back, (await start()).cookies],
    ] as const)
      expect((await comeBack(address, cookies)).refused).toBe('SIGN_IN_EXPIRED')
  })

  it('works once', async () => {
    const { begun, back } = await beginAsAda()
    expect((await comeBack(back, begun.cookies)).refused).toBeNull()
    expect(await comeBack(back, begun.cookies)).toMatchObject({
      ...{ refused: 'SIGN_IN_EXPIRED', cookies: '' },
    })
  })

  it('is refused with the code of somebody else’s sign-in: PKCE', async () => {
    const [theirs, mine] = [await beginAsAda(), await beginAsAda()]
    mine.back.searchParams.set('code', theirs.back.searchParams.get('code') ?? '')
    expect(await comeBack(mine.back, mine.begun.cookies)).toMatchObject({
      ...{ refused: 'SIGN_IN_REFUSED', cookies: '' },
    })
  })

  it.each(['other-audience', 'other-nonce', 'other-key', 'ended', 'unsigned'] as const)(
    'is refused with a token that is wrong: %s',
    async (fault) => {
      const { begun, back } = await beginAsAda()
      provider.fault = fault
      expect(await comeBack(back, begun.cookies)).toMatchObject({
        ...{ refused: 'SIGN_IN_REFUSED', cookies: '' },
      })
    },
  )

  it('is refused when the person said no, in our words and not in those of the address', async () => {
    const { begun, back } = await beginAsAda()
    back.searchParams.delete('code')
    back.searchParams.set('error', '<b>access_denied')
    back.searchParams.set('error_description', 'Call this number')
    const { goal, refused } = await comeBack(back, begun.cookies)
    expect([refused, goal.href.includes('number')]).toEqual(['SIGN_IN_REFUSED', false])
  })

  it('says so when the provider went away meanwhile', async () => {
    const { begun, back } = await beginAsAda()
    provider.fault = 'token-down'
    expect((await comeBack(back, begun.cookies)).refused).toBe('SIGN_IN_PROVIDER_UNREACHABLE')
  })
})

describe('the start', () => {
  it.each([
    ['another provider', { provider: 'github', callbackURL: '/' }, 'SIGN_IN_QUESTION_INVALID'],
    ['a name of Object', { provider: 'constructor', callbackURL: '/' }, 'SIGN_IN_QUESTION_INVALID'],
    ['another site', { provider: 'oidc', callbackURL: 'https://evil.example/' }, 'PATH_INVALID'],
    ['another site', { provider: 'oidc', callbackURL: '//evil.example/' }, 'PATH_INVALID'],
    ['nothing', {}, 'SIGN_IN_QUESTION_INVALID'],
  ])('is refused to %s', async (_what, body, code) => {
    expect(await start(body)).toMatchObject({ status: 400, cookies: '', body: { code } })
  })

  it('passes nothing on that the pages do not ask: no token, no scopes, no more words', async () => {
    const more = { idToken: { token: 'x' }, scopes: ['admin'], additionalParams: { prompt: 'x' } }
    const { body } = await start({ provider: 'oidc', callbackURL: '/', ...more })
    const asked = new URL(body.url ?? '').searchParams
    expect(asked.get('scope')).toBe('openid email profile')
    expect(asked.has('prompt')).toBe(false)
  })

  it('is no form of another site’s', async () => {
    const answer = await fetch(`${api.url}/api/auth/sign-in/social`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: 'https://evil.example' },
      body: JSON.stringify({ provider: 'oidc', callbackURL: '/' }),
    })
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []])
  })

  it('is counted by address as other attempts are', async () => {
    const codes: unknown[] = []
    for (let time = 0; time < 22; time += 1) codes.push((await start()).body.code)
    expect(codes.filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(2)
  })

  it.each(['down', 'other-issuer'] as const)('says when the provider is %s', async (fault) => {
    provider.fault = fault
    expect(await start()).toMatchObject({
      ...{ status: 503, cookies: '', body: { code: 'SIGN_IN_PROVIDER_UNREACHABLE' } },
    })
  })
})

describe('a provider that says nothing', () => {
  it('keeps nobody with a password out, and is given up on after seconds', async () => {
    const silent = await startOidcProvider()
    silent.fault = 'silent'
    const other = await startWithOidc(silent)
    try {
      const { id } = await setUpOwner(other)
      expect(id).toMatch(/-/)
      const question = { provider: 'oidc', callbackURL: '/' }
      expect((await begin(other, 'sign-in/social', question)).status).toBe(503)
    } finally {
      await other.stop()
      await silent.stop()
    }
  }, 30_000)
})

describe('what is kept', () => {
  it('is none of the provider’s tokens', async () => {
    const rows = await api.database.prisma.credential.findMany({ where: { providerId: 'oidc' } })
    expect(rows.length).toBeGreaterThan(0)
    for (const { accessToken, refreshToken, idToken } of rows)
      expect([accessToken, refreshToken, idToken]).toEqual([null, null, null])
  })
})
