import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'

let api: TestApi
let runIds: string[]
let editId: string

const hitFields =
  'hits { layer matrix factor position positionText top place run { id } edit { id } }'

async function search(input: object, page = '') {
  return api.graphql(
    `query($input: TokenSearchInput!) { searchProjections(input: $input ${page}) {
      tokenId tokenText alternatives { id text } total capped milliseconds nextCursor ${hitFields} } }`,
    { input: { modelId: api.modelId, ...input } },
  )
}
const found = async (input: object, page = '') => (await search(input, page)).data.searchProjections

interface Hit {
  readonly layer: number
  readonly matrix: string
  readonly factor: string
  readonly position: number | null
  readonly positionText: string | null
  readonly top: boolean
  readonly place: number
  readonly run: { readonly id: string } | null
  readonly edit: { readonly id: string } | null
}

beforeAll(async () => {
  api = await startTestApi()
  await api.startWorker(createScriptedEngine())
  runIds = []
  for (const promptText of ['abcdef', 'ghijkl']) {
    const { id } = await api.services.lensRuns.create(api.viewer, {
      ...{ modelId: api.modelId, promptText, targetText: 'x' },
    })
    runIds.push(id)
  }
  await eventually(
    () => api.database.prisma.lensRun.count({ where: { state: 'DONE' } }),
    (count) => count === 2,
  )
  const { projectId, userId: authorId } = api.viewer
  const edit = await api.database.prisma.edit.create({
    data: {
      ...{ projectId, authorId, modelId: api.modelId, method: 'forward-shift' },
      ...{ requests: [], probes: {}, hyperparameters: {}, onTopOf: [] },
    },
  })
  editId = edit.id
  const token = (id: number) => ({ id, text: `t${id}`, probability: 0.5, logit: 1 })
  const factor = {
    strength: 1,
    targetRank: 0,
    top: [12, 13, 14, 15].map(token),
    bottom: [token(12)],
  }
  const reading = { kind: 'low-rank', side: 'output', rank: 1, factors: [factor, factor] }
  const readings = [{ address: { layer: 1, matrix: 'mlp.down' }, ...reading }]
  await api.database.prisma.editResult.create({
    data: { editId, record: {}, effect: {}, growth: [], readings },
  })
})
afterAll(() => api.stop())

