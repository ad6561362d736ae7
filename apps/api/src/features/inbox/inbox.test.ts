import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { addEditRow, addStranger, addViewer } from '../../testing/test-team.js'
import type { Viewer } from '../account/viewer.js'

let api: TestApi
let ann: Viewer
beforeAll(async () => {
  api = await startTestApi()
  ann = await addViewer(api, 'annotator', 'ann')
})
afterAll(() => api.stop())

const call = async (body = 'See this, @local') => {
  const anchor = { kind: 'EDIT' as const, id: await addEditRow(api) }
  return api.services.comments.create(ann, { anchor, body })
}
const inbox = async (variables: object = {}) =>
  (
    await api.graphql(
      `query($first: Int, $after: String, $unreadOnly: Boolean) { inbox(first: $first, after: $after, unreadOnly: $unreadOnly) {
        totalCount pageInfo { hasNextPage endCursor } edges { node { id kind title path readAt actor { handle } } } } }`,
      { ...variables },
    )
  ).data.inbox
const read = async (input: object) =>
  (
    await api.graphql(
      `mutation($input: ReadInboxInput!) { readInbox(input: $input) { read unread errors { code } } }`,
      { input },
    )
  ).data.readInbox

describe('an inbox', () => {
  it('has what awaits one person, page by page, until it is read', async () => {
    for (let count = 0; count < 5; count += 1) await call()
    const ids: string[] = []
    for (let after: string | null = null; ;) {
      const page = await inbox({ first: 2, after })
      expect(page.totalCount).toBe(5)
      ids.push(...page.edges.map(({ node }: { node: { id: string } }) => node.id))
      if (!page.pageInfo.hasNextPage) break
      after = page.pageInfo.endCursor
    }
    expect(new Set(ids).size).toBe(5)
    expect((await inbox()).edges[0].node).toMatchObject({
      ...{ kind: 'MENTION', title: 'Edit Edit', readAt: null, actor: { handle: 'ann' } },
    })
    const repeats = await Promise.all(Array.from({ length: 10 }, () => read({ ids: [ids[0]] })))
    expect(repeats.reduce((sum, one) => sum + one.read, 0)).toBe(1)
    expect((await inbox({ unreadOnly: true })).totalCount).toBe(4)
    expect(await read({ all: true })).toEqual({ read: 4, unread: 0, errors: [] })
    expect((await inbox()).totalCount).toBe(5)
  })

  it('is nobody else’s', async () => {
    await call()
    const [{ node }] = (await inbox()).edges
    const stranger = await addStranger(api)
    for (const other of [ann, stranger]) {
      expect(await api.services.inboxes.read(other, { ids: [node.id] })).toMatchObject({ read: 0 })
      expect(await api.services.inboxes.unread(other)).toBe(0)
    }
  })

  it('refuses neither ids nor all, and too many', async () => {
    expect((await read({})).errors[0].code).toBe('BAD_ARGUMENT')
    expect((await read({ ids: Array(501).fill('x') })).errors[0].code).toBe('BAD_ARGUMENT')
    expect(await read({ ids: ['nonsense'] })).toMatchObject({ read: 0, errors: [] })
  })

  it('tells how full it is, now and with every change', async () => {
    await read({ all: true })
    const client = createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket })
    const seen: number[] = []
    const watched = (async () => {
      const query = `subscription { inboxChanged { unread newest { kind } } }`
      for await (const { data } of client.iterate<{ inboxChanged: { unread: number } }>({ query }))
        if (data) seen.push(data.inboxChanged.unread)
    })()
    const reaches = (count: number) => eventually(async () => seen.length, (now) => now === count) // prettier-ignore
    await reaches(1)
    await call()
    await reaches(2)
    await read({ all: true })
    await reaches(3)
    expect(seen).toEqual([0, 1, 0])
    await client.dispose()
    await watched
  })
})
