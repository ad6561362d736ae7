import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { likePieces, piecesOf, wordsOf } from './search-words.js'

let api: TestApi
interface Hit {
  readonly kind: string
  readonly id: string
  readonly title: string
  readonly path: string
  readonly score: number
  readonly snippet: readonly { text: string; hit: boolean }[]
}

const search = async (
  query: string,
  more: object = {},
): Promise<{ total: number; hits: Hit[]; end: string | null }> => {
  const { data, errors } = await api.graphql(
    `query($query: String!, $kinds: [SearchKind!], $first: Int, $after: String) { search(query: $query, kinds: $kinds, first: $first, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { kind id title path score snippet { text hit } } } } }`,
    { query, ...more },
  )
  if (errors) throw new Error(errors[0]?.message)
  const { totalCount, edges, pageInfo } = data.search
  const hits = edges.map(({ node }: { node: Hit }) => node)
  return { total: totalCount, hits, end: pageInfo.hasNextPage ? pageInfo.endCursor : null }
}
const annotate = (index: number, label: string, more: object = {}) =>
  api.graphql(
    `mutation($input: AnnotationInput!) { annotateNeuron(input: $input) { annotation { id version } errors { code } } }`,
    {
      input: { anchor: { kind: 'NEURON', modelId: api.modelId, layer: 1, index }, label, ...more },
    },
  )

beforeAll(async () => {
  api = await startTestApi()
  await annotate(3, 'Names of capital cities', { description: 'Fires on **Vienna** and Lisbon.' })
  await annotate(4, 'Closing brackets', { tags: ['punctuation'] })
  await api.services.prompts.save(api.viewer, {
    text: 'The capital of Austria is',
    target: 'Vienna',
  })
  await api.services.collections.create(api.viewer, {
    name: 'Geography',
    description: 'Vienna etc.',
  })
  const { prisma } = api.database
  const { projectId, userId: authorId } = api.viewer
  await prisma.comment.create({
    data: {
      ...{ projectId, authorId, anchorKind: 'NEURON', anchorKey: `neuron:${api.modelId}/1/4` },
      ...{ body: 'It also fires on Viennese pastry, I think.', partOf: [], mentions: [] },
      anchor: {
        kind: 'NEURON',
        key: `neuron:${api.modelId}/1/4`,
        modelId: api.modelId,
        layer: 1,
        index: 4,
      },
    },
  })
})
afterAll(() => api.stop())

