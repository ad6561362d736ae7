import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const create = async (input: object) => {
  const { data, errors } = await api.graphql(
    `mutation($input: CreateLensRunInput!) { createLensRun(input: $input) {
      run { id state stage promptText targetText promptIds configDigest queuePosition } errors { code message field cure } } }`,
    { input: { modelId: api.modelId, promptText: 'The capital', targetText: 'Rome', ...input } },
  )
  if (errors) throw new Error(JSON.stringify(errors))
  return data.createLensRun
}
const read = async (id: string, fields: string) =>
  (await api.graphql(`query($id: ID!) { lensRun(id: $id) { ${fields} } }`, { id })).data.lensRun
const mutate = async (name: string, id: string) =>
  (
    await api.graphql(
      `mutation($id: ID!) { ${name}(id: $id) { run { id state attempt } errors { code } } }`,
      { id },
    )
  ).data[name]
const countRuns = () => api.database.prisma.lensRun.count()

describe('bad input', () => {
  for (const [what, input, code, field] of [
    ['an empty prompt', { promptText: '' }, 'PROMPT_EMPTY', 'promptText'],
    ['a prompt of spaces', { promptText: ' \n ' }, 'PROMPT_EMPTY', 'promptText'],
    [
      'an empty list of prompt ids',
      { promptText: null, promptIds: [] },
      'PROMPT_EMPTY',
      'promptText',
    ],
    ['a target of spaces', { targetText: '   ' }, 'TARGET_EMPTY', 'targetText'],
    [
      'a prompt longer than the context',
      { promptText: 'a'.repeat(65) },
      'PROMPT_TOO_LONG',
      'promptText',
    ],
    [
      'a sequence that passes the context',
      { promptText: 'a'.repeat(62), targetMode: 'SEQUENCE' },
      'PROMPT_TOO_LONG',
      'promptText',
    ],
    ['half a surrogate pair', { promptText: 'a\udc00' }, 'PROMPT_NOT_TEXT', 'promptText'],
    [
      'half a surrogate pair in the target',
      { targetText: '\ud83d' },
      'PROMPT_NOT_TEXT',
      'targetText',
    ],
    [
      'a token id out of range',
      { promptText: null, promptIds: [1, 257] },
      'TOKEN_OUT_OF_RANGE',
      'promptIds',
    ],
    [
      'a negative token id',
      { targetText: null, targetIds: [-1] },
      'TOKEN_OUT_OF_RANGE',
      'targetIds',
    ],
    [
      'an unknown model',
      { modelId: '00000000-0000-7000-8000-000000000000' },
      'MODEL_NOT_FOUND',
      'modelId',
    ],
    ['a model id that is none', { modelId: "x'; DROP TABLE model" }, 'MODEL_NOT_FOUND', 'modelId'],
    ['an unknown prompt', { promptId: 'nothing' }, 'PROMPT_NOT_FOUND', 'promptId'],
    ['text and ids', { promptIds: [1] }, 'BAD_ARGUMENT', 'promptText'],
    ['neither text nor ids', { targetText: null }, 'BAD_ARGUMENT', 'targetText'],
    ['topK of 0', { topK: 0 }, 'BAD_ARGUMENT', 'topK'],
    ['topK of 51', { topK: 51 }, 'BAD_ARGUMENT', 'topK'],
    ['a matrix the model lacks', { matrices: ['MLP_GATE'] }, 'BAD_ARGUMENT', 'matrices'],
    ['no matrices', { matrices: [] }, 'BAD_ARGUMENT', 'matrices'],
    ['a name that is too long', { name: 'x'.repeat(201) }, 'TEXT_TOO_LONG', 'name'],
  ] as const) {
    it(`${what} is refused with ${code}, and nothing is written`, async () => {
      const before = await countRuns()
      const { run, errors } = await create(input)
      expect(run).toBeNull()
      expect(errors).toEqual([
        { code, field, message: expect.stringMatching(/\.$/), cure: expect.stringMatching(/\.$/) },
      ])
      expect(await countRuns()).toBe(before)
    })
  }

  it('a wrong type is refused by the schema', async () => {
    const query = 'mutation { createLensRun(input: { modelId: "x", topK: "many" }) { run { id } } }'
    expect((await api.graphql(query)).errors?.[0]?.extensions?.['code']).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    )
  })
})