describe('the token search', () => {
  it('finds every cell of every run that has the token among the first three of an end', async () => {
    const { rows } = await api.database.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM search.token_hit WHERE token_id = 12',
    )
    const all = await found({ tokenId: 12, objects: ['RUN'] }, ', first: 100')
    expect(all).toMatchObject({ tokenId: 12, capped: false, nextCursor: null })
    expect(all.hits).toHaveLength(rows[0]?.n ?? -1)
    expect(all.total).toBe(all.hits.length)
    expect(all.hits.length).toBeGreaterThan(4)
    // Top ids of cell p are (3 p + k + salt) mod 50, bottom ids seven more; salt is 10 x layer + place of the matrix.
    const matrices = ['ATTENTION_QUERY', 'MLP_UP', 'MLP_DOWN']
    const expected = runIds.flatMap((id) =>
      [0, 1].flatMap((layer) =>
        matrices.flatMap((matrix, index) =>
          [0, 1, 2, 3, 4, 5].flatMap((position) =>
            [true, false].flatMap((top) =>
              [0, 1, 2].flatMap((place) => {
                const masked = matrix === 'MLP_DOWN' && position === 0
                const token = (3 * position + place + layer * 10 + index + (top ? 0 : 7)) % 50
                return token === 12 && !masked
                  ? [`${id} ${layer} ${matrix} ${position} ${top} ${place}`]
                  : []
              }),
            ),
          ),
        ),
      ),
    )
    const keys = all.hits.map(
      (hit: Hit) =>
        `${hit.run?.id} ${hit.layer} ${hit.matrix} ${hit.position} ${hit.top} ${hit.place}`,
    )
    expect([...keys].sort()).toEqual(expected.sort())
    const ids = all.hits.map((hit: Hit) => hit.run?.id)
    expect(ids).toEqual([...ids].sort().reverse())
    const [hit] = all.hits as Hit[]
    expect(hit?.positionText).toMatch(/^t\d+$/)
  })

  it('finds edits by what they write, and keeps them apart from runs', async () => {
    const { hits, total } = await found({ tokenId: 12, objects: ['EDIT'] })
    expect(total).toBe(4)
    expect(hits[0]).toEqual({
      ...{ layer: 1, matrix: 'MLP_DOWN', factor: 'OUTPUT', position: null, positionText: null },
      ...{ top: true, place: 0, run: null, edit: { id: editId } },
    })
    expect((await found({ tokenId: 15, objects: ['EDIT'] })).total).toBe(0)
    expect((await found({ tokenId: 12, objects: ['EDIT'], end: 'BOTTOM' })).total).toBe(2)
    expect((await found({ tokenId: 12, objects: ['EDIT'], factor: 'INPUT' })).total).toBe(0)
    const both = await found({ tokenId: 12 }, ', first: 100')
    expect(both.hits.slice(0, 4).every(({ edit }: Hit) => edit !== null)).toBe(true)
    expect(both.hits.slice(4).every(({ run }: Hit) => run !== null)).toBe(true)
  })

  it('filters by layer, matrix, factor and end as a filter of everything would', async () => {
    const all = (await found({ tokenId: 12 }, ', first: 100')).hits as Hit[]
    const cases: [object, (hit: Hit) => boolean][] = [
      [{ layer: 1 }, ({ layer }) => layer === 1],
      [{ layer: 9 }, () => false],
      [{ matrix: 'MLP_UP' }, ({ matrix }) => matrix === 'MLP_UP'],
      [{ factor: 'VJP' }, ({ matrix }) => matrix === 'MLP_DOWN'],
      [{ factor: 'INPUT', matrix: 'MLP_DOWN' }, () => false],
      [{ end: 'TOP' }, ({ top }) => top],
      [{ end: 'BOTTOM', layer: 0 }, ({ top, layer }) => !top && layer === 0],
    ]
    for (const [input, keeps] of cases) {
      const answer = await found({ tokenId: 12, ...input }, ', first: 100')
      expect(answer.hits).toEqual(all.filter(keeps))
      expect(answer.total).toBe(answer.hits.length)
    }
  })

  it('is paged without a hit lost or shown twice', async () => {
    const whole = (await found({ tokenId: 12 }, ', first: 100')).hits
    const pages: Hit[] = []
    let cursor: string | null = null
    do {
      const after: string = cursor === null ? '' : `, after: "${cursor}"`
      const page = await found({ tokenId: 12 }, `, first: 3 ${after}`)
      pages.push(...page.hits)
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(pages).toEqual(whole)
  })

  it('reads a text as tokens: with a space before it, without, or its first piece', async () => {
    const idOf = (letter: string) => found({ token: letter }).then(({ tokenId }) => tokenId)
    const letter = await found({ token: 'a' })
    expect(letter).toMatchObject({ tokenText: 'a', alternatives: [] })
    expect(await idOf(' ')).not.toBe(letter.tokenId)
    const word = await found({ token: 'ab' })
    expect(word.tokenText).toBe(' ')
    expect(word.alternatives.map(({ text }: { text: string }) => text)).toEqual(['a', 'b'])
  })

  it.each([
    [{}, 'BAD_ARGUMENT'],
    [{ token: '' }, 'BAD_ARGUMENT'],
    [{ tokenId: 257 }, 'TOKEN_OUT_OF_RANGE'],
    [{ tokenId: -1 }, 'TOKEN_OUT_OF_RANGE'],
    [{ token: 'a\0' }, 'TEXT_INVALID'],
    [{ tokenId: 1, modelId: 'x' }, 'MODEL_NOT_FOUND'],
  ])('%j is refused with %s', async (input, code) => {
    const { errors } = await search(input)
    expect(errors?.[0]?.extensions?.['code']).toBe(code)
  })

  it.each(['x', 'WzEsMl0', Buffer.from('["a","b","c","d","e","f"]').toString('base64url')])(
    'a cursor that no page gave is refused: %s',
    async (cursor) => {
      const { errors } = await search({ tokenId: 1 }, `, after: "${cursor}"`)
      expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT')
    },
  )

  it('counts to ten thousand and says that there are more', async () => {
    await api.database.pool.query(
      `INSERT INTO search.token_hit (model_key, token_id, layer, matrix, factor, run_id, position, at_top, place)
       SELECT m.search_key, 200, 0, 'MLP_UP', 'INPUT', r.id, p, true, 0
       FROM lens_run r JOIN model m ON m.id = r.model_id, generate_series(1, 10500) p WHERE r.id = $1`,
      [runIds[0]],
    )
    expect(await found({ tokenId: 200 })).toMatchObject({ total: 10_000, capped: true })
    expect(await found({ tokenId: 200, layer: 0 })).toMatchObject({ total: 10_000, capped: true })
    expect(await found({ tokenId: 200, layer: 1 })).toMatchObject({ total: 0, capped: false })
  })

  it('forgets the hits of a run or an edit that is deleted', async () => {
    await api.graphql('mutation($id: ID!) { deleteLensRun(id: $id) { deletedId } }', {
      id: runIds[1],
    })
    await api.database.prisma.edit.delete({ where: { id: editId } })
    const { hits } = await found({ tokenId: 12 }, ', first: 100')
    expect(new Set(hits.map((hit: Hit) => hit.run?.id))).toEqual(new Set([runIds[0]]))
  })
})