describe('the search', () => {
  it('finds words in annotations, prompts, collections, comments and neurons, with the place of each', async () => {
    const { hits, total } = await search('vienna')
    expect(hits.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['ANNOTATION', 'PROMPT', 'COLLECTION']),
    )
    expect(total).toBe(hits.length)
    const note = hits.find(({ kind }) => kind === 'ANNOTATION')
    expect(note?.path).toBe(`/annotations/${note?.id}`)
    expect(note?.snippet.find(({ hit }) => hit)?.text).toBe('Vienna')
    expect(note?.snippet.map(({ text }) => text).join('')).toContain('Fires on **Vienna**')
    const { hits: neurons } = await search('capital', { kinds: ['NEURON'] })
    expect(neurons[0]).toMatchObject({ path: `/models/${api.modelId}/neurons/1/3` })
    expect(neurons[0]?.title).toMatch(/^Neuron 1\/3 of .*: Names of capital cities$/)
    const { hits: comments } = await search('pastry')
    expect(comments[0]?.path).toBe(`/models/${api.modelId}/neurons/1/4#comment-${comments[0]?.id}`)
  })

  it('knows stems, beginnings of words, phrases, or and not', async () => {
    const titles = async (query: string) =>
      (await search(query, { kinds: ['ANNOTATION'] })).hits
        .filter(({ score }) => score >= 1)
        .map(({ title }) => title)
    expect(await titles('city')).toEqual(['Names of capital cities'])
    expect(await titles('capi')).toEqual(['Names of capital cities'])
    expect(await titles('"capital cities"')).toEqual(['Names of capital cities'])
    expect(await titles('"cities capital"')).toEqual([])
    expect(await titles('capital -vienna')).toEqual([])
    expect((await titles('capital or brackets')).toSorted()).toEqual([
      'Closing brackets',
      'Names of capital cities',
    ])
    expect(await titles('punctuation')).toEqual(['Closing brackets'])
  })

  it('finds what is misspelt, below what matches, and marks it', async () => {
    const { hits } = await search('captial citis', { kinds: ['ANNOTATION'] })
    expect(hits[0]?.title).toBe('Names of capital cities')
    expect(hits[0]?.score).toBeLessThan(1)
    const typo = await search('Viena')
    expect(typo.hits.length).toBeGreaterThan(0)
    expect(
      typo.hits.some(({ snippet }) => snippet.some(({ hit, text }) => hit && text === 'Vienna')),
    ).toBe(true)
  })

  it('puts a title that is exactly the words first', async () => {
    await annotate(5, 'Brackets')
    for (let at = 0; at < 3; at += 1) await annotate(6, `Brackets and brackets and brackets ${at}`)
    expect((await search('brackets', { kinds: ['ANNOTATION'] })).hits[0]?.title).toBe('Brackets')
  })

  it('comes page by page, each hit once', async () => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const page = await search('brackets', { first: 2, after })
      seen.push(...page.hits.map(({ kind, id }) => `${kind} ${id}`))
      after = page.end
    } while (after !== null)
    expect(seen.length).toBe((await search('brackets')).total)
    expect(new Set(seen).size).toBe(seen.length)
    await expect(search('x', { after: 'nonsense' })).rejects.toThrow('cursor')
  })

  it('follows changes, withdrawals and deletions at once', async () => {
    const { data } = await annotate(9, 'Zygomorphic flowers')
    const { id } = data.annotateNeuron.annotation
    expect((await search('zygomorphic')).hits.map(({ kind }) => kind).toSorted()).toEqual([
      'ANNOTATION',
      'NEURON',
    ])
    await api.services.annotations.update(api.viewer, {
      id,
      version: 1,
      label: 'Actinomorphic flowers',
    })
    expect((await search('zygomorphic')).hits.filter(({ score }) => score >= 1)).toEqual([])
    expect((await search('actinomorphic')).total).toBe(2)
    await api.services.annotations.withdraw(api.viewer, id)
    expect((await search('actinomorphic')).total).toBe(0)
    const prompt = await api.services.prompts.save(api.viewer, { text: 'Ephemeral words' })
    expect((await search('ephemeral')).total).toBe(1)
    await api.services.prompts.remove(api.viewer, prompt.id)
    expect((await search('ephemeral')).total).toBe(0)
  })

  it('keeps to the project', async () => {
    const { prisma } = api.database
    const { teamId, userId: authorId } = api.viewer
    const { id: projectId } = await prisma.project.create({
      data: { teamId, slug: 'other', name: 'Other' },
    })
    await prisma.collection.create({
      data: { projectId, authorId, name: 'Confidential xylophone' },
    })
    expect((await search('xylophone')).total).toBe(0)
    expect((await search('xilophone confidental')).total).toBe(0)
    const viewer = { ...api.viewer, projectId }
    const found = await api.services.search.find(viewer, {
      query: 'xylophone',
      kinds: null,
      first: 5,
      after: null,
    })
    expect(found.totalCount).toBe(1)
    await prisma.project.delete({ where: { id: projectId } })
    expect(
      (
        await api.services.search.find(viewer, {
          query: 'xylophone',
          kinds: null,
          first: 5,
          after: null,
        })
      ).totalCount,
    ).toBe(0)
  })

  it.each([
    '',
    '   ',
    '!!!',
    "' OR 1=1 --",
    '"unfinished',
    '(((',
    'a & b | !c',
    ':*',
    'the',
    '-x',
    '\\',
    '%_%',
    '🙂',
    '<script>alert(1)</script>',
    "it's",
  ])('answers %j without an error', async (query) => {
    expect((await search(query)).total).toBeGreaterThanOrEqual(0)
  })

  it('refuses what is no text, or too much of it', async () => {
    await expect(search('x'.repeat(301))).rejects.toThrow('at most 300')
    await expect(search('a\0b')).rejects.toThrow('NUL')
  })
})

describe('what was typed', () => {
  it('may end in the beginning of a word, unless it is a question with signs', () => {
    expect(wordsOf('  names of  Cap')).toEqual({
      whole: 'names of Cap',
      before: 'names of',
      beginning: 'cap',
    })
    expect(wordsOf('vie')).toMatchObject({ before: '', beginning: 'vie' })
    for (const text of ['vi', '"vie', 'a or vienna', 'x -vienna', ''])
      expect(wordsOf(text).beginning).toBeNull()
  })

  it('is marked as plain text', () => {
    expect(piecesOf('a \ue000b\ue001 <c>')).toEqual([
      ...[
        { text: 'a ', hit: false },
        { text: 'b', hit: true },
        { text: ' <c>', hit: false },
      ],
    ])
    expect(likePieces('Vienna, Austria', 'viena').filter(({ hit }) => hit)).toEqual([
      { text: 'Vienna', hit: true },
    ])
  })
})