describe('runs without a worker', () => {
  it('wait in the queue with the leading space, their ids and a digest of the question', async () => {
    const { run } = await create({})
    expect(run).toMatchObject({
      state: 'QUEUED',
      stage: 'QUEUED',
      targetText: ' Rome',
      queuePosition: 1,
    })
    expect(run.promptIds).toHaveLength('The capital'.length)
    const again = await create({ name: 'the same question' })
    expect(again.run).toMatchObject({ configDigest: run.configDigest, queuePosition: 2 })
    expect((await create({ topK: 3 })).run.configDigest).not.toBe(run.configDigest)
  })

  it('are created once for each clientMutationId', async () => {
    const before = await countRuns()
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => create({ clientMutationId: 'one' })),
    )
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1)
    expect(await countRuns()).toBe(before + 1)
    const where = { subject: answers[0].run.id }
    expect(await api.database.prisma.auditEvent.count({ where })).toBe(1)
  })

  it('are cancelled, tried again and deleted', async () => {
    const { run } = await create({})
    expect((await mutate('retryLensRun', run.id)).errors[0].code).toBe('RUN_NOT_FAILED')
    expect((await mutate('cancelLensRun', run.id)).run.state).toBe('CANCELLED')
    expect((await mutate('cancelLensRun', run.id)).errors[0].code).toBe('RUN_ENDED')
    expect((await mutate('retryLensRun', run.id)).run).toMatchObject({
      state: 'QUEUED',
      attempt: 0,
    })
    const remove = 'mutation($id: ID!) { deleteLensRun(id: $id) { deletedId errors { code } } }'
    expect((await api.graphql(remove, { id: run.id })).data.deleteLensRun.deletedId).toBe(run.id)
    expect((await api.graphql(remove, { id: run.id })).data.deleteLensRun.errors[0].code).toBe(
      'RUN_NOT_FOUND',
    )
    expect(await read(run.id, 'id')).toBeNull()
    expect((await mutate('cancelLensRun', run.id)).errors[0].code).toBe('RUN_NOT_FOUND')
  })

  it('are listed by cursor, each once, and filtered', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `listed ${index}`)
    for (const name of names) await create({ name })
    const seen: string[] = []
    let after: string | null = null
    for (let more = true; more;) {
      const { data } = await api.graphql(
        `query($after: String) { lensRuns(first: 3, after: $after, filter: { search: "LISTED" }) {
          totalCount pageInfo { hasNextPage endCursor } edges { cursor node { name } } } }`,
        { after },
      )
      seen.push(...data.lensRuns.edges.map((edge: { node: { name: string } }) => edge.node.name))
      expect(data.lensRuns.totalCount).toBe(7)
      after = data.lensRuns.pageInfo.endCursor
      more = data.lensRuns.pageInfo.hasNextPage
    }
    expect(seen).toEqual(names.reverse())
    const filters =
      '{ lensRuns(filter: { state: DONE }) { totalCount } none: lensRuns(filter: { modelId: "x" }) { totalCount } }'
    expect((await api.graphql(filters)).data).toEqual({
      lensRuns: { totalCount: 0 },
      none: { totalCount: 0 },
    })
  })

  it('have no results yet: lists are empty and the rest is null', async () => {
    const { run } = await create({})
    const fields = `tokens { id } answer { token { id } } texts receipt grid(matrix: MLP_UP) { layers } hiddenGrid { layers }
      cell(layer: 0, position: 0, matrix: MLP_UP) { norm } imprint(layer: 0, position: 0) { layer } cells { totalCount edges { cursor } }`
    expect(await read(run.id, fields)).toEqual({
      ...{
        tokens: [],
        answer: null,
        texts: null,
        receipt: null,
        grid: null,
        hiddenGrid: null,
        cell: null,
        imprint: [],
      },
      cells: { totalCount: 0, edges: [] },
    })
  })

  it('say so when a cursor is damaged', async () => {
    for (const after of ['', 'x', Buffer.from('["no date","no id"]').toString('base64url')]) {
      const { errors } = await api.graphql(
        'query($after: String) { lensRuns(after: $after) { totalCount } }',
        { after },
      )
      expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', field: 'after' })
    }
  })
})

