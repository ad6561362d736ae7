import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { addEditRow, addStranger, addViewer } from '../../testing/test-team.js'
import type { Viewer } from '../account/viewer.js'
import type { Activity } from './activity.type.js'

let api: TestApi
let ann: Viewer
beforeAll(async () => {
  api = await startTestApi()
  ann = await addViewer(api, 'annotator', 'ann')
})
afterAll(() => api.stop())

const entry = (number: number) => ({
  ...{ verb: 'created', subjectKind: 'edit', subjectId: `${number}`, title: `E${number}` },
  path: '/edits',
})
const titles = async (filter: object) => {
  const { data, errors } = await api.graphql(
    `query($filter: ActivityFilter) { activity(first: 100, filter: $filter) { totalCount edges { node { title verb actor { handle } } } } }`,
    { filter },
  )
  expect(errors).toBeUndefined()
  return data.activity.edges.map(({ node }: { node: Activity }) => node.title)
}

describe('activity', () => {
  it('is found by who did it, to what kind of thing, and about what', async () => {
    const { activities, comments, reviews } = api.services
    const anchor = { kind: 'EDIT' as const, id: await addEditRow(api, api.viewer, { name: 'X' }) }
    await activities.record(api.viewer, entry(1))
    await comments.create(ann, { anchor, body: 'hello' })
    await reviews.request(api.viewer, { subjectKind: 'EDIT', subjectId: anchor.id })
    expect(await titles({})).toEqual(['Edit X', 'Edit X', 'E1'])
    expect(await titles({ subjectKind: 'edit' })).toEqual(['E1'])
    expect(await titles({ actorId: ann.userId })).toEqual(['Edit X'])
    expect(await titles({ actorId: 'nonsense' })).toEqual([])
    expect(await titles({ anchor })).toEqual(['Edit X', 'Edit X'])
    const stranger = await addStranger(api)
    const none = await activities.list(stranger, { first: 10, after: null }, {})
    expect(none.totalCount).toBe(0)
  })

  it('is followed from where it was left, each once, whatever happened meanwhile', async () => {
    const { activities } = api.services
    await activities.record(ann, entry(10))
    const page = await activities.list(ann, { first: 1, after: null }, {})
    const since = page.edges[0]!.node.id
    await Promise.all([11, 12, 13].map((number) => activities.record(ann, entry(number))))
    const stream = activities.follow(api.viewer, since)
    const seen: string[] = []
    const take = async (count: number) => {
      while (seen.length < count) seen.push((await stream.next()).value?.title ?? 'end')
    }
    await take(3)
    expect(seen.toSorted()).toEqual(['E11', 'E12', 'E13'])
    const waiting = take(4)
    await activities.record(ann, entry(14))
    await waiting
    expect(seen[3]).toBe('E14')
    await stream.return(undefined)
  })
})
