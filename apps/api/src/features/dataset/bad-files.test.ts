import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleRecord, startDatasetBench, toLines } from '../../testing/dataset-bench.js'
import type { DatasetBench, ImportInput } from '../../testing/dataset-bench.js'
import type { TestApi } from '../../testing/test-api.js'

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

describe('a file that cannot be used', () => {
  const whole = lines(record('x1'), record('x2'))
  it.each<[string, string | Buffer, string]>([
    ['is empty', '', 'empty'],
    ['has no records', '[]', 'no records'],
    ['is cut off', whole.slice(0, -10), 'cut off'],
    ['is cut off between records of an array', `[${JSON.stringify(record('x'))},`, 'cut off'],
    ['is no JSON', 'hello', 'unexpected'],
    ['holds something else between records', `${JSON.stringify(record('x'))} oops`, 'unexpected'],
    ['is of no known format', '{"a": 1}', 'no known format'],
    ['is no UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 'not UTF-8'],
    ['is UTF-16', Buffer.from(`\ufeff${whole}`, 'utf16le'), 'not UTF-8'],
    ['is a list of numbers', '[1, 2]', 'unexpected'],
    ['has a record of 10 MB', lines(record('x', { note: 'y'.repeat(1e7) })), 'longer than'],
    ['has only records that cannot be used', lines({ ...record('x'), subject: 7 }), 'none of its'],
  ])('%s: a typed error, and nothing is stored', async (_, content, words) => {
    const before = await bench.counts()
    const failed = await importAll({ source: write(content) })
    expect(failed).toMatchObject({ state: 'FAILED', dataset: null })
    expect(failed.error).toMatchObject({ code: 'DATASET_INVALID' })
    expect(failed.error.message.toLowerCase()).toContain(words.toLowerCase())
    expect(failed.error.cure).not.toBe('')
    expect(await bench.counts()).toEqual(before)
  })

  it('is bad only at its end: no case of the good beginning is stored', async () => {
    const good = Array.from({ length: 1_000 }, (_, index) => record(`g${index}`))
    const before = await bench.counts()
    const failed = await importAll({ source: write(`${lines(...good)}\n{"id": `) })
    expect(failed).toMatchObject({ state: 'FAILED', error: { code: 'DATASET_INVALID' } })
    expect(failed.error.message).toContain('record 1001')
    expect(await bench.counts()).toEqual(before)
  })

  it('has records that PostgreSQL cannot hold: those are rejected by name, the others stored', async () => {
    const done = await importAll({
      source: write(
        lines(
          record('ok'),
          record('nul', { target_new: 'a\0b' }),
          record('half', { target_true: 'a\ud800' }),
          record('i'.repeat(600)),
          record('deep', { neighbors: [{ prompt: 'p', target: 'q\0' }] }),
        ),
      ),
    })
    expect(done).toMatchObject({ state: 'DONE', records: 5, rejected: 4, dataset: { cases: 1 } })
    expect(done.rejections).toMatchObject([
      { record: 2, field: 'request.targetNew', reason: expect.stringContaining('NUL') },
      { record: 3, field: 'target_true', reason: expect.stringContaining('surrogate') },
      { record: 4, field: 'id' },
      { record: 5, field: 'neighbors[0].target' },
    ])
  })

  it('a byte order mark, CRLF and an array are no fault; a long template becomes a short relation', async () => {
    const prompt = `${'very '.repeat(300)}{} is`
    const first = { ...record('t', { prompt }), relation: undefined }
    const text = `\ufeff[${JSON.stringify(first)},\r\n${JSON.stringify(record('u'))}]\r\n`
    const done = await importAll({ source: write(text) })
    expect(done).toMatchObject({ state: 'DONE', dataset: { cases: 2, rejected: 0 } })
    const [relation] = await api.database.prisma.datasetRelation.findMany({
      where: { datasetId: done.dataset.id, relation: { not: 'P20' } },
    })
    expect(relation?.relation.length).toBeLessThanOrEqual(500)
  })

  it('keeps the first 1,000 rejections and counts all', async () => {
    const bad = Array.from({ length: 1_200 }, (_, index) => ({ ...record(`r${index}`), prompt: 7 }))
    const done = await importAll({ source: write(lines(record('fine'), ...bad)) })
    expect(done).toMatchObject({ rejected: 1_200, dataset: { rejected: 1_200, cases: 1 } })
    expect(done.rejections).toHaveLength(20)
    const kept = await api.database.prisma.datasetRejection.count({
      where: { datasetId: done.dataset.id },
    })
    expect(kept).toBe(1_000)
  })
})
