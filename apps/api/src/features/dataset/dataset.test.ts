import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLogger } from '../../testing/test-database.js'
import { sampleRecord, startDatasetBench, toLines } from '../../testing/dataset-bench.js'
import type { DatasetBench, ImportInput } from '../../testing/dataset-bench.js'
import { eventually } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { DatasetImportRepository } from './dataset-import.repository.js'

let bench: DatasetBench
let api: TestApi
beforeAll(async () => {
  bench = await startDatasetBench()
  api = bench.api
})
afterAll(() => bench.stop())

const record = sampleRecord
const lines = toLines
const write = (content: string | Buffer, name?: string) => bench.write(content, name)
const importAll = (input: ImportInput) => bench.importAll(input)
const begin = (input: ImportInput) => bench.begin(input)
const read = (id: string) => bench.read(id)
const caseRows = async (): Promise<number> => (await bench.counts()).cases

describe('a data set', () => {
  it('comes from a file on the server, whole, with a report', async () => {
    const other = record('b', { subject: 'Paris', relation: 'P36', prompt: '{} is the capital of' })
    const bad = { ...record('c'), subject: undefined }
    const text = lines(record('a'), other, bad, record('a'))
    const source = write(text, 'my facts.jsonl')
    const done = await importAll({ source })
    expect(done).toMatchObject({
      ...{ state: 'DONE', stage: 'done', name: 'my facts', records: 4, rejected: 2, error: null },
      ...{ receivedBytes: text.length, totalBytes: text.length },
      dataset: { name: 'my facts', version: 1, cases: 2, rejected: 2 },
    })
    expect(done.rejections).toMatchObject([
      { record: 3, field: 'subject', reason: expect.stringContaining('missing') },
      { record: 4, field: 'id', reason: expect.stringContaining('earlier record') },
    ])
    const { data } = await api.graphql(
      `query($id: ID!) { dataset(id: $id) { digest format formatTitle bytes bundled author protocols downloadUrl source
        features { paraphrases neighbors generationPrompts trueAnswers newTargets portability }
        relations { relation cases example } rejections(first: 1, offset: 1) { record field } } }`,
      { id: done.dataset.id },
    )
    expect(data.dataset).toEqual({
      digest: createHash('sha256').update(text).digest('hex'),
      ...{ format: 'imprint', formatTitle: 'Imprint JSON lines', bytes: text.length, source },
      ...{ bundled: false, author: 'You' },
      protocols: ['counterfact', 'counterfact-reduced', 'backward-lens', 'easyedit', 'zsre'],
      downloadUrl: `/api/datasets/${done.dataset.id}/cases.jsonl`,
      features: {
        ...{ paraphrases: 2, neighbors: 2, generationPrompts: 2, trueAnswers: 2 },
        ...{ newTargets: 2, portability: 0 },
      },
      relations: [
        { relation: 'P20', cases: 1, example: 'The place of death of Ambrose is' },
        { relation: 'P36', cases: 1, example: 'Paris is the capital of' },
      ],
      rejections: [{ record: 4, field: 'id' }],
    })
  })

  it('is the same data set when the same bytes come again, and a new version when others come under its name', async () => {
    const first = await importAll({ source: write(lines(record('a1'))), name: 'twice' })
    const rows = await caseRows()
    const again = await importAll({ source: write(lines(record('a1'))), name: 'another name' })
    expect(again).toMatchObject({ state: 'DONE', dataset: first.dataset })
    expect(await caseRows()).toBe(rows)
    const second = await importAll({
      source: write(lines(record('a1'), record('a2'))),
      name: 'twice',
    })
    expect(second.dataset).toMatchObject({ name: 'twice', version: 2, cases: 2 })
  })

  it('is imported once by the same request sent ten times', async () => {
    const input = { source: write(lines(record('once'))), clientMutationId: 'one import' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => begin(input)))
    expect(new Set(answers.map(({ datasetImport }) => datasetImport.id)).size).toBe(1)
    const where = { subject: answers[0].datasetImport.id }
    expect(await api.database.prisma.auditEvent.count({ where })).toBe(1)
    await eventually(
      () => read(answers[0].datasetImport.id),
      ({ state }) => state === 'DONE',
    )
  })

  it('is searched, filtered and paged', async () => {
    const { dataset } = await importAll({
      source: write(
        lines(
          record('s1', { subject: 'Ambrose 100%' }),
          record('s2', { subject: 'Ambrose_x', relation: 'P2' }),
          record('s3', { subject: 'Berta', prompt: 'What {} says' }),
        ),
      ),
    })
    const ask = async (filter: object, page = '') =>
      (
        await api.graphql(
          `query($id: ID!, $filter: DatasetCaseFilter) { datasetCases(datasetId: $id, filter: $filter ${page}) {
            total cases { place caseId relation subject prompt targetNew targetTrue known paraphrases generationPrompts neighbors { prompt target } } } }`,
          { id: dataset.id, filter },
        )
      ).data.datasetCases
    const ids = async (filter: object) =>
      (await ask(filter)).cases.map(({ caseId }: { caseId: string }) => caseId)
    expect(await ids({ search: 'ambrose' })).toEqual(['s1', 's2'])
    expect(await ids({ search: '100%' })).toEqual(['s1'])
    expect(await ids({ search: '_x' })).toEqual(['s2'])
    expect(await ids({ search: 'what' })).toEqual(['s3'])
    expect(await ids({ search: 's3' })).toEqual(['s3'])
    expect(await ids({ relations: ['P2'] })).toEqual(['s2'])
    expect(await ids({ onlyKnown: true, knownByModelId: api.modelId })).toEqual([])
    const page = await ask({}, ', offset: 1, limit: 1')
    expect(page).toMatchObject({ total: 3, cases: [{ caseId: 's2', place: 1, known: null }] })
    expect(page.cases[0]).toMatchObject({
      ...{ prompt: 'The place of death of {} is', targetNew: 'Rome', targetTrue: 'London' },
      ...{ paraphrases: ['Ambrose died in'], generationPrompts: ['Ambrose was'] },
      neighbors: [{ prompt: 'James Nares died in', target: 'London' }],
    })
  })

  it('says which cases a model knows once that was asked', async () => {
    const { dataset } = await importAll({
      source: write(lines(record('k1'), record('k2'), record('k3'), record('k4'))),
    })
    const answers = Buffer.from([2, 0, 1])
    await api.database.prisma.knownAnswers.create({
      data: { datasetId: dataset.id, modelId: api.modelId, answers, tested: 3, known: 1 },
    })
    const ask = async (onlyKnown: boolean) =>
      (
        await api.graphql(
          'query($id: ID!, $filter: DatasetCaseFilter) { datasetCases(datasetId: $id, filter: $filter) { total cases { known } } }',
          { id: dataset.id, filter: { knownByModelId: api.modelId, onlyKnown } },
        )
      ).data.datasetCases
    expect((await ask(false)).cases.map(({ known }: { known: string }) => known)).toEqual([
      ...['all', 'none', 'first', null],
    ])
    expect(await ask(true)).toEqual({ total: 1, cases: [{ known: 'all' }] })
  })

  it('is downloaded as lines that give the same cases again', async () => {
    const facts = fileURLToPath(new URL('../../../../../datasets/facts.json', import.meta.url))
    const first = await importAll({ source: facts, name: 'round' })
    expect(first.dataset).toMatchObject({ cases: 1500, rejected: 0 })
    const response = await fetch(`${api.url}/api/datasets/${first.dataset.id}/cases.jsonl`)
    expect(response.headers.get('content-disposition')).toBe('attachment; filename=round.jsonl')
    const text = await response.text()
    const second = await importAll({ source: write(text), name: 'round' })
    expect(second.dataset).toMatchObject({ version: 2, cases: 1500, rejected: 0 })
    const records = async (datasetId: string) =>
      (
        await api.database.prisma.datasetCase.findMany({
          where: { datasetId },
          orderBy: { place: 'asc' },
        })
      ).map((row) => row.record)
    expect(await records(second.dataset.id)).toEqual(await records(first.dataset.id))
    expect((await fetch(`${api.url}/api/datasets/nobody/cases.jsonl`)).status).toBe(404)
  })

  it('is renamed behind the versions of that name, and deleted unless a slice is made of it', async () => {
    const { dataset } = await importAll({ source: write(lines(record('d1'))), name: 'to rename' })
    await importAll({ source: write(lines(record('d2'))), name: 'there' })
    const change = async (operation: string) =>
      (await api.graphql(`mutation($id: ID!) { result: ${operation} }`, { id: dataset.id })).data
        .result
    expect(
      await change(
        'renameDataset(id: $id, name: " there ") { dataset { name version } errors { code } }',
      ),
    ).toEqual({ dataset: { name: 'there', version: 2 }, errors: [] })
    expect(
      await change('renameDataset(id: $id, name: "") { dataset { name } errors { code field } }'),
    ).toEqual({ dataset: null, errors: [{ code: 'BAD_ARGUMENT', field: 'name' }] })
    const { projectId, userId: authorId } = api.viewer
    const slice = await api.database.prisma.slice.create({
      data: { projectId, authorId, datasetId: dataset.id, name: 's', definition: {}, places: [] },
    })
    const remove = () => change('deleteDataset(id: $id) { deletedId errors { code } }')
    expect(await remove()).toEqual({ deletedId: null, errors: [{ code: 'DATASET_IN_USE' }] })
    await api.database.prisma.slice.delete({ where: { id: slice.id } })
    expect(await remove()).toEqual({ deletedId: dataset.id, errors: [] })
    expect(await remove()).toEqual({ deletedId: null, errors: [{ code: 'DATASET_NOT_FOUND' }] })
    const left = await api.database.prisma.datasetCase.count({ where: { datasetId: dataset.id } })
    expect(left).toBe(0)
  })
})

