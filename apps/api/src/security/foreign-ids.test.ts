// Somebody of another team asks for each id of ours by every argument that takes one: nothing comes back, nothing changes.
import type { GraphQLEnumType } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileRoutes } from '../file-routes.js'
import { buildImprintSchema } from '../schema.js'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { addOtherTeam, askWith, setUpOwner } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { fillProject } from './testing/fill-project.js'
import type { OwnIds } from './testing/fill-project.js'
import { greet } from './testing/raw-socket.js'
import { hasId, operationFor, rootFieldsOf } from './testing/schema-values.js'

const schema = buildImprintSchema()
const slow = ['awaitEvaluation', 'awaitLensRun']
/** A word that stands in a text of every row of ours, so that a leak is seen whatever field it is in. */
const marker = 'quetzalcoatl'

let api: TestApi
let owner: TestPerson
let stranger: TestPerson
let ids: OwnIds
beforeAll(async () => {
  api = await startTestApi({
    singleUser: false,
    variables: { IMPRINT_COST_PER_MINUTE: '100000000' },
  })
  owner = await setUpOwner(api)
  stranger = await addOtherTeam(api, owner)
  ids = await fillProject(api, owner, marker)
})
afterAll(() => api.stop())

/** Rows that belong to a row of ours, by the column that says so. */
const parts = {
  ...{ evaluation_arm: 'evaluation', case_result: 'evaluation', dataset_case: 'dataset' },
  ...{ collection_item: 'collection', annotation_version: 'annotation', reaction: 'comment' },
  ...{ review_assignment: 'review', review_event: 'review', edit_delta: 'edit' },
} as const

let tables: readonly string[] = []
/** What must be as it was: every row of our project and of what belongs to it, and who is in our team. */
async function snapshot(): Promise<string> {
  const { pool } = api.database
  if (tables.length === 0) {
    const { rows } = await pool.query<{ name: string }>(
      `SELECT c.table_name AS name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE c.table_schema = 'public' AND c.column_name = 'project_id' AND t.table_type = 'BASE TABLE'`,
    )
    tables = rows.map(({ name }) => name)
    expect(tables.length).toBeGreaterThan(20)
  }
  const digest = (table: string, where: string): string =>
    `SELECT '${table}' AS name, md5(string_agg(t::text, ',' ORDER BY t::text)) AS digest FROM "${table}" t WHERE ${where}`
  const all = [
    ...tables.map((table) => digest(table, `project_id = '${api.viewer.projectId}'`)),
    ...Object.entries(parts).map(([table, kind]) => digest(table, `${kind}_id = '${ids[kind]}'`)),
    ...['membership', 'invitation'].map((table) => digest(table, `team_id = '${ids['team']}'`)),
    ...['team', 'project', 'user_account'].map((table) =>
      digest(table, `id IN ('${ids['team']}', '${ids['project']}', '${owner.id}')`),
    ),
  ]
  return JSON.stringify((await pool.query(all.join(' UNION ALL '))).rows)
}

describe.each(['Query', 'Mutation'] as const)('%s', (kind) => {
  const fields = rootFieldsOf(schema, kind).filter(
    (field) => field.args.some((arg) => hasId(arg.type)) && !slow.includes(field.name),
  )
  it.each(fields.map((field) => [field.name, field] as const))('%s', async (name, field) => {
    const before = kind === 'Mutation' ? await snapshot() : ''
    await Promise.all(
      Object.values(ids).map(async (id) => {
        const { query, variables } = operationFor(kind, field, () => id, 1)
        const { body } = await askWith(api, { cookie: stranger.cookies }, query, variables)
        expect(JSON.stringify(body), `${name} with ${id}`).not.toContain(marker)
        expect(JSON.stringify(body)).not.toContain(owner.email)
        expect(body.errors?.[0]?.extensions?.['code']).not.toBe('INTERNAL_SERVER_ERROR')
      }),
    )
    if (kind === 'Mutation') expect(await snapshot()).toBe(before)
  })
})

