import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const ask = async (query: string, variables: object = {}) => {
  const { data, errors } = await api.graphql(query, { ...variables })
  if (errors) throw new Error(errors[0]?.message)
  return data
}
const neuron = (index: number) => ({ kind: 'NEURON', modelId: api.modelId, layer: 0, index })
const create = async (input: object) =>
  (
    await ask(
      `mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id version itemCount author { handle } } errors { code field } } }`,
      { input },
    )
  ).createCollection
const add = async (input: object) =>
  (
    await ask(
      `mutation($input: AddToCollectionInput!) { addToCollection(input: $input) { added skipped collection { itemCount } errors { code field message } } }`,
      { input },
    )
  ).addToCollection
const items = async (id: string, first = 100, after: string | null = null) =>
  (
    await ask(
      `query($id: ID!, $first: Int, $after: String) { collection(id: $id) { items(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
        edges { node { id place note anchor { index title } addedBy { handle } annotations { label } mine { label } } } } } }`,
      { id, first, after },
    )
  ).collection.items
const updateItem = async (input: object) =>
  (
    await ask(
      `mutation($input: UpdateCollectionItemInput!) { updateCollectionItem(input: $input) { item { place note } errors { code } } }`,
      { input },
    )
  ).updateCollectionItem
type Edges = { node: { id: string; place: number; anchor: { index: number } } }[]
const orderOf = async (id: string): Promise<number[]> => {
  const { edges } = (await items(id)) as { edges: Edges }
  expect(edges.map(({ node }) => node.place)).toEqual(edges.map((_, place) => place))
  return edges.map(({ node }) => node.anchor.index)
}

