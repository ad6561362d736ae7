import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RunLeaseRepository } from '../../jobs/run-lease.repository.js'
import { editMutations } from '../../testing/edit-mutations.js'
import { writeSampleEvaluation } from '../../testing/sample-evaluation.js'
import type { SampleEvaluation } from '../../testing/sample-evaluation.js'
import { sampleResult } from '../../testing/sample-result.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { addEditRow, addRunRow, addViewer } from '../../testing/test-team.js'
import type { Viewer } from '../account/viewer.js'
import { packResult } from '../lens-run/pack-result.js'
import { toLensRequest } from '../lens-run/run-request.js'
import { sliceDigest } from '../slice/slice.service.js'
import { canonicalJson } from './export-file.js'
import {
  download as downloadFrom,
  importFile,
  pathTo,
  sealed,
  tableOf,
  upload,
} from './testing/export-files.js'
import type { Kind } from './testing/export-files.js'

let api: TestApi
let other: Viewer
const ids = { run: '', edit: '', evaluation: '' }
const kinds: readonly Kind[] = ['run', 'edit', 'evaluation']
beforeAll(async () => {
  api = await startTestApi()
  other = await addViewer(api, 'researcher', 'other')
  ids.run = await doneRun()
  ids.edit = await editMutations(api).createComputed({ name: 'export me' })
  const arms = [
    { name: 'a', method: 'rome' },
    { name: 'b', method: 'memit', failed: [2], skipped: [4] },
  ]
  const sample = await writeSampleEvaluation(api, { arms })
  ids.evaluation = sample.id
  await giveDigest(sample)
}, 60_000)
afterAll(() => api.stop())

/** Samples have made-up digests; those of slices are counted from their cases. */
async function giveDigest({ datasetId, sliceId }: SampleEvaluation): Promise<void> {
  const { dataset, slice } = api.database.prisma
  const { digest } = await dataset.findUniqueOrThrow({ where: { id: datasetId } })
  const { places } = await slice.findUniqueOrThrow({ where: { id: sliceId } })
  await slice.update({ where: { id: sliceId }, data: { digest: sliceDigest(digest, places) } })
}

async function doneRun(): Promise<string> {
  const { data } = await api.graphql(
    `mutation($input: CreateLensRunInput!) { createLensRun(input: $input) { run { id } errors { message } } }`,
    { input: { modelId: api.modelId, promptIds: [1, 2, 3], targetIds: [5] } },
  )
  const { id } = data.createLensRun.run
  const claimed = await new RunLeaseRepository(api.database).claim('test')
  if (claimed?.id !== id) throw new Error('another run was waiting')
  const stored = packResult(sampleResult(toLensRequest(claimed as never)))
  expect(await api.services.results.storeDone(id, claimed?.leaseEpoch ?? 0, stored)).toBe(true)
  return id
}

const download = (kind: Kind, id: string) => downloadFrom(api, kind, id)
const sendIn = async (kind: Kind, content: string) =>
  importFile(api, kind, await upload(api, content))
const codeOf = async (kind: Kind, content: string): Promise<string | undefined> =>
  (await sendIn(kind, content)).errors[0]?.code

/** Everything of the tables that an import may write. */
async function counts(): Promise<unknown> {
  const { prisma } = api.database
  const tables = ['lensRun', 'edit', 'editTask', 'evaluation', 'slice', 'caseResult'] as const
  return Promise.all(tables.map((table) => (prisma[table] as { count(): Promise<number> }).count()))
}

