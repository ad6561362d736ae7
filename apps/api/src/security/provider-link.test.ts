// Linking a provider to an account that has a password, and taking it off again, against a real little provider.
import { beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../testing/test-api.js'
import {
  askWith,
  invite,
  joinAs,
  keyOf,
  password,
  shareOf,
  signIn,
} from '../testing/test-people.js'
import type { Headers, TestPerson } from '../testing/test-people.js'
import { arrive, begin, withOidc } from './testing/provider-browser.js'
import type { ProviderPlace, Start } from './testing/provider-browser.js'
import type { OidcPerson } from './testing/oidc-provider.js'

let { api, owner, provider } = {} as ProviderPlace
withOidc((place) => ({ api, owner, provider } = place))

const toOidc = { provider: 'oidc', callbackURL: '/runs' }
const start = (headers: Headers) => begin(api, 'link-social', toOidc, headers)
const comeBack = (back: URL, cookie: string) => arrive(api, back, cookie)

function agree(begun: Start, person: OidcPerson): URL {
  provider.person = person
  return provider.authorize(begun.body.url ?? '')
}

async function link({ cookies }: TestPerson, person: OidcPerson): Promise<string> {
  const begun = await start({ cookie: cookies })
  const back = agree(begun, person)
  const ended = await comeBack(back, `${cookies}; ${begun.cookies}`)
  expect(ended.cookies).toBe('')
  return ended.place
}

async function enterBy(person: OidcPerson) {
  const begun = await begin(api, 'sign-in/social', toOidc)
  return comeBack(agree(begun, person), begun.cookies)
}

type Way = Readonly<{ id: string; provider: string; works: boolean }>
const question = '{ me { person { id } waysToSignIn { id provider works } } }'
const meOf = async (cookie: string) => (await askWith(api, { cookie }, question)).body.data.me
const waysOf = async ({ cookies }: TestPerson): Promise<Way[]> => (await meOf(cookies)).waysToSignIn
const providersOf = async (person: TestPerson): Promise<string[]> =>
  (await waysOf(person)).map(({ provider }) => provider)
const idOf = async (person: TestPerson, name: string): Promise<string> =>
  (await waysOf(person)).find(({ provider }) => provider === name)?.id ?? ''

const mutation = 'mutation($id: ID!) { unlinkProvider(id: $id) { errors { code } } }'
async function unlink(headers: Headers, id: string): Promise<string> {
  const { body } = await askWith(api, headers, mutation, { id })
  return body.data.unlinkProvider.errors[0]?.code ?? 'unlinked'
}
async function actionsOf({ id: actorId }: TestPerson) {
  const where = { actorId, action: { endsWith: 'link-provider' } }
  const orderBy = { createdAt: 'asc' } as const
  const rows = await api.database.prisma.auditEvent.findMany({ where, orderBy })
  return rows.map(({ action, detail }) => [action, detail])
}

let count = 0
/** Somebody new with a password, and who they are at the provider: another address, which it has not seen. */
async function somebody(): Promise<[TestPerson, OidcPerson]> {
  const name = `Person ${(count += 1)}`
  const person = await joinAs(api, owner, 'annotator', name)
  return [person, { sub: `sub-${count}`, email: `p${count}@elsewhere.example`, name }]
}

/** Without a password: they came by the provider. */
async function newcomer(sub: string): Promise<TestPerson> {
  const email = `${sub}@example.org`
  await invite(owner, 'viewer', email)
  const { cookies } = await enterBy({ sub, email, email_verified: true, name: sub })
  return { id: (await meOf(cookies)).person.id, email, cookies, graphql: owner.graphql }
}

describe('somebody with a password', () => {
  it('links a provider, which knows them by another address, and gets in by either', async () => {
    const [person, there] = await somebody()
    expect(await providersOf(person)).toEqual(['password'])
    expect(await link(person, there)).toBe('/settings?linked=oidc')
    expect(await providersOf(person)).toEqual(['password', 'oidc'])
    const entered = await enterBy(there)
    expect(entered.place).toBe('/runs')
    expect((await meOf(entered.cookies)).person).toEqual({ id: person.id })
    expect((await signIn(api, person.email)).id).toBe(person.id)
    const user = await api.database.prisma.user.findUniqueOrThrow({ where: { id: person.id } })
    expect([user.email, user.emailVerified]).toEqual([person.email, false])
    expect(await link(person, there)).toBe('/settings?linked=oidc')
    expect(await actionsOf(person)).toEqual([['account.link-provider', { provider: 'oidc' }]])
  })

  it('takes it off again: it lets nobody in, and sessions that may be of it end', async () => {
    const [person, there] = await somebody()
    await link(person, there)
    const { cookies } = await enterBy(there)
    const id = await idOf(person, 'oidc')
    expect(await unlink({ cookie: person.cookies }, id)).toBe('unlinked')
    expect(await providersOf(person)).toEqual(['password'])
    expect((await meOf(cookies)).person).toBeNull()
    expect((await enterBy(there)).place).toContain('error=ADDRESS_NOT_VERIFIED')
    expect((await actionsOf(person)).at(-1)).toEqual([
      ...['account.unlink-provider', { provider: 'oidc' }],
    ])
  })

  it('is not joined by itself again to what they took off', async () => {
    const email = 'both@example.org'
    const input = {
      name: 'B',
      email,
      password,
      invitationToken: await invite(owner, 'viewer', email),
    }
    const signUp = 'mutation($input: SignUpInput!) { signUp(input: $input) { errors { code } } }'
    await askWith(api, {}, signUp, { input })
    const there = { sub: 'both', email, email_verified: true }
    expect((await enterBy(there)).place).toBe('/runs')
    const person = await signIn(api, email)
    expect(await unlink({ cookie: person.cookies }, await idOf(person, 'oidc'))).toBe('unlinked')
    expect((await enterBy(there)).place).toContain('error=ACCOUNT_NOT_LINKED')
    const other = { ...there, sub: 'both-2' }
    expect(await link(person, other)).toBe('/settings?linked=oidc')
    expect((await enterBy(other)).place).toBe('/runs')
    expect((await enterBy(there)).place).toContain('error=ACCOUNT_NOT_LINKED')
  })
})

describe('the last way in', () => {
  it('stays, also when what is left is a provider that this server does not take', async () => {
    const person = await newcomer('only')
    const id = await idOf(person, 'oidc')
    const others = [
      { providerId: 'github', accountId: '1' },
      { providerId: 'oidc', accountId: 'https://former.example only' },
    ]
    for (const data of others)
      await api.database.prisma.credential.create({ data: { userId: person.id, ...data } })
    expect(await unlink({ cookie: person.cookies }, id)).toBe('LAST_WAY_IN')
    const ways = await waysOf(person)
    expect(ways.map(({ works }) => works)).toEqual([true, false, false])
    for (const { id: old } of ways.slice(1))
      expect(await unlink({ cookie: person.cookies }, old)).toBe('unlinked')
  })

  it('stays when two are taken off at once', async () => {
    const person = await newcomer('first')
    await link(person, { sub: 'second', email: 'second@example.org' })
    const { pool } = api.database
    const holder = await pool.connect()
    await holder.query('BEGIN')
    await holder.query('SELECT 1 FROM user_account WHERE id = $1 FOR UPDATE', [person.id])
    const ways = await waysOf(person)
    const asked = ways.map(({ id }) => unlink({ cookie: person.cookies }, id))
    const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`
    await eventually(
      () => pool.query(waiting),
      ({ rowCount }) => rowCount === 2,
    )
    await holder.query('COMMIT')
    holder.release()
    const results = await Promise.all(asked)
    expect(results.sort()).toEqual(['LAST_WAY_IN', 'unlinked'])
  })
})

describe('what is somebody else’s', () => {
  it('is not linked, and not taken off; a password neither', async () => {
    const [[one, there], [two]] = [await somebody(), await somebody()]
    await link(one, there)
    expect(await link(two, there)).toBe('/settings?error=PROVIDER_ACCOUNT_TAKEN')
    expect((await meOf((await enterBy(there)).cookies)).person).toEqual({ id: one.id })
    for (const id of [await idOf(one, 'oidc'), await idOf(two, 'password'), 'x'])
      expect(await unlink({ cookie: two.cookies }, id)).toBe('WAY_NOT_FOUND')
    expect(await providersOf(one)).toEqual(['password', 'oidc'])
    expect(await providersOf(two)).toEqual(['password'])
  })

  it('to begin is not finished by a victim, who would give away who they are at the provider', async () => {
    const [[thief], [victim, there]] = [await somebody(), await somebody()]
    const own = { ...there, email: thief.email, email_verified: true }
    const asSignIn = (cookies: string) => cookies.replace('link_state', 'state')
    for (const [cookiesOf, place] of [
      [() => victim.cookies, '/settings?error=SIGN_IN_EXPIRED'],
      [(state: string) => `${victim.cookies}; ${state}`, '/settings?error=LINK_NOT_YOURS'],
      [
        (state: string) => `${victim.cookies}; ${asSignIn(state)}`,
        '/settings?error=LINK_NOT_YOURS',
      ],
      [(state: string) => state, '/sign-in?error=LINK_NOT_YOURS&next=%2Fsettings'],
      [asSignIn, '/settings?error=LINK_NOT_YOURS'],
    ] as const) {
      const begun = await start({ cookie: thief.cookies })
      await api.database.prisma.$executeRaw`DELETE FROM security.sign_in_limit`
      const ended = await comeBack(agree(begun, own), cookiesOf(begun.cookies))
      expect(ended).toEqual({ status: 302, place, cookies: '' })
    }
    for (const person of [thief, victim]) expect(await providersOf(person)).toEqual(['password'])
    expect(await actionsOf(victim)).toEqual([])
  })
})

describe('a link that was begun', () => {
  let [person, there]: [TestPerson, OidcPerson] = [] as never
  beforeAll(async () => {
    ;[person, there] = await somebody()
  })

  it('is refused where the provider knows no address, as nobody could sign in by it', async () => {
    expect(await link(person, { sub: 'mute' })).toBe('/settings?error=ADDRESS_NOT_VERIFIED')
  })

  it.each([
    ['the person said no', { error: 'access_denied' }, 'SIGN_IN_REFUSED'],
    ['the code is another’s', { code: 'another' }, 'SIGN_IN_REFUSED'],
    ['it is late', {}, 'SIGN_IN_EXPIRED'],
  ])('comes back to the settings when %s', async (what, changes, code) => {
    const begun = await start({ cookie: person.cookies })
    const back = agree(begun, there)
    for (const [name, value] of Object.entries(changes)) back.searchParams.set(name, value)
    if (what === 'it is late')
      await api.database.prisma
        .$executeRaw`UPDATE verification SET value = jsonb_set(value::jsonb, '{expiresAt}', '1')::text`
    const ended = await comeBack(back, `${person.cookies}; ${begun.cookies}`)
    expect(ended.place).toBe(`/settings?error=${code}`)
    expect(await providersOf(person)).toEqual(['password'])
  })

  it('ends with the session that began it', async () => {
    const before = await signIn(api, person.email)
    const begun = await start({ cookie: before.cookies })
    await before.graphql('mutation { signOut { errors { code } } }')
    const ended = await comeBack(agree(begun, there), `${person.cookies}; ${begun.cookies}`)
    expect(ended.place).toBe('/settings?error=LINK_NOT_YOURS')
    expect(await providersOf(person)).toEqual(['password'])
  })

  it('works once, and with no other state', async () => {
    const begun = await start({ cookie: person.cookies })
    const back = agree(begun, there)
    const other = new URL(back)
    other.searchParams.set('state', 'another')
    const come = async (address: URL) =>
      (await comeBack(address, `${person.cookies}; ${begun.cookies}`)).place
    expect(await come(other)).toBe('/sign-in?error=SIGN_IN_EXPIRED')
    expect(await come(back)).toBe('/settings?linked=oidc')
    expect(await come(back)).toBe('/sign-in?error=SIGN_IN_EXPIRED')
  })
})

describe('only a session', () => {
  it('begins a link, and by JSON: no key, no share link, no visitor, no form', async () => {
    const { authorization } = await keyOf(owner, ['read', 'administer'])
    const { token } = await shareOf(owner)
    const cookie = owner.cookies
    for (const headers of [
      { authorization },
      { authorization, cookie },
      {},
      { 'x-imprint-share': token },
    ])
      expect(await start(headers as Headers)).toMatchObject({
        ...{ status: 401, cookies: '', body: { code: 'SESSION_NEEDED' } },
      })
    const form = await start({ cookie, 'content-type': 'text/plain' })
    expect(form).toMatchObject({ status: 400, body: { code: 'SIGN_IN_QUESTION_INVALID' } })
    const id = await idOf(owner, 'password')
    expect(await unlink({ authorization }, id)).toBe('SESSION_NEEDED')
    const asked = await askWith(api, { authorization }, question)
    expect(asked.body.data.me.waysToSignIn).toEqual([])
  })

  it('a few times a minute, and says when the provider is down', async () => {
    provider.fault = 'down'
    const codes: unknown[] = []
    for (let time = 0; time < 6; time += 1)
      codes.push((await start({ cookie: owner.cookies })).body.code)
    const down = Array.from({ length: 5 }, () => 'SIGN_IN_PROVIDER_UNREACHABLE')
    expect(codes).toEqual([...down, 'TOO_MANY_ATTEMPTS'])
  })
})
