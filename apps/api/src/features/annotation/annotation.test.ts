import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const fields = `id state label description tags confidence version author { handle } commentCount
  anchor { kind key layer index title path } evidence { note anchor { key } }`
const neuron = (index: number) => ({ kind: 'NEURON', modelId: api.modelId, layer: 0, index })
const annotate = async (input: object) => {
  const answer = await api.graphql(
    `mutation($input: AnnotationInput!) { annotateNeuron(input: $input) { annotation { ${fields} } errors { code field message } } }`,
    { input },
  )
  if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  return answer.data.annotateNeuron
}
const update = async (input: object) =>
  (
    await api.graphql(
      `mutation($input: UpdateAnnotationInput!) { updateAnnotation(input: $input) { annotation { ${fields} versions { version label change author { handle } diff { field kind text } } } errors { code field message cure } } }`,
      { input },
    )
  ).data.updateAnnotation
const list = async (variables: object, fields = 'id label') => {
  const answer = await api.graphql(
    `query($first: Int, $after: String, $filter: AnnotationFilter, $order: AnnotationOrder) {
      annotations(first: $first, after: $after, filter: $filter, order: $order) {
        totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ${fields} } } } }`,
    { ...variables },
  )
  if (answer.errors) throw new Error(answer.errors[0]?.message)
  return answer.data.annotations
}
const codeOf = (payload: { errors: { code: string }[] }): string | undefined =>
  payload.errors[0]?.code

