// Keys and links: what opens, what is refused at once, and that no secret is kept or logged.
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import {
  askWith,
  invite,
  joinAs,
  keyOf,
  password,
  setUpOwner,
  shareOf,
  signIn,
} from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { addressBucket } from './client-address.js'
import { makeKey, publicIdOf } from './secret-tokens.js'

let api: TestApi
let owner: TestPerson
const lines: string[] = []
beforeAll(async () => {
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk))
      done()
    },
  })
  const logger = pino({ level: 'trace', redact: ['req.headers'] }, sink)
  api = await startTestApi({ singleUser: false, logger })
  owner = await setUpOwner(api)
})
afterAll(() => api.stop())

const me = '{ me { via role actions share { path uses } project { id } } }'
const asked = async (headers: Record<string, string>) => {
  const { status, body } = await askWith(api, headers, me)
  return { status, me: body.data?.me, code: body.errors?.[0]?.extensions?.['code'] }
}
const revokeKey = (id: string) =>
  owner.graphql(
    'mutation($id: ID!) { revokeApiKey(id: $id) { apiKey { revokedAt } errors { code } } }',
    { id },
  )

describe('an API key', () => {
  it('has the stated form, and a typing mistake is seen without the database', () => {
    const { key, publicId } = makeKey()
    expect(key).toMatch(/^lens_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/)
    expect(publicIdOf(key)).toBe(publicId)
    for (let place = 10; place < key.length; place += 1) {
      const other = key[place] === 'a' ? 'b' : 'a'
      expect(publicIdOf(key.slice(0, place) + other + key.slice(place + 1))).toBeNull()
    }
  })

  it('acts with its scopes in its project, says when it was used, and is refused once revoked', async () => {
    const { authorization, id } = await keyOf(owner, ['read', 'annotate'])
    expect(await asked({ authorization })).toMatchObject({
      me: { via: 'API_KEY', role: 'ADMIN', actions: ['READ', 'ANNOTATE'] },
    })
    const { data } = await owner.graphql('{ apiKeys { id lastUsedAt } }')
    const row = data.apiKeys.find((key: { id: string }) => key.id === id)
    expect(Date.now() - Date.parse(row.lastUsedAt)).toBeLessThan(60_000)
    await revokeKey(id)
    expect(await asked({ authorization })).toMatchObject({ status: 401, code: 'API_KEY_REFUSED' })
  })

  it.each([
    ['a wrong one', () => `Bearer ${makeKey().key}`],
    ['one with a mistake', () => `Bearer ${makeKey().key.slice(0, -1)}~`],
    ['another scheme', () => 'Basic b3duZXI6cGFzc3dvcmQ='],
    ['a long text', () => `Bearer ${'x'.repeat(5_000)}`],
  ])('%s is refused, not taken for a visitor', async (_what, header) => {
    expect(await asked({ authorization: header() })).toMatchObject({
      status: 401,
      code: 'API_KEY_REFUSED',
    })
  })

  it('ends when it was said to, and when its owner leaves the team', async () => {
    const member = await joinAs(api, owner, 'researcher')
    const { authorization, id } = await keyOf(member, ['read'])
    await api.database.prisma.apiKey.update({ where: { id }, data: { expiresAt: new Date(1) } })
    expect(await asked({ authorization })).toMatchObject({ code: 'API_KEY_REFUSED' })
    const second = await keyOf(member, ['read'])
    await owner.graphql('mutation($id: ID!) { removeMember(userId: $id) { errors { code } } }', {
      id: member.id,
    })
    expect(await asked(second)).toMatchObject({ code: 'API_KEY_REFUSED' })
  })

  it('can do no more than who makes it', async () => {
    const viewer = await joinAs(api, owner, 'viewer')
    await expect(keyOf(viewer, ['read', 'compute'])).rejects.toThrow('SCOPE_NOT_MINE')
    const { authorization } = await keyOf(owner, ['read'])
    const { body } = await askWith(
      api,
      { authorization },
      'mutation { createApiKey(input: { name: "more", scopes: [ADMINISTER] }) { secret errors { code } } }',
    )
    expect(body.data.createApiKey).toEqual({ secret: null, errors: [{ code: 'SCOPE_NOT_MINE' }] })
  })

  it('is not made for somebody else over a route of the library (CVE-2025-61928)', async () => {
    for (const path of [
      'api-key/create',
      'sign-up/email',
      'sign-in/email',
      'update-user',
      'get-session',
      'list-sessions',
      'sign-in/social',
      'link-social',
      'unlink-account',
      'list-accounts',
      'callback/github',
    ]) {
      const response = await fetch(`${api.url}/api/auth/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ userId: owner.id, name: 'x', email: 'x@example.org', password }),
      })
      expect(`${path} ${response.status}`).toBe(`${path} 404`)
    }
    expect(await api.database.prisma.apiKey.count({ where: { userId: owner.id, name: 'x' } })).toBe(
      0,
    )
  })
})

describe('a share link', () => {
  it('reads its project and nothing else, by header or cookie, until revoked', async () => {
    const { id, token } = await shareOf(owner, '/runs?state=done')
    for (const headers of [{ 'x-imprint-share': token }, { cookie: `imprint-share=${token}` }]) {
      const answer = await asked(headers as never)
      expect(answer.me).toMatchObject({ via: 'SHARE_LINK', role: 'VIEWER', actions: ['READ'] })
      expect(answer.me.share).toMatchObject({ path: '/runs?state=done', uses: 1 })
    }
    const { body } = await askWith(
      api,
      { 'x-imprint-share': token },
      '{ people { id } team { members { role } invitations { id } } }',
    )
    expect([body.data, body.errors?.[0]?.extensions?.['code']]).toEqual([null, 'FORBIDDEN'])
    await owner.graphql('mutation($id: ID!) { revokeShareLink(id: $id) { errors { code } } }', {
      id,
    })
    expect((await asked({ 'x-imprint-share': token })).me.role).toBeNull()
  })

  it.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'runs', '/a b', '/\n'])(
    'leads only to pages of this site, not to %j',
    async (path) => {
      const { data } = await owner.graphql(
        'mutation($path: String!) { createShareLink(input: { path: $path, title: "x" }) { token errors { code } } }',
        { path },
      )
      expect(data.createShareLink).toEqual({ token: null, errors: [{ code: 'PATH_INVALID' }] })
    },
  )
})

describe('secrets', () => {
  it('stand in no column of the database, in no line of the log, in no answer but the first', async () => {
    const key = await keyOf(owner, ['read'])
    const { token } = await shareOf(owner)
    const invitation = await invite(owner, 'viewer')
    await asked({ authorization: key.authorization })
    await asked({ 'x-imprint-share': token })
    await signIn(api, owner.email)
    await askWith(api, {}, 'query($token: String!) { invitation(token: $token) { role } }', {
      token: invitation,
    })
    const cookie = decodeURIComponent(owner.cookies.split('=')[1] as string)
    const secrets = { password, key: key.secret, token, invitation, cookie }
    const { rows: columns } = await api.database.pool.query<{
      schema: string
      table: string
      column: string
    }>(
      `SELECT table_schema AS schema, table_name AS table, column_name AS column FROM information_schema.columns
       WHERE table_schema IN ('public', 'security', 'graphile_worker')
         AND data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'USER-DEFINED')`,
    )
    expect(columns.length).toBeGreaterThan(150)
    const found: string[] = []
    for (const { schema, table, column } of columns)
      for (const [name, secret] of Object.entries(secrets)) {
        const { rowCount } = await api.database.pool.query(
          `SELECT 1 FROM "${schema}"."${table}" WHERE strpos("${column}"::text, $1) > 0 LIMIT 1`,
          [secret],
        )
        if (rowCount) found.push(`${name} in ${schema}.${table}.${column}`)
      }
    expect(found).toEqual([])
    expect(lines.length).toBeGreaterThan(0)
    const log = lines.join('')
    for (const [name, secret] of Object.entries(secrets))
      expect(`${name} ${log.includes(secret)}`).toBe(`${name} false`)
    const { data } = await owner.graphql(
      '{ apiKeys { id start } shareLinks { edges { node { id } } } team { invitations { id } } auditEvents { edges { node { detailJson } } } }',
    )
    for (const secret of Object.values(secrets)) expect(JSON.stringify(data)).not.toContain(secret)
  })
})

describe('addresses', () => {
  it('of one /64 are one bucket in any spelling (CVE-2026-45364)', () => {
    const buckets = new Set<string>()
    for (let number = 0; number < 10_000; number += 1) {
      const tail = number.toString(16)
      const spellings = [
        `2001:db8:0:1::${tail}`,
        `2001:DB8::1:0:0:0:${tail}`,
        `2001:0db8:0000:0001:0:0:0:${tail}%eth0`,
      ]
      buckets.add(addressBucket(spellings[number % 3]))
    }
    expect([...buckets]).toEqual(['2001:db8:0:1::/64'])
    expect(addressBucket('::ffff:10.1.2.3')).toBe('10.1.2.3')
    expect(addressBucket('::ffff:a01:203')).toBe('10.1.2.3')
    expect(addressBucket('2001:db8:0:2::1')).not.toBe(addressBucket('2001:db8:0:1::1'))
    expect(addressBucket(undefined)).toBe('unknown')
  })
})