describe.each(kinds)('a %s', (kind) => {
  it('comes back as it went out: the same content, the same digest, another id', async () => {
    const first = await download(kind, ids[kind])
    const answer = await sendIn(kind, first)
    expect(answer.errors).toEqual([])
    const id = answer[kind]?.id ?? ''
    expect(id).not.toBe(ids[kind])
    const [before, after] = [JSON.parse(first), JSON.parse(await download(kind, id))]
    expect(after.contentDigest).toBe(before.contentDigest)
    expect(canonicalJson(after.content)).toBe(canonicalJson(before.content))
    expect(after.rows).toEqual(before.rows)
    expect(before.rows.length).toBeGreaterThan(0)
    expect(before.provenance).toMatchObject({ id: ids[kind] })
  })

  it('is written once, however often the same file is imported, also at the same time', async () => {
    const text = await download(kind, ids[kind])
    const known = await sendIn(kind, text)
    const before = await counts()
    const again = await sendIn(kind, text)
    expect([again.errors, again.existed, again[kind]?.id]).toEqual([[], true, known[kind]?.id])
    expect(await counts()).toEqual(before)
    await tableOf(api, kind).deleteMany({ where: { id: known[kind]?.id } })
    const uploads = await Promise.all(Array.from({ length: 4 }, () => upload(api, text)))
    const answers = await Promise.all(uploads.map((one) => importFile(api, kind, one)))
    expect(answers.flatMap(({ errors }) => errors)).toEqual([])
    expect(new Set(answers.map((answer) => answer[kind]?.id)).size).toBe(1)
    expect(answers.map(({ existed }) => existed).sort()).toEqual([false, true, true, true])
    expect(await counts()).toEqual(before)
  })

  it('is not imported when anything of it was changed, cut off, or is of another kind', async () => {
    const text = await download(kind, ids[kind])
    const before = await counts()
    const file = JSON.parse(text)
    const renamed = { ...file, content: { ...file.content, name: 'another' } }
    const dropped = { ...file, rows: file.rows.slice(1) }
    expect(await codeOf(kind, JSON.stringify(renamed))).toBe('EXPORT_CHANGED')
    expect(await codeOf(kind, JSON.stringify(dropped))).toBe('EXPORT_CHANGED')
    expect(await codeOf(kind, text.slice(0, -100))).toBe('EXPORT_INVALID')
    expect(await codeOf(kind, '')).toBe('EXPORT_INVALID')
    expect(await codeOf(kind, '[]')).toBe('EXPORT_INVALID')
    expect(await codeOf(kind, JSON.stringify({ ...file, version: 2 }))).toBe('EXPORT_INVALID')
    const other = kinds.find((one) => one !== kind) as Kind
    expect(await codeOf(other, text)).toBe('EXPORT_INVALID')
    expect(await counts()).toEqual(before)
  })

  it('is not imported with wrong types, even where the digest fits', async () => {
    const file = JSON.parse(await download(kind, ids[kind]))
    const before = await counts()
    const wrong: [string, object, unknown[]][] = [
      ['no name', { ...file.content, name: 7 }, file.rows],
      ['no model', { ...file.content, model: null, arms: null }, file.rows],
      ['a foreign row', file.content, [...file.rows, { layer: 'x' }]],
      [
        'half of a row',
        file.content,
        file.rows.map((row: object) => ({ ...row, place: -1, layer: -1 })),
      ],
    ]
    for (const [what, content, rows] of wrong)
      expect(await codeOf(kind, sealed(file, content, rows)), what).toBe('EXPORT_INVALID')
    expect(await counts()).toEqual(before)
  })

  it('is not imported where its model is not', async () => {
    const file = JSON.parse(await download(kind, ids[kind]))
    const model = { digest: 'f'.repeat(64), name: 'elsewhere' }
    const arms = file.content.arms?.map((arm: object) => ({ ...arm, model }))
    const content = { ...file.content, ...(arms ? { arms } : { model }) }
    const { errors } = await sendIn(kind, sealed(file, content, file.rows))
    expect(errors[0]).toMatchObject({ code: 'EXPORT_NEEDS', field: 'uploadId' })
    expect(errors[0]?.message).toContain('elsewhere')
  })

  it('of another project, or of none, is not there', async () => {
    for (const id of [randomUUID(), 'x', '..%2f..']) {
      const response = await fetch(api.url + pathTo(kind, id))
      const { code } = (await response.json()) as { code: string }
      expect([response.status, code]).toEqual([404, 'EXPORT_NOT_FOUND'])
    }
  })
})

/** What of a kind is not finished, by somebody. */
const unfinished: Readonly<Record<Kind, () => Promise<string>>> = {
  run: () => addRunRow(api, 'a digest'),
  edit: () => addEditRow(api),
  evaluation: async () =>
    (await writeSampleEvaluation(api, { arms: [{ name: 'a', method: 'rome' }] })).id,
}

describe.each(kinds)('the name of an import of a %s', (kind) => {
  const read = (id: string) => tableOf(api, kind).findUnique({ where: { id } })

  it.each(['mine', 'somebody else’s'])(
    'is no reason to give out what is %s and was not imported',
    async (whose) => {
      const file = JSON.parse(await download(kind, ids[kind]))
      const text = sealed(file, { ...file.content, name: `named: ${whose}` }, file.rows)
      const clientMutationId = `import:${JSON.parse(text).contentDigest}`
      const id = await unfinished[kind]()
      const authorId = whose === 'mine' ? api.viewer.userId : other.userId
      await tableOf(api, kind).update({ where: { id }, data: { authorId, clientMutationId } })
      const made = await sendIn(kind, text)
      expect([made.errors, made.existed]).toEqual([[], false])
      expect(made[kind]?.id).not.toBe(id)
      const again = await sendIn(kind, text)
      expect([again.existed, again[kind]?.id]).toEqual([true, made[kind]?.id])
      const kept = whose === 'mine' ? null : clientMutationId
      expect(await read(id)).toMatchObject({ clientMutationId: kept })
    },
  )
})