describe('an annotation', () => {
  it('is kept with clean text, its anchor in words, and evidence that exists', async () => {
    const { annotation, errors } = await annotate({
      anchor: neuron(3),
      label: '  Names   of countries ',
      description: 'Fires on **countries**.',
      tags: ['Geography', 'geography', ' names '],
      confidence: 0.8,
      evidence: [{ anchor: neuron(4), note: 'its neighbour' }],
    })
    expect(errors).toEqual([])
    expect(annotation).toMatchObject({
      ...{ state: 'PROPOSED', label: 'Names of countries', tags: ['geography', 'names'] },
      ...{ confidence: 0.8, version: 1, commentCount: 0 },
      anchor: { kind: 'NEURON', key: `neuron:${api.modelId}/0/3`, index: 3 },
      evidence: [{ note: 'its neighbour', anchor: { key: `neuron:${api.modelId}/0/4` } }],
    })
    expect(annotation.anchor.path).toBe(`/models/${api.modelId}/neurons/0/3`)
  })

  it('is made once for one clientMutationId, however often it is asked for at once', async () => {
    const input = { anchor: neuron(5), label: 'Once', clientMutationId: 'once' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => annotate(input)))
    expect(new Set(answers.map(({ annotation }) => annotation.id)).size).toBe(1)
    const { pool } = api.database
    const id = answers[0].annotation.id
    const count = async (sql: string) => Number((await pool.query(sql, [id])).rows[0].count)
    expect(await count('SELECT count(*) FROM annotation_version WHERE annotation_id = $1')).toBe(1)
    expect(await count('SELECT count(*) FROM audit_event WHERE subject = $1::text')).toBe(1)
  })

  it.each([
    ['an empty label', { label: '  ' }, 'LABEL_EMPTY'],
    ['a label that is too long', { label: 'x'.repeat(201) }, 'TEXT_TOO_LONG'],
    ['a huge description', { description: 'x'.repeat(20_001) }, 'TEXT_TOO_LONG'],
    ['a NUL', { label: 'a\0b' }, 'TEXT_INVALID'],
    ['half a surrogate pair', { description: 'a\ud800' }, 'TEXT_INVALID'],
    ['101 tags', { tags: Array.from({ length: 101 }, (_, at) => `tag ${at}`) }, 'TOO_MANY_TAGS'],
    ['21 tags', { tags: Array.from({ length: 21 }, (_, at) => `tag ${at}`) }, 'TOO_MANY_TAGS'],
    ['a long tag', { tags: ['x'.repeat(51)] }, 'TEXT_TOO_LONG'],
    ['a confidence above 1', { confidence: 1.01 }, 'BAD_ARGUMENT'],
    ['a confidence below 0', { confidence: -0.1 }, 'BAD_ARGUMENT'],
  ])('is refused with %s', async (_name, part, code) => {
    const payload = await annotate({ anchor: neuron(6), label: 'Fine', ...part })
    expect(payload.annotation).toBeNull()
    expect(codeOf(payload)).toBe(code)
  })

  it('is refused about what is not in the project, and with evidence that is not', async () => {
    const nowhere = '018f0000-0000-7000-8000-000000000000'
    expect(codeOf(await annotate({ anchor: { kind: 'RUN', id: nowhere }, label: 'x' }))).toBe(
      'RUN_NOT_FOUND',
    )
    expect(codeOf(await annotate({ anchor: { ...neuron(1), layer: 99 }, label: 'x' }))).toBe(
      'BAD_ANCHOR',
    )
    const evidence = [{ anchor: { kind: 'EDIT', id: nowhere } }]
    const payload = await annotate({ anchor: neuron(1), label: 'x', evidence })
    expect(payload.errors[0]).toMatchObject({ code: 'EDIT_NOT_FOUND' })
    const many = Array.from({ length: 21 }, () => ({ anchor: neuron(2) }))
    expect(codeOf(await annotate({ anchor: neuron(1), label: 'x', evidence: many }))).toBe(
      'TOO_MUCH_EVIDENCE',
    )
  })

  it('gets versions, word by word against the one before', async () => {
    const { annotation } = await annotate({
      ...{ anchor: neuron(7), label: 'Capital cities', tags: ['a'], description: 'one two three' },
    })
    const changed = await update({
      ...{ id: annotation.id, version: 1, label: 'Capital towns', tags: ['b'], change: 'narrower' },
    })
    expect(changed.errors).toEqual([])
    const [newest, first] = changed.annotation.versions
    expect(newest).toMatchObject({ version: 2, change: 'narrower', author: { handle: 'local' } })
    expect(first).toMatchObject({ version: 1, diff: [] })
    expect(newest.diff).toEqual([
      { field: 'label', kind: 'same', text: 'Capital ' },
      { field: 'label', kind: 'removed', text: 'cities' },
      { field: 'label', kind: 'added', text: 'towns' },
      { field: 'tags', kind: 'removed', text: 'a' },
      { field: 'tags', kind: 'added', text: 'b' },
    ])
    expect(changed.annotation.description).toBe('one two three')
  })

  it('is changed by one of many who saw the same version; the others are told the current one', async () => {
    const { annotation } = await annotate({ anchor: neuron(8), label: 'Race' })
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        update({ id: annotation.id, version: 1, label: `Race ${at}` }),
      ),
    )
    const refused = answers.filter(({ errors }) => errors.length > 0)
    expect(refused).toHaveLength(7)
    for (const { errors } of refused) {
      expect(errors[0]).toMatchObject({ code: 'CONFLICT', field: 'version' })
      expect(errors[0].message).toContain('version 2')
    }
  })

  it('can be taken back; lists leave it out until they are asked for it', async () => {
    const { annotation } = await annotate({ anchor: neuron(9), label: 'Taken back' })
    await api.graphql(
      `mutation($id: ID!) { withdrawAnnotation(id: $id) { annotation { state } errors { code } } }`,
      { id: annotation.id },
    )
    const anchor = neuron(9)
    expect((await list({ filter: { anchor } })).totalCount).toBe(0)
    expect((await list({ filter: { anchor, state: 'WITHDRAWN' } })).totalCount).toBe(1)
    const again = await update({ id: annotation.id, version: 1, confidence: 1 })
    expect(again.annotation).toMatchObject({ state: 'PROPOSED', version: 2 })
  })

  it('of another project, or of nobody, is not found', async () => {
    const other = await foreignAnnotation()
    for (const id of [other, 'nonsense', '018f0000-0000-7000-8000-000000000000']) {
      expect(codeOf(await update({ id, version: 1, label: 'mine' }))).toBe('ANNOTATION_NOT_FOUND')
      const { data } = await api.graphql(`query($id: ID!) { annotation(id: $id) { id } }`, { id })
      expect(data.annotation).toBeNull()
    }
    const edges: readonly { node: { id: string } }[] = (await list({ first: 100 })).edges
    expect(edges.map(({ node }) => node.id)).not.toContain(other)
  })

  it('of somebody else is changed by an admin only', async () => {
    const { annotation } = await annotate({ anchor: neuron(10), label: 'Mine' })
    const author = await newPerson('ada')
    const viewer = { ...api.viewer, userId: author, role: 'annotator' as const }
    await expect(
      api.services.annotations.update(viewer, { id: annotation.id, version: 1, label: 'Theirs' }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(api.services.annotations.withdraw(viewer, annotation.id)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
  })
})

describe('lists of annotations', () => {
  it.each(['NEWEST', 'UPDATED', 'CONFIDENCE', 'LABEL'])(
    'in the order %s come page by page, each once',
    async (order) => {
      if ((await list({ filter: { tag: 'paged' } })).totalCount === 0)
        for (let at = 0; at < 7; at += 1)
          await annotate({
            ...{
              anchor: neuron(11),
              label: `L${at % 3}`,
              confidence: (at % 2) / 2,
              tags: ['paged'],
            },
          })
      const seen: { id: string; label: string; confidence: number }[] = []
      let after: string | null = null
      do {
        const variables: object = { first: 2, after, order, filter: { tag: 'paged' } }
        const page = await list(variables, 'id label confidence')
        expect(page.totalCount).toBe(7)
        seen.push(...page.edges.map((edge: { node: (typeof seen)[number] }) => edge.node))
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      } while (after !== null)
      expect(new Set(seen.map(({ id }) => id)).size).toBe(7)
      const values = seen.map((one) => (order === 'CONFIDENCE' ? -one.confidence : one.label))
      if (order === 'CONFIDENCE' || order === 'LABEL')
        expect(values).toEqual([...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)))
    },
  )

  it('refuse a cursor of another order, and one nobody made', async () => {
    const { pageInfo } = await list({ first: 1, order: 'LABEL' })
    await expect(list({ after: pageInfo.endCursor, order: 'NEWEST' })).rejects.toThrow('cursor')
    await expect(list({ after: 'x' })).rejects.toThrow('cursor')
  })

  it('filter by words, tag, layer, author, state and anchor together', async () => {
    await annotate({ anchor: neuron(12), label: '100%_sure', tags: ['odd'] })
    expect((await list({ filter: { search: '100%_' } })).totalCount).toBe(1)
    expect((await list({ filter: { search: '1000_' } })).totalCount).toBe(0)
    const filter = { tag: 'ODD', layer: 0, modelId: api.modelId, authorId: api.viewer.userId }
    expect((await list({ filter: { ...filter, state: 'PROPOSED' } })).totalCount).toBe(1)
    expect((await list({ filter: { ...filter, state: 'ACCEPTED' } })).totalCount).toBe(0)
    expect((await list({ filter: { ...filter, anchorKind: 'RUN' } })).totalCount).toBe(0)
    expect((await list({ filter: { modelId: "' OR 1=1" } })).totalCount).toBe(0)
  })
})

