// A link of one run, over real HTTP, sockets and files: it reads that run and nothing of anything else in the project.
import { createClient } from 'graphql-ws'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { buildImprintSchema } from '../schema.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { askWith, setUpOwner, shareOf } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { addRunRow } from '../testing/test-team.js'
import { fillProject } from './testing/fill-project.js'
import type { OwnIds } from './testing/fill-project.js'
import { greet } from './testing/raw-socket.js'
import { operationFor, rootFieldsOf } from './testing/schema-values.js'

const [secret, open] = ['zzsecretzz', 'an open prompt']
const schema = buildImprintSchema()

let [api, owner]: [TestApi, TestPerson] = [] as never
let ids: OwnIds = {}
let [run, token] = ['', '']
beforeAll(async () => {
  api = await startTestApi({
    singleUser: false,
    variables: { IMPRINT_COST_PER_MINUTE: '1000000000' },
  })
  owner = await setUpOwner(api)
  ids = await fillProject(api, owner, secret)
  const { prisma } = api.database
  await prisma.model.updateMany({ data: { name: 'a model' } })
  run = await addRunRow(api, open, { ...api.viewer, userId: owner.id })
  await prisma.lensRun.update({ where: { id: run }, data: { promptId: ids['prompt'] as string } })
  await prisma.prompt.updateMany({ data: { text: 'a prompt' } })
  token = (await shareOf(owner, `/lens?run=${run}`)).token
})
afterAll(() => api.stop())

const ask = (query: string, variables: object = {}, by = token) =>
  askWith(api, { 'x-imprint-share': by }, query, variables)

describe('a link of one run', () => {
  it('reads the run, its model and its files', async () => {
    const { body } = await ask(
      'query($id: ID!) { lensRun(id: $id) { id model { name } prompt { text } } me { via share { path } project { name } } }',
      { id: run },
    )
    expect(body.errors).toBeUndefined()
    expect(body.data.lensRun).toMatchObject({ id: run, model: { name: 'a model' } })
    const file = await fetch(`${api.url}/api/runs/${run}.json`, {
      headers: { 'x-imprint-share': token },
    })
    // It is there, though this one has not ended.
    expect(await file.json()).not.toMatchObject({ code: 'FORBIDDEN' })
  })

  it.each(rootFieldsOf(schema, 'Query').map((field) => [field.name, field] as const))(
    'learns nothing of others from %s',
    async (_name, field) => {
      for (const id of new Set(Object.values(ids))) {
        const { query, variables } = operationFor('Query', field, () => id, 3)
        const { body } = await ask(query, variables)
        expect(JSON.stringify(body)).not.toContain(secret)
        if (!/\(/.test(query)) break
      }
    },
  )

  it('cannot go on from its own run to another', async () => {
    const { body } = await ask(
      `query($id: ID!) { lensRun(id: $id) { prompt { lastRun { id promptText } } }
        me { project { id team { name members { person { name } } } } } }`,
      { id: run },
    )
    expect(body.data.lensRun.prompt.lastRun).toBeNull()
    expect(JSON.stringify(body.data)).not.toContain('members')
    expect(body.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
  })

  it('gets no comparison that is kept because a member has read it', async () => {
    const compare = vi.spyOn(api.services.comparisons, 'compare')
    const { token: shown } = await shareOf(owner, `/evaluations/${ids['evaluation']}`)
    const question = { input: { evaluationIds: [ids['evaluation']] } }
    const ofMember = await owner.graphql(comparison, question)
    expect(JSON.stringify(ofMember.data)).toContain(secret)
    expect(await owner.graphql(comparison, question)).toEqual(ofMember)
    const { body } = await ask(comparison, question)
    expect([body.data, body.errors?.[0]?.extensions?.['code']]).toEqual([null, 'FORBIDDEN'])
    expect((await ask(comparison, question, shown)).body.data).toEqual(ofMember.data)
    expect(compare).toHaveBeenCalledTimes(1)
    compare.mockRestore()
  })

  it('finds its lists empty', async () => {
    const lists = ['lensRuns', 'edits', 'evaluations', 'datasets', 'prompts', 'models', 'reviews']
    const { body } = await ask(`{ ${lists.map((name) => `${name} { totalCount }`).join(' ')} }`)
    for (const name of lists) expect([name, body.data[name].totalCount]).toEqual([name, 0])
    const all = await owner.graphql('{ lensRuns { totalCount } }')
    expect(all.data.lensRuns.totalCount).toBeGreaterThan(1)
  })

  it.each([
    ['run', 'runs', '.json'],
    ['run', 'runs', '/vectors.safetensors'],
    ['edit', 'edits', '.json'],
    ['edit', 'edits', '/edit.safetensors'],
    ['evaluation', 'evaluations', '/evaluation.json'],
    ['evaluation', 'evaluations', '/rows.csv'],
    ['dataset', 'datasets', '/cases.jsonl'],
    ['collection', 'collections', '.json'],
  ])('gets no file of another %s: /api/%s/…%s', async (name, place, end) => {
    const answer = await fetch(`${api.url}/api/${place}/${ids[name]}${end}`, {
      headers: { 'x-imprint-share': token },
    })
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'FORBIDDEN' }])
  })

  it('hears nothing of others over a socket', async () => {
    const client = createClient({
      ...{ url: api.webSocketUrl, webSocketImpl: WebSocket, retryAttempts: 0 },
      connectionParams: { share: token },
    })
    try {
      for (const field of rootFieldsOf(schema, 'Subscription')) {
        const { query, variables } = operationFor(
          'Subscription',
          field,
          () => ids[subjectOf[field.name] ?? 'run'],
        )
        const events = client.iterate({ query, variables })
        const first = await events.next()
        expect([field.name, JSON.stringify(first.value)]).toEqual([
          field.name,
          expect.stringMatching(/FORBIDDEN|SIGN_IN_REQUIRED/),
        ])
        await events.return?.()
      }
    } finally {
      await client.dispose()
    }
  })
})

