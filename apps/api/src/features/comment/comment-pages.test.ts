// Threads page by page, and the answers of a long one part by part.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { addEditRow, addStranger, addViewer } from '../../testing/test-team.js'
import type { Viewer } from '../account/viewer.js'

let api: TestApi
let ann: Viewer
let bob: Viewer
beforeAll(async () => {
  api = await startTestApi()
  ann = await addViewer(api, 'annotator', 'ann')
  bob = await addViewer(api, 'researcher', 'bob.b')
})
afterAll(() => api.stop())

const onEdit = async () => ({ kind: 'EDIT' as const, id: await addEditRow(api) })
const write = (viewer: Viewer, input: Parameters<typeof api.services.comments.create>[1]) =>
  api.services.comments.create(viewer, input)
/** A thread with so many answers, so many milliseconds apart. */
const long = async (answers: number, apart = 1) => {
  const anchor = await onEdit()
  const { id } = await write(ann, { anchor, body: 'first' })
  const { comment } = api.database.prisma
  const first = await comment.findUniqueOrThrow({ where: { id }, omit: { id: true } })
  const row = { ...first, anchor: first.anchor as object, parentId: id }
  const begun = Date.now() - answers * apart
  const data = Array.from({ length: answers }, (_, place) => ({
    ...{ ...row, body: `answer ${place}`, createdAt: new Date(begun + place * apart) },
  }))
  await comment.createMany({ data })
  return { anchor, id }
}
const bodies = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ body: `answer ${from + index}` }))
const part = (anchor: object, after: string | null) =>
  api.graphql(
    `query($anchor: AnchorInput!, $after: ID) { commentThreads(anchor: $anchor) {
      edges { node { replies(first: 3, after: $after) { id body } } } } }`,
    { anchor, after },
  )

describe('threads', () => {
  it('are read page by page, newest first, each thread once with its answers', async () => {
    const anchor = await onEdit()
    const bodies = Array.from({ length: 7 }, (_, place) => `thread ${place}`)
    for (const body of bodies) {
      const { id } = await write(ann, { anchor, body })
      if (body.endsWith('3')) await write(bob, { parentId: id, body: 'an answer' })
    }
    const seen: string[] = []
    let after: string | null = null
    do {
      const { data } = await api.graphql(
        `query($anchor: AnchorInput!, $after: String) { commentThreads(anchor: $anchor, first: 3, after: $after) {
          totalCount pageInfo { hasNextPage endCursor } edges { node { body replies { body } } } } }`,
        { anchor, after },
      )
      const { edges, pageInfo, totalCount } = data.commentThreads
      expect([totalCount, edges.length <= 3]).toEqual([7, true])
      for (const { node } of edges)
        seen.push([node.body, ...node.replies.map(({ body }: { body: string }) => body)].join('>'))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after !== null)
    const expected = bodies.map((body) => (body.endsWith('3') ? `${body}>an answer` : body))
    expect(seen).toEqual(expected.reverse())
  })

  it('cost what their answers may cost', async () => {
    const anchor = await onEdit()
    const { errors } = await api.graphql(
      `query($anchor: AnchorInput!, $n: Int) { commentThreads(anchor: $anchor, first: 100) {
        edges { node { replies(first: $n) { body } } } } }`,
      { anchor, n: 100 },
    )
    expect(errors?.[0]?.extensions?.['code']).toBe('TOO_COSTLY')
  })
})

describe('answers', () => {
  it('are the first ten, or as many as are asked, and their number is told', async () => {
    const { anchor, id } = await long(120)
    const { data, errors } = await api.graphql(
      `query($anchor: AnchorInput!) {
        comments(anchor: $anchor) { replies { body } replyCount }
        commentThreads(anchor: $anchor, first: 5) { edges { node { replies { body } replyCount
          one: replies(first: 1, after: null) { body replyCount replies { id } }
          most: replies(first: 1000) { body } } } } }`,
      { anchor },
    )
    expect(errors).toBeUndefined()
    const { node } = data.commentThreads.edges[0]
    expect(node.replies).toEqual(bodies(0, 10))
    expect(node.one).toEqual([{ ...bodies(0, 1)[0], replyCount: 0, replies: [] }])
    expect(node.most).toEqual(bodies(0, 100))
    expect(data.comments).toEqual([{ replies: bodies(0, 120), replyCount: 120 }])
    expect(node.replyCount).toBe(120)
    const { projectId } = await addStranger(api)
    const asked = [{ parentId: id, first: 5, after: null }]
    expect(await api.services.commentRows.replies(projectId, asked)).toEqual([[]])
  })

  it.each([
    ['one after the other', 1],
    ['all of one moment', 0],
  ])('are each read once when parts go on after the last one read: %s', async (_, apart) => {
    const { anchor, id } = await long(10, apart)
    const seen: string[] = []
    const sizes: number[] = []
    let after: string | null = null
    do {
      const { data, errors } = await part(anchor, after)
      expect(errors).toBeUndefined()
      const { replies } = data.commentThreads.edges[0].node
      sizes.push(replies.length)
      seen.push(...replies.map(({ body }: { body: string }) => body))
      after = replies.at(-1)?.id ?? null
      if (sizes.length === 1) await write(bob, { parentId: id, body: 'answer 10' })
    } while (after !== null)
    expect(sizes).toEqual([3, 3, 3, 2, 0])
    expect(seen.at(-1)).toBe('answer 10')
    expect(seen.sort()).toEqual(bodies(0, 11).map(({ body }) => body).sort()) // prettier-ignore
  })

  it('go on only after one of the same comment', async () => {
    const [{ anchor, id }, other] = [await long(2), await long(2)]
    const read = await part(other.anchor, null)
    const [foreign, gone] = read.data.commentThreads.edges[0].node.replies
    await api.services.comments.remove(ann, gone.id)
    for (const after of ['x', '', id, foreign.id, gone.id]) {
      const { data, errors } = await part(after === gone.id ? other.anchor : anchor, after)
      expect([data, errors?.[0]?.extensions]).toMatchObject([
        ...[null, { code: 'BAD_USER_INPUT', field: 'after' }],
      ])
    }
    const asked = [id, other.id].map((parentId) => ({ parentId, first: 1, after: foreign.id }))
    const rows = await api.services.commentRows.replies(api.viewer.projectId, asked)
    expect(rows).toEqual([null, []])
  })
})
