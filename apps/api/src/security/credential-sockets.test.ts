// Sockets whose key, session or link ends, on every API process: closed within seconds, though nothing happens on them.
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startOtherServer, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { joinAs, keyOf, setUpOwner, shareOf } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { makeKey } from './secret-tokens.js'
import { queueRun } from './testing/queue-run.js'

let api: TestApi
let owner: TestPerson
beforeAll(async () => {
  api = await startTestApi({ singleUser: false })
  owner = await setUpOwner(api)
})
afterAll(() => api.stop())

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
    await owner.graphql('mutation($id: ID!) { revokeApiKey(id: $id) { errors { code } } }', { id })
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