describe('a source', () => {
  it.each([
    ['', 'BAD_ARGUMENT'],
    ['facts.json', 'PATH_NOT_ABSOLUTE'],
    ['/nowhere/facts.json', 'FILE_UNREADABLE'],
    ['upload:../../etc/passwd', 'UPLOAD_NOT_FOUND'],
    ['upload:0190f000-0000-7000-8000-000000000000', 'UPLOAD_NOT_FOUND'],
    ['ftp://rome.baulab.info/x', 'URL_NOT_ALLOWED'],
    ['file:///etc/passwd', 'URL_NOT_ALLOWED'],
    ['https://example.com/x.json', 'URL_NOT_ALLOWED'],
    ['http://rome.baulab.info/x.json', 'URL_NOT_ALLOWED'],
    ['https://user:secret@rome.baulab.info/x.json', 'URL_NOT_ALLOWED'],
    ['https://169.254.169.254/latest', 'URL_NOT_ALLOWED'],
  ])('%j is refused at once with %s', async (source, code) => {
    const { datasetImport, errors } = await begin({ source })
    expect(datasetImport).toBeNull()
    expect(errors).toMatchObject([{ code, field: 'source' }])
    expect(errors[0].cure).not.toBe('')
  })

  it('that is no file fails by name', async () => {
    const directory = path.join(bench.files, 'a directory')
    mkdirSync(directory)
    expect(await importAll({ source: directory })).toMatchObject({
      ...{ state: 'FAILED', error: { code: 'FILE_UNREADABLE' } },
    })
    expect(await importAll({ source: '/dev/zero' })).toMatchObject({
      ...{ state: 'FAILED', error: { code: 'FILE_UNREADABLE' } },
    })
  })

  it('that links to a file is read where links may lead', async () => {
    const link = path.join(bench.files, 'link.jsonl')
    symlinkSync(write(lines(record('linked'))), link)
    expect(await importAll({ source: link })).toMatchObject({ state: 'DONE' })
  })

  it('of an unknown format is refused', async () => {
    const { errors } = await begin({ source: write(lines(record('f'))), format: 'csv' })
    expect(errors).toMatchObject([{ code: 'BAD_ARGUMENT', field: 'format' }])
  })
})