describe('results', () => {
  let id: string
  beforeAll(async () => {
    await api.startWorker(createScriptedEngine())
    id = (
      await create({
        promptText: 'abcd',
        topK: 3,
        matrices: ['ATTENTION_QUERY', 'MLP_UP', 'MLP_DOWN'],
      })
    ).run.id
    await eventually(
      () => read(id, 'state'),
      (run) => run.state === 'DONE',
    )
  })

  it('have a summary and a finished state', async () => {
    const fields =
      'stage attempt error { code } loss promptLength tokens { id text } rankedTarget { text } answer { token { text } } matrices durationSeconds receipt'
    expect(await read(id, fields)).toMatchObject({
      ...{
        stage: 'DONE',
        attempt: 1,
        error: null,
        loss: 1.25,
        promptLength: 4,
        rankedTarget: { text: 't9' },
      },
      ...{
        matrices: ['ATTENTION_QUERY', 'MLP_UP', 'MLP_DOWN'],
        receipt: { seed: 0 },
        answer: { token: { text: 't7' } },
      },
      durationSeconds: expect.any(Number),
    })
  })

  it('have grids, row-major, with six digits and the projectable factor', async () => {
    const fields =
      'layers positions factor norm inputNorm vjpNorm masked targetRank topIds bottomIds'
    const { up, down, hiddenGrid } = await read(
      id,
      `up: grid(matrix: MLP_UP) { ${fields} } down: grid(matrix: MLP_DOWN) { ${fields} } hiddenGrid { layers norm topIds }`,
    )
    expect(up).toMatchObject({
      layers: 2,
      positions: 4,
      factor: 'INPUT',
      inputNorm: [1.12346, 2.12346, 3.12346, 4.12346, 11.1235, 12.1235, 13.1235, 14.1235],
    })
    expect(up.norm).toEqual(up.inputNorm)
    expect(down).toMatchObject({ factor: 'VJP', targetRank: [-1, 3, 4, 5, -1, 13, 14, 15] })
    expect(down.norm).toEqual(down.vjpNorm)
    expect(down.masked).toEqual([true, false, false, false, true, false, false, false])
    expect(up.topIds).toEqual([1, 4, 7, 10, 11, 14, 17, 20])
    expect(hiddenGrid).toEqual({
      layers: 2,
      norm: [0, 1, 2, 3, 1, 2, 3, 4],
      topIds: [0, 3, 6, 9, 1, 4, 7, 10],
    })
  })

  it('have single cells of both factors, hidden cells and imprints, and null outside', async () => {
    const fields = 'factor norm otherNorm masked targetRank top { id text } bottom { id }'
    const at = (layer: number, position: number, rest = '') =>
      read(
        id,
        `cell(layer: ${layer}, position: ${position}, matrix: MLP_DOWN${rest}) { ${fields} }`,
      )
    expect((await at(1, 2)).cell).toMatchObject({
      factor: 'VJP',
      targetRank: 14,
      top: [{ id: 18, text: 't18' }, { id: 19 }, { id: 20 }],
    })
    expect((await at(1, 2, ', factor: INPUT')).cell).toMatchObject({
      factor: 'INPUT',
      targetRank: null,
      top: null,
      bottom: null,
    })
    expect((await at(0, 0)).cell).toMatchObject({
      masked: true,
      norm: 0,
      targetRank: null,
      top: null,
    })
    for (const [layer, position] of [
      [2, 0],
      [-1, 0],
      [0, 4],
      [0, -1],
    ] as const)
      expect((await at(layer, position)).cell).toBeNull()
    const { hiddenCell, imprint } = await read(
      id,
      'hiddenCell(layer: 1, position: 3) { norm top { id } } imprint(layer: 1, position: 1) { matrix own { neuron change } shiftTargetLogit }',
    )
    expect(hiddenCell).toMatchObject({ norm: 4, top: [{ id: 10 }, { id: 11 }, { id: 12 }] })
    expect(imprint).toEqual([
      {
        matrix: 'MLP_UP',
        own: [3, 4, 5].map((neuron) => ({ neuron, change: -neuron })),
        shiftTargetLogit: 3,
      },
    ])
  })

  it('have cells by page: every cell once, in order, whatever the page size and filter', async () => {
    const pages = async (first: number, filter: string) => {
      const nodes: unknown[] = []
      let after: string | null = null
      for (let more = true; more;) {
        const { data } = await api.graphql(
          `query($id: ID!, $after: String) { lensRun(id: $id) { cells(first: ${first}, after: $after${filter}) {
            totalCount pageInfo { hasNextPage endCursor } edges { node { matrix layer position factor norm } } } } }`,
          { id, after },
        )
        const { edges, pageInfo } = data.lensRun.cells
        nodes.push(...edges.map((edge: { node: unknown }) => edge.node))
        after = pageInfo.endCursor
        more = pageInfo.hasNextPage
      }
      return nodes
    }
    const all = await pages(100, '')
    expect(all).toHaveLength(3 * 2 * 4 * 2)
    expect(await pages(7, '')).toEqual(all)
    const some = await pages(2, ', matrix: MLP_DOWN, factor: VJP, layer: 1')
    expect(some).toHaveLength(4)
    expect(some).toMatchObject([{ position: 0 }, { position: 1 }, { position: 2 }, { position: 3 }])
  })

  it('are in the token search table, without masked VJPs, and go with their run', async () => {
    const count = async () =>
      Number(
        (
          await api.database.pool.query('SELECT count(*) FROM search.token_hit WHERE run_id = $1', [
            id,
          ])
        ).rows[0].count,
      )
    const cells = 3 * 2 * 4 - 2 // two layers' masked mlp.down at position 0
    expect(await count()).toBe(cells * 2 * 3)
    await api.graphql('mutation($id: ID!) { deleteLensRun(id: $id) { deletedId } }', { id })
    expect(await count()).toBe(0)
    expect(await api.database.prisma.projection.count({ where: { runId: id } })).toBe(0)
  })
})