describe('a collection', () => {
  it('keeps its order while things are added, moved and taken out', async () => {
    const { collection } = await create({ name: ' Countries ', description: 'For the paper.' })
    const collectionId = collection.id
    expect(await add({ collectionId, anchors: [0, 1, 2, 3, 2].map(neuron) })).toMatchObject({
      ...{ added: 4, skipped: 1, collection: { itemCount: 4 }, errors: [] },
    })
    expect(await add({ collectionId, anchors: [3, 4].map(neuron), note: 'late' })).toMatchObject({
      ...{ added: 1, skipped: 1 },
    })
    expect(await orderOf(collectionId)).toEqual([0, 1, 2, 3, 4])
    const { edges } = (await items(collectionId)) as { edges: Edges }
    const idOf = (at: number) => edges[at]?.node.id
    await updateItem({ id: idOf(4), place: 1 })
    expect(await orderOf(collectionId)).toEqual([0, 4, 1, 2, 3])
    expect((await updateItem({ id: idOf(0), place: 99, note: 'last' })).item).toEqual({
      ...{ place: 4, note: 'last' },
    })
    expect(await orderOf(collectionId)).toEqual([4, 1, 2, 3, 0])
    const removed = await ask(
      'mutation($id: ID!) { removeFromCollection(itemId: $id) { deletedId errors { code } } }',
      { id: idOf(2) },
    )
    expect(removed.removeFromCollection).toEqual({ deletedId: idOf(2), errors: [] })
    expect(await orderOf(collectionId)).toEqual([4, 1, 3, 0])
  })

  it('keeps its order when many change it at once', async () => {
    const { collection } = await create({ name: 'Busy' })
    const collectionId = collection.id
    await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        add({ collectionId, anchors: [0, 1, 2, 3].map((step) => neuron(4 * at + step)) }),
      ),
    )
    const { edges } = (await items(collectionId)) as { edges: Edges }
    await Promise.all(
      edges.slice(0, 8).map(({ node }, at) => updateItem({ id: node.id, place: 20 - at })),
    )
    expect((await orderOf(collectionId)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 24 }, (_, at) => at),
    )
  })

  it('shows page by page what is said about its things, and what I said', async () => {
    const { collection } = await create({ name: 'Pages' })
    await add({ collectionId: collection.id, anchors: [0, 1, 2, 3, 4].map(neuron) })
    await ask(
      `mutation($input: AnnotationInput!) { annotateNeuron(input: $input) { errors { code } } }`,
      { input: { anchor: neuron(1), label: 'One', confidence: 0.9 } },
    )
    const first = await items(collection.id, 2)
    expect(first).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } })
    expect(first.edges[1].node).toMatchObject({
      annotations: [{ label: 'One' }],
      mine: { label: 'One' },
    })
    expect(first.edges[0].node).toMatchObject({ annotations: [], mine: null })
    const last = await items(collection.id, 100, first.pageInfo.endCursor)
    expect(last.edges.map((edge: Edges[number]) => edge.node.anchor.index)).toEqual([2, 3, 4])
    await expect(items(collection.id, 2, 'x')).rejects.toThrow('cursor')
  })

  it('is renamed by whoever saw its newest version', async () => {
    const { collection } = await create({ name: 'Old' })
    const rename = async (version: number, name: string) =>
      (
        await ask(
          `mutation($input: UpdateCollectionInput!) { updateCollection(input: $input) { collection { name version } errors { code message } } }`,
          { input: { id: collection.id, version, name } },
        )
      ).updateCollection
    expect((await rename(1, 'New')).collection).toEqual({ name: 'New', version: 2 })
    const late = await rename(1, 'Newer')
    expect(late.errors[0]).toMatchObject({ code: 'CONFLICT' })
    expect(late.errors[0].message).toContain('version 2')
  })

  it('is made once for one clientMutationId, and refuses what it cannot hold', async () => {
    const made = await Promise.all(
      Array.from({ length: 5 }, () => create({ name: 'Same', clientMutationId: 'same' })),
    )
    const collectionId = made[0].collection.id
    expect(new Set(made.map(({ collection }) => collection.id)).size).toBe(1)
    expect((await create({ name: ' ' })).errors[0].code).toBe('NAME_EMPTY')
    expect((await create({ name: 'x'.repeat(121) })).errors[0].code).toBe('TEXT_TOO_LONG')
    expect((await create({ name: 'a\0' })).errors[0].code).toBe('TEXT_INVALID')
    const codeOf = async (input: object) => (await add(input)).errors[0]?.code
    expect(await codeOf({ collectionId, anchors: [] })).toBe('BAD_ARGUMENT')
    const many = Array.from({ length: 501 }, () => neuron(1))
    expect(await codeOf({ collectionId, anchors: many })).toBe('BAD_ARGUMENT')
    expect(await codeOf({ collectionId: 'x', anchors: [neuron(1)] })).toBe('COLLECTION_NOT_FOUND')
    expect(await codeOf({ collectionId, anchors: [neuron(1), { kind: 'RUN', id: 'x' }] })).toMatch(
      /NOT_FOUND|BAD_ANCHOR/,
    )
    expect((await items(collectionId)).totalCount).toBe(0)
    expect((await add({ collectionId, anchors: many.slice(1) })).added).toBe(1)
  })

  it('of another project is not found, nor are its items', async () => {
    const { prisma } = api.database
    const { teamId, userId } = api.viewer
    const project = await prisma.project.create({ data: { teamId, slug: 'other', name: 'Other' } })
    const foreign = await prisma.collection.create({
      data: {
        ...{ projectId: project.id, authorId: userId, name: 'Theirs' },
        items: {
          create: {
            place: 0,
            anchorKind: 'RUN',
            anchorKey: 'run:x',
            anchor: {},
            addedById: userId,
          },
        },
      },
      include: { items: true },
    })
    const itemId = foreign.items[0]?.id
    expect(
      (await ask('query($id: ID!) { collection(id: $id) { id } }', { id: foreign.id })).collection,
    ).toBeNull()
    expect((await add({ collectionId: foreign.id, anchors: [neuron(1)] })).errors[0].code).toBe(
      'COLLECTION_NOT_FOUND',
    )
    expect((await updateItem({ id: itemId, note: 'x' })).errors[0].code).toBe('ITEM_NOT_FOUND')
    for (const id of [itemId, 'x']) {
      const { removeFromCollection } = await ask(
        'mutation($id: ID!) { removeFromCollection(itemId: $id) { errors { code } } }',
        { id },
      )
      expect(removeFromCollection.errors[0].code).toBe('ITEM_NOT_FOUND')
    }
  })

  it('is deleted by who made it or an admin, found by its name before', async () => {
    const { collection } = await create({ name: 'Short-lived', description: 'gone soon' })
    const found = await ask(
      'query($search: String) { collections(filter: { search: $search }) { totalCount } }',
      { search: 'gone SOON' },
    )
    expect(found.collections.totalCount).toBe(1)
    const { prisma } = api.database
    const { id: userId } = await prisma.user.create({ data: { handle: 'eve', name: 'Eve' } })
    const viewer = { ...api.viewer, userId, role: 'annotator' as const }
    await expect(api.services.collections.remove(viewer, collection.id)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    expect(await api.services.collections.remove(api.viewer, collection.id)).toBe(collection.id)
  })
})
