import { describe, expect, it } from 'vitest'
import {
  announce,
  countUnresolved,
  dropComment,
  putComment,
  reactLocally,
  shownThreads,
  type Thread,
} from './thread-model'

const ana = { id: 'u1', handle: 'ana', name: 'Ana' }

function comment(id: string, at: number, more: Partial<Thread> = {}): Thread {
  return {
    id,
    parentId: null,
    body: `text of ${id}`,
    version: 1,
    createdAt: `2026-11-22T10:00:${String(at).padStart(2, '0')}.000Z`,
    editedAt: null,
    deleted: false,
    resolvedAt: null,
    resolvedBy: null,
    author: ana,
    mentions: [],
    reactions: [],
    anchor: { kind: 'RUN', key: 'run:1', id: '1', title: 'Run', path: '/lens?run=1' },
    replies: [],
    ...more,
  } as Thread
}

const ids = (threads: readonly Thread[]) => threads.map(({ id }) => id)

describe('putting a comment', () => {
  it('keeps threads oldest first, whatever arrives first', () => {
    const threads = [comment('b', 2), comment('a', 1), comment('c', 3)].reduce(
      putComment,
      [] as readonly Thread[],
    )
    expect(ids(threads)).toEqual(['a', 'b', 'c'])
  })

  it('counts a reply that comes twice once', () => {
    const reply = comment('r', 5, { parentId: 'a' })
    const threads = putComment(putComment([comment('a', 1)], reply), reply)
    expect(threads[0]?.replies.map(({ id }) => id)).toEqual(['r'])
  })

  it('never puts an older version over a newer one', () => {
    const newest = comment('a', 1, { version: 3, body: 'newest' })
    const [thread] = putComment([newest], comment('a', 1, { version: 2, body: 'old' }))
    expect(thread?.body).toBe('newest')
  })

  it('keeps replies when news of the thread brings none', () => {
    const known = comment('a', 1, { replies: [comment('r', 2, { parentId: 'a' })] })
    const [thread] = putComment([known], comment('a', 1, { version: 2 }))
    expect(thread?.replies).toHaveLength(1)
    expect(thread?.version).toBe(2)
  })

  it('ignores a reply to a thread of another place', () => {
    const threads = [comment('a', 1)]
    expect(putComment(threads, comment('r', 2, { parentId: 'other' }))).toEqual(threads)
  })
})

describe('taking a comment away', () => {
  it('leaves an empty place where there are replies, and nothing where there are none', () => {
    const answered = comment('a', 1, { replies: [comment('r', 2, { parentId: 'a' })] })
    const [place] = dropComment([answered], 'a')
    expect(place).toMatchObject({ deleted: true, body: '' })
    expect(dropComment([comment('b', 1)], 'b')).toEqual([])
  })

  it('shows an empty place only while its thread goes on', () => {
    const gone = comment('a', 1, { deleted: true })
    const reply = comment('r', 2, { parentId: 'a' })
    expect(shownThreads([gone])).toEqual([])
    expect(shownThreads([{ ...gone, replies: [reply] }])).toHaveLength(1)
  })
})

it('counts threads that are open', () => {
  const resolved = comment('b', 2, { resolvedAt: '2026-11-22T11:00:00.000Z' })
  expect(countUnresolved([comment('a', 1), resolved])).toBe(1)
})

it('shows a reaction at once and takes it back', () => {
  const once = reactLocally(comment('a', 1), '👍', true)
  expect(once.reactions).toEqual([{ emoji: '👍', count: 1, mine: true, people: [] }])
  expect(reactLocally(once, '👍', true)).toBe(once)
  expect(reactLocally(once, '👍', false).reactions).toEqual([])
})

it('says who wrote, and long texts in part', () => {
  const long = comment('a', 1, { body: `look\n\n${'x'.repeat(200)}` })
  expect(announce(long)).toMatch(/^Ana commented: look x+…$/)
  expect(announce(comment('r', 2, { parentId: 'a' }))).toBe('Ana replied: text of r')
})