describe('tags', () => {
  it('are counted', async () => {
    const { data } = await api.graphql('{ annotationTags { tag count } }')
    expect(data.annotationTags).toContainEqual({ tag: 'paged', count: 7 })
    expect(data.annotationTags[0].count).toBeGreaterThanOrEqual(data.annotationTags.at(-1).count)
  })

  it('are suggested from the same neuron, from its neighbours and from texts that are alike', async () => {
    await annotate({ anchor: neuron(20), label: 'Punctuation marks', tags: ['same'] })
    await annotate({ anchor: neuron(22), label: 'Other', tags: ['beside'] })
    await annotate({
      anchor: { ...neuron(40), layer: 1 },
      label: 'Days of the week',
      tags: ['time'],
    })
    const suggest = async (text: string | null) =>
      (
        await api.graphql(
          'query($anchor: AnchorInput!, $text: String) { suggestTags(anchor: $anchor, text: $text) }',
          { anchor: neuron(20), text },
        )
      ).data.suggestTags
    expect(await suggest(null)).toEqual(expect.arrayContaining(['same', 'beside']))
    expect((await suggest(null))[0]).toBe('same')
    expect(await suggest(null)).not.toContain('time')
    expect(await suggest('days of the weak')).toContain('time')
  })
})

async function newPerson(handle: string): Promise<string> {
  const { prisma } = api.database
  return (await prisma.user.create({ data: { handle, name: handle } })).id
}

async function foreignAnnotation(): Promise<string> {
  const { prisma } = api.database
  const { teamId } = api.viewer
  const project = await prisma.project.create({ data: { teamId, slug: 'other', name: 'Other' } })
  const row = await prisma.annotation.create({
    data: {
      ...{ projectId: project.id, authorId: api.viewer.userId, anchorKind: 'PROMPT' },
      ...{ anchorKey: 'prompt:x', anchor: {}, label: 'Elsewhere' },
    },
  })
  return row.id
}
