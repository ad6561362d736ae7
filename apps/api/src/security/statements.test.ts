// A page of many rows costs no more statements of the database than a page of few: nothing is asked row by row.
import { randomUUID } from 'node:crypto'
import { getNamedType, isLeafType, isNonNullType } from 'graphql'
import type { GraphQLObjectType, GraphQLOutputType } from 'graphql'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildImprintSchema } from '../schema.js'
import { startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'
import { addEditRow, addRunRow, addViewer } from '../testing/test-team.js'
import { rootFieldsOf, selectionOf } from './testing/schema-values.js'

const [few, many] = [2, 12]
const schema = buildImprintSchema()
const wanted = ['prompts', 'lensRuns', 'edits', 'annotations', 'collections', 'models']
/** Known to be asked row by row (docs/security.md): what pages show of one thing at a time, and what waits for a worker. */
const ofOne: Readonly<Record<string, readonly string[]>> = {
  LensRun: ['hiddenGrid', 'cells'],
  Collection: ['items'],
}
const fields = rootFieldsOf(schema, 'Query').filter(({ name }) => wanted.includes(name))

let api: TestApi
let statements = 0
const plain = pg.Client.prototype.query
beforeAll(async () => {
  api = await startTestApi()
  const { prisma } = api.database
  const { projectId } = api.viewer
  const model = await prisma.model.findFirstOrThrow()
  for (let index = 0; index < many; index += 1) {
    const other = { id: randomUUID(), name: `model ${index}`, searchKey: 1_000 + index }
    if (index > 0) await prisma.model.create({ data: { ...model, ...other } })
    const viewer = await addViewer(api, 'annotator', `person-${index}`)
    const author = { projectId, authorId: viewer.userId }
    const anchorKey = `neuron:${api.modelId}/0/${index}`
    const anchor = { kind: 'NEURON', key: anchorKey, modelId: api.modelId, layer: 0, index }
    await api.services.prompts.save(viewer, { text: `prompt ${index}` })
    await addRunRow(api, `digest ${index}`, viewer)
    const editId = await addEditRow(api, viewer)
    const task = { kind: 'COMPUTE', input: {}, inputDigest: `digest ${index}` } as const
    await prisma.editTask.create({ data: { ...author, ...task, modelId: api.modelId, editId } })
    await prisma.annotation.create({
      data: { ...author, anchorKind: 'NEURON', anchorKey, anchor, label: 'x' } as never,
    })
    await prisma.collection.create({ data: { ...author, name: `c${index}` } })
  }
  const probes = { truth: null, paraphrases: [], neighbors: [], generationPrompts: [] }
  await prisma.edit.updateMany({ data: { probes } })
  pg.Client.prototype.query = function counted(this: pg.Client, ...asked: unknown[]) {
    statements += 1
    return Reflect.apply(plain, this, asked)
  } as typeof plain
})
afterAll(async () => {
  pg.Client.prototype.query = plain
  await api.stop()
})

/** How many statements a page of so many rows takes. */
async function statementsOf(name: string, selection: string, first: number): Promise<number> {
  const query = `{ ${name}(first: ${first}) ${selection} }`
  await api.graphql(query)
  statements = 0
  const { data, errors } = await api.graphql(query)
  expect(errors).toBeUndefined()
  expect(data[name].edges).toHaveLength(first)
  return statements
}

describe('a page of many', () => {
  it('is of every kind that is filled here', () => {
    expect(fields.map(({ name }) => name).sort()).toEqual([...wanted].sort())
  })

  it.each(fields.map((field) => [field.name, field] as const))('%s', async (name, field) => {
    const node = nodeOf(field.type)
    const rowByRow: string[] = []
    for (const one of Object.values(node.getFields())) {
      if (one.args.some(({ type }) => isNonNullType(type))) continue
      const inner = isLeafType(getNamedType(one.type)) ? '' : selectionOf(one.type, 1)
      const selection = `{ edges { node { ${one.name} ${inner} } } }`
      if (await costsMore(name, selection)) rowByRow.push(one.name)
    }
    expect(rowByRow).toEqual(ofOne[node.name] ?? [])
  })
})

/** Asked again where it seems so: what the API does by itself now and then is counted, too. */
async function costsMore(name: string, selection: string): Promise<boolean> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const short = await statementsOf(name, selection, few)
    const long = await statementsOf(name, selection, many)
    if (long <= short) return false
  }
  return true
}

/** The type of a connection's rows. */
function nodeOf(type: GraphQLOutputType): GraphQLObjectType {
  const edges = (getNamedType(type) as GraphQLObjectType).getFields()['edges']
  const edge = getNamedType(edges?.type as GraphQLOutputType) as GraphQLObjectType
  return getNamedType(edge.getFields()['node']?.type as GraphQLOutputType) as GraphQLObjectType
}
