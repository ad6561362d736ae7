import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { addEditRow, addRunRow, addStranger, addViewer } from '../../testing/test-team.js'
import type { Viewer } from '../account/viewer.js'
import { mentionedHandles } from './comment-text.js'

let api: TestApi
let ann: Viewer
let bob: Viewer
let runId: string
const digest = 'b'.repeat(64)
beforeAll(async () => {
  api = await startTestApi()
  ann = await addViewer(api, 'annotator', 'ann')
  bob = await addViewer(api, 'researcher', 'bob.b')
  runId = await addRunRow(api, digest)
})
afterAll(() => api.stop())

const onEdit = async () => ({ kind: 'EDIT' as const, id: await addEditRow(api) })
const cellOf = (run: string) => ({
  ...{ kind: 'CELL' as const, runId: run, layer: 0, position: 1 },
  ...{ matrix: 'MLP_DOWN' as const, factor: 'VJP' as const },
})
const fields = `id body deleted version parentId resolvedAt editedAt author { handle } resolvedBy { handle }
  mentions { handle } reactions { emoji count mine people } anchor { key title path }`
const read = async (anchor: object, withParts = false) => {
  const { data, errors } = await api.graphql(
    `query($anchor: AnchorInput!, $withParts: Boolean) { comments(anchor: $anchor, withParts: $withParts) { ${fields} replies { ${fields} } }
      commentMarkers(anchor: $anchor) { threads unresolved anchor { key } } }`,
    { anchor, withParts },
  )
  expect(errors).toBeUndefined()
  return data
}
const write = (viewer: Viewer, input: Parameters<typeof api.services.comments.create>[1]) =>
  api.services.comments.create(viewer, input)
const inboxOf = async (viewer: Viewer) =>
  (await api.services.inboxes.list(viewer, { first: 50, after: null }, false)).edges.map(
    ({ node }) => node,
  )

