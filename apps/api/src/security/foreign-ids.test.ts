// Somebody of another team asks for each id of ours by every argument that takes one: nothing comes back, nothing changes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileRoutes } from '../file-routes.js'
import { buildImprintSchema } from '../schema.js'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { addOtherTeam, askWith, keyOf, setUpOwner, shareOf } from '../testing/test-people.js'
import type { TestPerson } from '../testing/test-people.js'
import { hasId, operationFor, rootFieldsOf } from './testing/schema-values.js'
import { queueRun } from './testing/queue-run.js'

const schema = buildImprintSchema()
const slow = ['awaitEvaluation', 'awaitLensRun']
/** A word that stands in a text of every row of ours, so that a leak is seen whatever field it is in. */
const marker = 'quetzalcoatl'

let api: TestApi
let owner: TestPerson
let stranger: TestPerson
/** Table -> the id of a row of ours. */
const ids: Record<string, string> = {}
beforeAll(async () => {
  api = await startTestApi({
    singleUser: false,
    variables: { IMPRINT_COST_PER_MINUTE: '100000000' },
  })
  owner = await setUpOwner(api)
  stranger = await addOtherTeam(api, owner)
  const { viewer, services, database } = api
  await database.prisma.model.updateMany({ data: { name: `${marker}-model` } })
  ids['model'] = api.modelId
  ids['prompt'] = (await services.prompts.save(viewer, { text: marker })).id
  ids['run'] = await queueRun(api)
  await database.prisma.lensRun.updateMany({ data: { promptText: marker } })
  ids['project'] = viewer.projectId
  ids['team'] = viewer.teamId
  ids['person'] = owner.id
  ids['key'] = (await keyOf(owner, ['read'])).id
  ids['link'] = (await shareOf(owner, `/${marker}`)).id
  const said = await owner.graphql(
    'mutation { createInvitation(input: { role: VIEWER }) { invitation { id } } }',
  )
  ids['invitation'] = said.data.createInvitation.invitation.id
  await fillTables()
})
afterAll(() => api.stop())

/** One row of everything that has a project and can be made without others’ rows, straight in the tables. */
async function fillTables(): Promise<void> {
  const { prisma } = api.database
  const mine = { projectId: api.viewer.projectId, authorId: owner.id }
  const modelId = api.modelId
  const anchor = { kind: 'MODEL', modelId }
  const shared = { anchorKind: 'NEURON', anchorKey: `neuron:${modelId}/0/0`, anchor } as const
  const annotation = await prisma.annotation.create({
    data: { ...mine, ...shared, label: marker, description: marker } as never,
  })
  const comment = await prisma.comment.create({
    data: { ...mine, ...shared, body: marker } as never,
  })
  const collection = await prisma.collection.create({ data: { ...mine, name: marker } as never })
  Object.assign(ids, { annotation: annotation.id, comment: comment.id, collection: collection.id })
}

/** What must be as it was: our rows, and who is in our team. */
async function snapshot(): Promise<string> {
  const { rows } = await api.database.pool.query<{ name: string; digest: string }>(
    `SELECT 'prompt' AS name, md5(string_agg(p::text, ',' ORDER BY id)) AS digest FROM prompt p WHERE project_id = $1
     UNION ALL SELECT 'run', md5(string_agg(id::text || state::text, ',' ORDER BY id)) FROM lens_run WHERE project_id = $1
     UNION ALL SELECT 'annotation', md5(string_agg(a::text, ',' ORDER BY id)) FROM annotation a WHERE project_id = $1
     UNION ALL SELECT 'comment', md5(string_agg(c::text, ',' ORDER BY id)) FROM comment c WHERE project_id = $1
     UNION ALL SELECT 'collection', md5(string_agg(c::text, ',' ORDER BY id)) FROM collection c WHERE project_id = $1
     UNION ALL SELECT 'project', md5(string_agg(p::text, ',' ORDER BY id)) FROM project p WHERE id = $1
     UNION ALL SELECT 'member', md5(string_agg(m::text, ',' ORDER BY user_id)) FROM membership m WHERE team_id = $2
     UNION ALL SELECT 'key', md5(string_agg(k.id::text || coalesce(revoked_at::text, ''), ',' ORDER BY id)) FROM api_key k WHERE project_id = $1
     UNION ALL SELECT 'link', md5(string_agg(s.id::text || coalesce(revoked_at::text, ''), ',' ORDER BY id)) FROM share_link s WHERE project_id = $1
     UNION ALL SELECT 'invitation', md5(string_agg(i::text, ',' ORDER BY id)) FROM invitation i WHERE team_id = $2`,
    [api.viewer.projectId, api.viewer.teamId],
  )
  return JSON.stringify(rows)
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