describe('an import', () => {
  const many = (count: number, prefix: string): string =>
    lines(...Array.from({ length: count }, (_, index) => record(`${prefix}${index}`)))

  it('is cancelled: nothing is stored and the row says so', async () => {
    const cases = await caseRows()
    const { datasetImport } = await begin({ source: write(many(20_000, 'c')) })
    const { data } = await api.graphql(
      'mutation($id: ID!) { cancelDatasetImport(id: $id) { datasetImport { state } errors { code } } }',
      { id: datasetImport.id },
    )
    expect(data.cancelDatasetImport).toEqual({ datasetImport: { state: 'CANCELLED' }, errors: [] })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await read(datasetImport.id)).toMatchObject({ state: 'CANCELLED', dataset: null })
    expect(await caseRows()).toBe(cases)
    const again = await api.graphql(
      'mutation($id: ID!) { cancelDatasetImport(id: $id) { errors { code } } }',
      { id: datasetImport.id },
    )
    expect(again.data.cancelDatasetImport.errors).toEqual([{ code: 'IMPORT_ENDED' }])
  })

  it('of a process that died fails with its cure when the next one looks', async () => {
    const { projectId, userId: authorId } = api.viewer
    const values = { projectId, authorId, source: '/x', name: 'x', format: null }
    const old = new DatasetImportRepository(api.database, -1)
    const { row } = await old.create({ ...values, clientMutationId: null })
    const alive = new DatasetImportRepository(api.database, 60)
    const other = await alive.create({ ...values, clientMutationId: null })
    await api.services.datasetImporter.start(silentLogger)
    expect(await read(row.id)).toMatchObject({
      state: 'FAILED',
      error: { code: 'IMPORT_INTERRUPTED', cure: 'Import it again.' },
    })
    expect(await read(other.row.id)).toMatchObject({ state: 'QUEUED' })
    await alive.cancel(projectId, other.row.id)
  })

  it('tells its progress, with versions that rise, at most five times a second, to the end', async () => {
    const began = Date.now()
    const { datasetImport } = await begin({ source: write(many(20_000, 'p')) })
    const seen: { version: number; state: string; records: number }[] = []
    for await (const step of api.services.datasetProgress.follow(
      api.viewer,
      datasetImport.id,
      null,
    ))
      seen.push(step)
    const seconds = (Date.now() - began) / 1_000
    const versions = seen.map(({ version }) => version)
    expect(versions).toEqual([...versions].sort((a, b) => a - b))
    expect(new Set(versions).size).toBe(versions.length)
    expect(seen.at(-1)).toMatchObject({ state: 'DONE', records: 20_000 })
    expect(seen.length).toBeLessThanOrEqual(5 * seconds + 6)
  })

  it('of 20,000 CounterFact records leaves the event loop free', async (context) => {
    const shared = fileURLToPath(
      new URL('../../../../../../shared/data/counterfact', import.meta.url),
    )
    const parts = ['counterfact-edit.json', 'counterfact-train.json'].map((name) =>
      path.join(shared, name),
    )
    if (!parts.every(existsSync)) return context.skip('shared/data/counterfact is not here')
    const all = parts.flatMap(
      (file) => JSON.parse(readFileSync(file, 'utf8')) as { case_id: number }[],
    )
    const numbered = all.map((one, index) => ({ ...one, case_id: index }))
    const source = write(JSON.stringify(numbered), 'counterfact-20000.json')
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    const began = performance.now()
    const done = await importAll({ source })
    const seconds = (performance.now() - began) / 1_000
    delay.disable()
    expect(done).toMatchObject({ state: 'DONE', dataset: { cases: 20_000, rejected: 0 } })
    const lag = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 }
    process.stdout.write(
      `20,000 records: ${seconds.toFixed(1)} s, event loop late by ${lag.p99.toFixed(0)} ms (p99), ${lag.max.toFixed(0)} ms at most\n`,
    )
    // On a machine that others use too; alone it is a tenth of this.
    expect(lag.p99).toBeLessThan(300)
  })
})

it('leaves no half-written files behind', () => {
  const uploads = path.join(api.environment.home, 'uploads')
  expect(existsSync(uploads) ? readdirSync(uploads) : []).toEqual([])
})