describe('an import of a run that is cut off', () => {
  it('leaves nothing, and the same import that waits for it is made', async () => {
    const file = JSON.parse(await download('run', ids.run))
    const text = sealed(file, { ...file.content, name: 'cut off' }, file.rows)
    const { pool, prisma } = api.database
    const lock = await pool.connect()
    const waiting = (what: string) =>
      pool.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`,
        [what],
      )
    await lock.query('BEGIN; LOCK TABLE "lens_result" IN ACCESS EXCLUSIVE MODE')
    const first = sendIn('run', text).catch((error: Error) => error)
    const cut = await eventually(
      () => waiting('%"lens_result"%'),
      ({ rows }) => rows.length === 1,
    )
    expect(await prisma.lensRun.count({ where: { name: 'cut off' } })).toBe(0)
    const second = sendIn('run', text)
    await eventually(
      () => waiting('%INTO "lens_run"%'),
      ({ rows }) => rows.length === 1,
    )
    await pool.query('SELECT pg_terminate_backend($1)', [cut.rows[0]?.pid])
    await lock.query('COMMIT')
    lock.release()
    expect(await first).toBeInstanceOf(Error)
    expect(await second).toMatchObject({ errors: [], existed: false })
    expect(await prisma.lensRun.count({ where: { name: 'cut off' } })).toBe(1)
  })
})

describe('an import', () => {
  it('of factors that are not those of the edit is refused by the engine’s digest', async () => {
    const file = JSON.parse(await download('edit', ids.edit))
    const first = Buffer.from(file.rows[0].first, 'base64')
    first.writeFloatLE(1 + first.readFloatLE(0), 0)
    const rows = [{ ...file.rows[0], first: first.toString('base64') }, ...file.rows.slice(1)]
    const { errors } = await sendIn('edit', sealed(file, file.content, rows))
    expect(errors[0]?.message).toContain('EDIT_INVALID')
    const short = [{ ...file.rows[0], first: 'AAAA' }, ...file.rows.slice(1)]
    expect(await codeOf('edit', sealed(file, file.content, short))).toBe('EXPORT_INVALID')
  })

  it('of a run can be read like one that was computed here, and is found by its tokens', async () => {
    const answer = await sendIn('run', await download('run', ids.run))
    const id = answer['run']?.id ?? ''
    const cells = `cell(layer: 1, position: 1, matrix: MLP_DOWN) { norm bottom { text } } loss state receipt configDigest`
    const read = (runId: string) => api.graphql(`{ lensRun(id: "${runId}") { ${cells} } }`)
    expect((await read(id)).data).toEqual((await read(ids.run)).data)
    const hits = await api.database.pool.query(
      'SELECT run_id, count(*)::int AS n FROM search.token_hit WHERE run_id = ANY($1) GROUP BY run_id',
      [[id, ids.run]],
    )
    expect(hits.rows.length).toBe(2)
    expect(hits.rows[0]?.n).toBe(hits.rows[1]?.n)
  })

  it('of an evaluation has the same comparison', async () => {
    const answer = await sendIn('evaluation', await download('evaluation', ids.evaluation))
    const compare = async (id: string) => {
      const { data } = await api.graphql(
        `query($input: ComparisonInput!) { comparison(input: $input) { cases estimates { metric mean low high n }
          differences { metric difference p n } } }`,
        { input: { evaluationIds: [id] } },
      )
      return data.comparison
    }
    const imported = await compare(answer['evaluation']?.id ?? '')
    expect(imported.cases).toBe(40)
    expect(imported).toEqual(await compare(ids.evaluation))
  })

  it('needs the edits that a run was made under', async () => {
    const file = JSON.parse(await download('run', ids.run))
    const content = { ...file.content, edits: [{ digest: 'a'.repeat(64) }] }
    expect(await codeOf('run', sealed(file, content, file.rows))).toBe('EXPORT_NEEDS')
    const other = { ...file.content, promptIds: [9, 9, 9] }
    const { errors } = await sendIn('run', sealed(file, other, file.rows))
    expect(errors[0]?.message).toContain('configDigest')
  })

  it('of a file that is too large, or of none, is refused', async () => {
    const huge = await importFile(api, 'run', await upload(api, new Uint8Array(2 ** 26 + 1)))
    expect(huge.errors[0]).toMatchObject({ code: 'EXPORT_TOO_LARGE', field: 'uploadId' })
    const none = await importFile(api, 'run', randomUUID())
    expect(none.errors[0]).toMatchObject({ code: 'UPLOAD_NOT_FOUND', field: 'uploadId' })
  })
})
