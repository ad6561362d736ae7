import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const fields = 'id text target tags note runCount author model { name }'
const save = (input: object) =>
  api
    .graphql(
      `mutation($input: SavePromptInput!) { savePrompt(input: $input) { prompt { ${fields} } errors { code field } } }`,
      { input },
    )
    .then(({ data }) => data.savePrompt)

describe('saved prompts', () => {
  it('are saved with clean tags, and listed newest first by cursor', async () => {
    for (let number = 1; number <= 5; number += 1)
      await save({ text: `Prompt ${number}`, tags: [' B ', 'a', 'b'] })
    const page = (after: string | null) =>
      api
        .graphql(
          `query($after: String) { prompts(first: 2, after: $after) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { text tags } } } }`,
          { after },
        )
        .then(({ data }) => data.prompts)
    const texts: string[] = []
    let after: string | null = null
    for (let more = true; more;) {
      const { edges, pageInfo, totalCount } = await page(after)
      expect(totalCount).toBe(5)
      expect(pageInfo.hasPreviousPage).toBe(after !== null)
      texts.push(...edges.map((edge: { node: { text: string } }) => edge.node.text))
      expect(edges[0].node.tags).toEqual(['a', 'b'])
      after = pageInfo.endCursor
      more = pageInfo.hasNextPage
    }
    expect(texts).toEqual(['Prompt 5', 'Prompt 4', 'Prompt 3', 'Prompt 2', 'Prompt 1'])
  })

  it('are saved once for each clientMutationId, however often and at once it is sent', async () => {
    const input = { text: 'Only once', clientMutationId: 'same' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => save(input)))
    expect(new Set(answers.map(({ prompt }) => prompt.id)).size).toBe(1)
    const { data } = await api.graphql(
      '{ prompts(filter: { search: "only ONCE" }) { totalCount } }',
    )
    expect(data.prompts.totalCount).toBe(1)
    await save(input)
    const where = { subject: answers[0].prompt.id }
    expect(await api.database.prisma.auditEvent.count({ where })).toBe(1)
  })

  it('are found by tag and text, changed, and deleted', async () => {
    const { prompt } = await save({
      text: 'A rare word: xylophone',
      tags: ['music'],
      modelId: api.modelId,
      target: 'wood',
    })
    expect(prompt).toMatchObject({
      target: 'wood',
      runCount: 0,
      author: 'You',
      model: { name: 'tiny-bytes' },
    })
    const update = `mutation($input: UpdatePromptInput!) { updatePrompt(input: $input) { prompt { ${fields} } errors { code } } }`
    const changed = await api.graphql(update, {
      input: { id: prompt.id, tags: ['wind'], note: 'no', target: null },
    })
    expect(changed.data.updatePrompt.prompt).toMatchObject({
      tags: ['wind'],
      note: 'no',
      target: null,
    })
    const found = await api.graphql(
      '{ prompts(filter: { tag: "WIND", search: "xylo" }) { totalCount } promptTags }',
    )
    expect(found.data).toEqual({ prompts: { totalCount: 1 }, promptTags: ['a', 'b', 'wind'] })
    const remove = 'mutation($id: ID!) { deletePrompt(id: $id) { deletedId errors { code } } }'
    expect((await api.graphql(remove, { id: prompt.id })).data.deletePrompt).toEqual({
      deletedId: prompt.id,
      errors: [],
    })
    expect((await api.graphql(remove, { id: prompt.id })).data.deletePrompt.errors[0].code).toBe(
      'PROMPT_NOT_FOUND',
    )
    expect(
      (await api.graphql('query($id: ID!) { prompt(id: $id) { id } }', { id: prompt.id })).data
        .prompt,
    ).toBeNull()
  })

  for (const [what, input, code, field] of [
    ['an empty text', { text: '  ' }, 'PROMPT_EMPTY', 'text'],
    ['a text that is too long', { text: 'x'.repeat(20_001) }, 'TEXT_TOO_LONG', 'text'],
    ['half a surrogate pair', { text: 'a\ud800b' }, 'TEXT_INVALID', 'text'],
    ['NUL', { text: 'x', note: 'a\0b' }, 'TEXT_INVALID', 'note'],
    [
      'too many tags',
      { text: 'x', tags: Array.from({ length: 21 }, (_, index) => `t${index}`) },
      'TOO_MANY_TAGS',
      'tags',
    ],
    ['an unknown model', { text: 'x', modelId: 'nothing' }, 'MODEL_NOT_FOUND', 'modelId'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      expect(await save(input)).toEqual({ prompt: null, errors: [{ code, field }] })
    })
  }
})