describe('Subscription', () => {
  const fields = rootFieldsOf(schema, 'Subscription')
  it.each(fields.map((field) => [field.name, field] as const))('%s', async (name, field) => {
    const asked = Object.entries(ids)
    const half = Math.ceil(asked.length / 2)
    const sockets = [asked.slice(0, half), asked.slice(half)].map((some) => {
      const raw = greet(api, { cookie: stranger.cookies })
      raw.socket.on('message', (data) => {
        if (!String(data).includes('connection_ack')) return
        for (const [kind, id] of some) {
          const { query, variables } = operationFor('Subscription', field, () => id, 1)
          raw.subscribe(kind, query, variables)
        }
      })
      return raw
    })
    await new Promise((resolve) => setTimeout(resolve, 400))
    await saySomething()
    await new Promise((resolve) => setTimeout(resolve, 400))
    for (const { socket, seen } of sockets) {
      socket.terminate()
      expect(seen[0]?.type).toBe('connection_ack')
      expect(JSON.stringify(seen), name).not.toContain(marker)
      expect(JSON.stringify(seen)).not.toContain('INTERNAL_SERVER_ERROR')
    }
  })

  /** Something new that watchers of our project are told. */
  async function saySomething(): Promise<void> {
    const { data } = await owner.graphql(
      'mutation($input: CommentInput!) { comment(input: $input) { comment { id } errors { code message } } }',
      {
        input: {
          anchor: { kind: 'NEURON', modelId: ids['model'], layer: 0, index: 0 },
          body: marker,
        },
      },
    )
    expect(data.comment.errors).toEqual([])
  }
})

describe('an anchor', () => {
  const kinds = (schema.getType('AnchorKind') as GraphQLEnumType).getValues()
  it.each(kinds.map(({ name }) => name))(
    'of ours of the kind %s takes no comment',
    async (kind) => {
      const wanted = kind.toLowerCase().replace('_s', 'S')
      const rest = {
        ...{ caseIndex: 0, chart: 'x', factor: 'INPUT', index: 0, layer: 0, matrix: 'MLP_UP' },
        ...{ position: 0, page: `/evaluations/${ids['evaluation']}` },
        ...{ evaluationId: ids['evaluation'], modelId: ids['model'], runId: ids['run'] },
      }
      const anchor = { kind, ...rest, id: ids[wanted] ?? ids['run'] }
      const query =
        'mutation($anchor: AnchorInput!) { comment(input: { anchor: $anchor, body: "x" }) { comment { id } errors { code } } }'
      const before = await snapshot()
      const { data } = await stranger.graphql(query, { anchor })
      expect(data.comment.comment).toBeNull()
      expect(data.comment.errors).toHaveLength(1)
      expect(await snapshot()).toBe(before)
    },
  )
})

it('the owner finds what the stranger does not', async () => {
  const query = 'query($id: ID!) { prompt(id: $id) { text } }'
  const variables = { id: ids['prompt'] }
  expect((await owner.graphql(query, variables)).data.prompt.text).toBe(marker)
  expect((await stranger.graphql(query, variables)).data.prompt).toBeNull()
})

it('a project that is named is not replaced by another', async () => {
  const named = { cookie: stranger.cookies, 'x-imprint-project': api.viewer.projectId }
  const { body } = await askWith(api, named, '{ prompts { totalCount } }')
  expect(body.errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN')
  const kept = { cookie: `${stranger.cookies}; imprint-project=${api.viewer.projectId}` }
  const { body: other } = await askWith(
    api,
    kept,
    '{ me { project { name } } prompts { totalCount } }',
  )
  expect(other.data).toEqual({ me: { project: { name: 'Theirs' } }, prompts: { totalCount: 0 } })
})

describe('files', () => {
  const reads = Object.keys(fileRoutes({ uploads: {} } as never, { webOrigins: [] })).filter(
    (name) => name.startsWith('GET') && name.includes(':id'),
  )
  it.each(reads)('%s', async (operation) => {
    for (const id of Object.values(ids)) {
      const path = operation.replace('GET ', '').replace(':id', id).replace(':file', 'rows.csv')
      const response = await fetch(`${api.url}${path}`, { headers: { cookie: stranger.cookies } })
      expect(response.status).toBe(404)
      expect(await response.text()).not.toContain(marker)
    }
  })
})