describe('comments', () => {
  it('are threads of one level, oldest first, on the very cell of every run of a configuration', async () => {
    const first = await write(ann, { anchor: cellOf(runId), body: 'Why so *large*?' })
    await write(bob, { parentId: first.id, body: 'The subject ends here.' })
    const second = await write(bob, { anchor: cellOf(runId), body: '<b onclick=x>raw</b>' })
    const again = await addRunRow(api, digest)
    const { comments, commentMarkers } = await read(cellOf(again))
    expect(comments.map(({ id }: { id: string }) => id)).toEqual([first.id, second.id])
    expect(comments[0]).toMatchObject({ body: 'Why so *large*?', author: { handle: 'ann' } })
    expect(comments[0].replies).toMatchObject([
      { body: 'The subject ends here.', author: { handle: 'bob.b' }, parentId: first.id },
    ])
    expect(comments[1].body).toBe('<b onclick=x>raw</b>')
    expect(comments[0].anchor.path).toContain(`/lens?run=${again}&cell=0.1`)
    expect(commentMarkers).toEqual([
      { threads: 2, unresolved: 2, anchor: { key: `cell:${digest}/0/1/MLP_DOWN/VJP` } },
    ])
    const onRun = { kind: 'RUN', id: again }
    expect((await read(onRun)).comments).toEqual([])
    expect((await read(onRun, true)).comments).toHaveLength(2)
    await expect(
      write(ann, { parentId: (await read(cellOf(again))).comments[0].replies[0].id, body: 'x' }),
    ).rejects.toMatchObject({ code: 'COMMENT_IS_REPLY', field: 'parentId' })
  })

  it('are written once for each clientMutationId, ten at a time, and tell people once', async () => {
    const anchor = await onEdit()
    const input = { anchor, body: 'Once @bob.b', clientMutationId: 'c1' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => write(ann, input)))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    expect((await read(anchor)).comments).toHaveLength(1)
    const told = (await inboxOf(bob)).filter(({ title }) => title === 'Edit Edit')
    expect(told).toMatchObject([{ kind: 'MENTION', actorId: ann.userId, readAt: null }])
    expect(told[0]?.path).toBe(`/edits/${anchor.id}?comment=${answers[0]?.id}`)
    const feed = await api.services.activities.list(
      ann,
      { first: 10, after: null },
      { anchor, subjectKind: 'comment' },
    )
    expect(feed.totalCount).toBe(1)
  })

  it('change under a version: of ten who edit one at once one wins', async () => {
    const anchor = await onEdit()
    const { id, version } = await write(ann, { anchor, body: 'old' })
    const edits = Array.from({ length: 10 }, (_, index) =>
      api.services.comments.edit(ann, { id, version, body: `new ${index}` }).catch((e) => e.code),
    )
    const answers = await Promise.all(edits)
    expect(answers.filter((answer) => answer === 'CONFLICT')).toHaveLength(9)
    const [now] = (await read(anchor)).comments
    expect(now.version).toBe(2)
    expect(now.editedAt).not.toBeNull()
    await expect(
      api.services.comments.edit(ann, { id, version, body: 'late' }),
    ).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('version 2') as string }) // prettier-ignore
  })

  it('leave a stone where they were answered, which goes with the last answer', async () => {
    const anchor = await onEdit()
    const { id } = await write(ann, { anchor, body: 'secret' })
    const reply = await write(bob, { parentId: id, body: 'answer' })
    await expect(api.services.comments.remove(bob, id)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    expect(await api.services.comments.remove(ann, id)).toMatchObject({ deleted: true, body: '' })
    const [stone] = (await read(anchor)).comments
    expect(stone).toMatchObject({ deleted: true, body: '', replies: [{ body: 'answer' }] })
    await expect(
      api.services.comments.edit(ann, { id, version: 2, body: 'back' }),
    ).rejects.toMatchObject({ code: 'COMMENT_NOT_FOUND' })
    await api.services.comments.remove(api.viewer, reply.id)
    expect((await read(anchor)).comments).toEqual([])
  })

  it('are resolved and opened again, and take eight emoji once from each person', async () => {
    const anchor = await onEdit()
    const { id } = await write(ann, { anchor, body: 'x' })
    await api.services.comments.resolve(bob, { id, resolved: true })
    expect((await read(anchor)).comments[0].resolvedBy).toEqual({ handle: 'bob.b' })
    expect((await read(anchor)).commentMarkers[0]).toMatchObject({ threads: 1, unresolved: 0 })
    await api.services.comments.resolve(bob, { id, resolved: false })
    const love = { commentId: id, emoji: '❤', on: true }
    await Promise.all(Array.from({ length: 10 }, () => api.services.comments.react(bob, love)))
    await api.services.comments.react(api.viewer, { ...love, emoji: '❤️' })
    const [comment] = (await read(anchor)).comments
    const people = ['Name of bob.b', 'You']
    expect(comment.reactions).toEqual([{ emoji: '❤️', count: 2, mine: true, people }])
    expect(comment.resolvedAt).toBeNull()
    await api.services.comments.react(bob, { ...love, on: false })
    expect((await read(anchor)).comments[0].reactions[0].count).toBe(1)
    await expect(api.services.comments.react(bob, { ...love, emoji: '💣' })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
      field: 'emoji',
    })
  })

  it('tell those of the thread, and nobody of their own words', async () => {
    const anchor = await onEdit()
    const { id } = await write(ann, { anchor, body: 'I am @ann' })
    await write(bob, { parentId: id, body: 'hello @ann' })
    await write(bob, { parentId: id, body: 'again' })
    const mine = (await inboxOf(ann)).filter(({ path }) => path.includes(anchor.id))
    expect(mine.map(({ kind }) => kind)).toEqual(['REPLY', 'MENTION'])
  })

  it('of another project cannot be read, answered, changed or reacted to', async () => {
    const anchor = await onEdit()
    const { id } = await write(ann, { anchor, body: 'ours' })
    const stranger = await addStranger(api)
    const { comments } = api.services
    const missing = { code: 'COMMENT_NOT_FOUND' }
    await expect(comments.list(stranger, anchor, true)).rejects.toMatchObject({
      code: 'EDIT_NOT_FOUND',
      field: 'anchor.id',
    })
    await expect(write(stranger, { parentId: id, body: 'x' })).rejects.toMatchObject(missing)
    await expect(comments.edit(stranger, { id, version: 1, body: 'x' })).rejects.toMatchObject(missing) // prettier-ignore
    await expect(comments.remove(stranger, id)).rejects.toMatchObject(missing)
    await expect(comments.resolve(stranger, { id, resolved: true })).rejects.toMatchObject(missing)
    const on = { commentId: id, emoji: '👍', on: true }
    await expect(comments.react(stranger, on)).rejects.toMatchObject(missing)
  })

  it.each([
    ['no text', '   ', 'TEXT_EMPTY'],
    ['20,001 characters', 'x'.repeat(20_001), 'TEXT_TOO_LONG'],
    ['NUL', 'a\0b', 'TEXT_INVALID'],
    ['half a surrogate pair', 'a\ud800', 'TEXT_INVALID'],
  ])('with %s are refused', async (_, body, code) => {
    const { data } = await api.graphql(
      `mutation($input: CommentInput!) { comment(input: $input) { comment { id } errors { code field } } }`,
      { input: { anchor: await onEdit(), body } },
    )
    expect(data.comment).toEqual({ comment: null, errors: [{ code, field: 'body' }] })
  })

  it('are seen as they happen by whoever watches, also after the connection was away', async () => {
    const anchor = await onEdit()
    await write(ann, { anchor, body: 'before' })
    const client = createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket })
    type Change = { kind: string; count: number; comment: { body: string } | null }
    const seen: Change[] = []
    const query = `subscription($anchor: AnchorInput!) { commentsChanged(anchor: $anchor, withParts: true) {
      id kind count comment { body replies { body } reactions { emoji } } } }`
    const watched = (async () => {
      for await (const { data } of client.iterate<{ commentsChanged: Change }>({
        query,
        variables: { anchor },
      }))
        if (data) seen.push(data.commentsChanged)
    })()
    const kinds = () => eventually(async () => seen.map(({ kind }) => kind), () => true) // prettier-ignore
    await eventually(kinds, (list) => list.length === 1)
    expect(seen[0]).toMatchObject({ kind: 'SNAPSHOT', count: 1, comment: null })
    const { id } = await write(bob, { anchor, body: 'during' })
    await eventually(kinds, (list) => list.length === 2)
    await api.services.comments.react(ann, { commentId: id, emoji: '👀', on: true })
    await eventually(kinds, (list) => list.length === 3)
    await api.services.comments.remove(bob, id)
    expect(await eventually(kinds, (list) => list.length === 4)).toEqual([
      ...['SNAPSHOT', 'ADDED', 'CHANGED', 'DELETED'],
    ])
    expect(seen[1]).toMatchObject({ count: 2, comment: { body: 'during' } })
    await client.dispose()
    await watched
  })
})

describe('mentions', () => {
  it.each([
    ['@ann and @Ann, @bob.b.', ['ann', 'bob.b']],
    ['a@b.org mails nobody, nor does x@y', []],
    ['`@ann` and ```\n@bob\n``` are code', []],
    ['(@ann) **@bob** @', ['ann', 'bob']],
    ['@'.repeat(20_000), []],
  ])('of %s', (body, handles) => {
    expect(mentionedHandles(body)).toEqual(handles)
  })
})
