// Keys, links and sockets: what opens, what is refused at once, and that no secret is kept or logged.
import { Writable } from 'node:stream'
import { createClient } from 'graphql-ws'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { queueRun } from './testing/queue-run.js'
import { startOtherServer, startTestApi } from '../testing/test-api.js'
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

describe('a socket', () => {
  const follow = async (
    params: Record<string, unknown>,
    headers: Record<string, string> = {},
    at: { readonly webSocketUrl: string } = api,
  ) => {
    const runId = await queueRun(api)
    const closed: { code?: number } = {}
    class Socket extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers })
      }
    }
    const client = createClient({
      ...{ url: at.webSocketUrl, webSocketImpl: Socket, retryAttempts: 0, lazy: false },
      ...{ connectionParams: params, onNonLazyError: () => undefined },
    })
    client.on('closed', (event) =>
      Object.assign(closed, { code: (event as { code: number }).code }),
    )
    const seen: unknown[] = []
    client.subscribe(
      {
        query: 'subscription($runId: ID!) { lensRunProgress(runId: $runId) { version } }',
        variables: { runId },
      },
      {
        next: (value) => seen.push(value),
        error: (error) => seen.push(error),
        complete: () => undefined,
      },
    )
    return { client, closed, seen }
  }
  const until = async (done: () => boolean, milliseconds: number): Promise<number> => {
    const begun = Date.now()
    while (!done() && Date.now() - begun < milliseconds)
      await new Promise((resolve) => setTimeout(resolve, 20))
    return Date.now() - begun
  }

  it('of a key that is revoked closes with 4403 within five seconds, though nothing happens on it', async () => {
    const { authorization, id } = await keyOf(owner, ['read'])
    const { closed, seen } = await follow({ authorization })
    await until(() => seen.length > 0, 5_000)
    expect(JSON.stringify(seen)).toContain('version')
    await revokeKey(id)
    expect(await until(() => closed.code !== undefined, 6_000)).toBeLessThan(5_000)
    expect(closed.code).toBe(4403)
  })

  it('of a session that ended, or of somebody whose role changed, closes too', async () => {
    const member = await joinAs(api, owner, 'researcher', 'Sara Socket')
    const { closed, seen } = await follow({}, { cookie: member.cookies })
    await until(() => seen.length > 0, 5_000)
    await member.graphql('mutation { signOut { errors { code } } }')
    await until(() => closed.code !== undefined, 6_000)
    expect(closed.code).toBe(4403)
  })

  it('of a link that is revoked, or of somebody who is removed, closes on every API process', async () => {
    const other = await startOtherServer(api)
    try {
      const { id, token } = await shareOf(owner, '/runs')
      const member = await joinAs(api, owner, 'viewer', 'Rita Removed')
      const watching = [
        ...[await follow({ share: token }), await follow({}, { cookie: member.cookies })],
        await follow({}, { cookie: `imprint-share=${token}` }, other),
        await follow({}, { cookie: member.cookies }, other),
      ]
      await until(() => watching.every(({ seen }) => seen.length > 0), 5_000)
      for (const { seen } of watching) expect(JSON.stringify(seen)).toContain('version')
      const { data } = await owner.graphql(
        `mutation($link: ID!, $person: ID!) {
          revokeShareLink(id: $link) { errors { code } }
          removeMember(userId: $person) { errors { code } }
        }`,
        { link: id, person: member.id },
      )
      expect([data.revokeShareLink, data.removeMember]).toEqual([{ errors: [] }, { errors: [] }])
      const closed = () => watching.every((one) => one.closed.code !== undefined)
      expect(await until(closed, 6_000)).toBeLessThan(5_000)
      expect(watching.map((one) => one.closed.code)).toEqual([4403, 4403, 4403, 4403])
    } finally {
      await other.close()
    }
  })

  it('with a key that is not known is closed at once; a visitor’s subscriptions are refused', async () => {
    const wrong = await follow({ authorization: `Bearer ${makeKey().key}` })
    await until(() => wrong.closed.code !== undefined, 3_000)
    expect(wrong.closed.code).toBe(4403)
    const visitor = await follow({})
    await until(() => visitor.seen.length > 0, 3_000)
    expect(JSON.stringify(visitor.seen)).toContain('SIGN_IN_REQUIRED')
    void visitor.client.dispose()
  })
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