const comparison = `query($input: ComparisonInput!) { comparison(input: $input) {
  cases arms { label evaluationName } estimates { metric mean } } }`

const subjectOf: Readonly<Record<string, string>> = {
  evaluationProgress: 'evaluation',
  figureSetProgress: 'figureSet',
  reviewChanged: 'review',
}

describe('a socket of a link', () => {
  const publish = (isPublic: boolean) =>
    api.database.prisma.project.updateMany({ data: { isPublic } })
  const open = async () => {
    const raw = greet(api, {}, { share: token })
    await eventually(
      async () => raw.seen.length,
      (messages) => messages > 0,
    )
    return raw
  }
  afterEach(() => publish(false))

  it('stays open while the link shows the same', async () => {
    const { socket } = await open()
    const asked = vi.spyOn(api.services.viewers, 'resolve')
    await eventually(
      async () => asked.mock.calls.length,
      (calls) => calls > 1,
    )
    asked.mockRestore()
    expect(socket.readyState).toBe(WebSocket.OPEN)
    socket.terminate()
  })

  it('is closed when its project is public no more', async () => {
    await publish(true)
    const raw = await open()
    raw.subscribe('1', 'subscription { activityAdded { id } }')
    await publish(false)
    expect(await raw.closed).toBe('closed 4403 Forbidden')
    const again = await open()
    again.subscribe('2', 'subscription { activityAdded { id } }')
    const answer = await eventually(
      async () => again.seen.find(({ id }) => id === '2'),
      (message) => message !== undefined,
    )
    expect(JSON.stringify(answer)).toContain('FORBIDDEN')
    again.socket.terminate()
  })
})

describe('a link of a list', () => {
  it('reads what the list shows, and no other', async () => {
    const { token: list } = await shareOf(owner, '/runs')
    const { body } = await ask('{ lensRuns { totalCount } edits { totalCount } }', {}, list)
    expect(body.data.lensRuns.totalCount).toBeGreaterThan(1)
    expect(body.data.edits.totalCount).toBe(0)
  })
})

describe('a link of a review', () => {
  it('also reads what is reviewed', async () => {
    const { token: review } = await shareOf(owner, `/reviews/${ids['review']}`)
    const row = await api.database.prisma.review.findUniqueOrThrow({
      where: { id: ids['review'] as string },
    })
    const name = row.subjectKind.toLowerCase()
    const { body } = await ask(
      `query($id: ID!, $review: ID!) { review(id: $review) { title } ${name}(id: $id) { id } }`,
      { id: row.subjectId, review: row.id },
      review,
    )
    expect(body.errors).toBeUndefined()
    expect(body.data[name]).toEqual({ id: row.subjectId })
  })
})

describe('a link of a page that shows nothing', () => {
  it.each(['/settings', '/team', '/lens?run=x'])('is not made: %s', async (path) => {
    const { data } = await owner.graphql(
      'mutation($input: CreateShareLinkInput!) { createShareLink(input: $input) { token errors { code field } } }',
      { input: { path, title: 'A page' } },
    )
    expect(data.createShareLink).toEqual({
      ...{ token: null, errors: [{ code: 'PATH_NOT_SHARED', field: 'path' }] },
    })
  })
})
