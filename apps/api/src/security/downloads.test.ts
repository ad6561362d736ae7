// A reader that hangs up in the middle of a file, and one that reads slowly: nothing stays behind for either.
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { PassThrough, Writable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { writeText } from '../features/write-text.js'
import { fileRoutes } from '../file-routes.js'
import { writeSampleEvaluation } from '../testing/sample-evaluation.js'
import { eventually, startTestApi } from '../testing/test-api.js'
import type { TestApi } from '../testing/test-api.js'

let api: TestApi
let ids: Readonly<Record<'evaluation' | 'dataset' | 'collection', string>>
beforeAll(async () => {
  api = await startTestApi()
  const arms = [{ name: 'one', method: 'rome' }]
  const { id, datasetId } = await writeSampleEvaluation(api, { arms })
  const { projectId, userId: authorId } = api.viewer
  const data = { projectId, authorId, name: 'c' }
  const collection = await api.database.prisma.collection.create({ data })
  ids = { evaluation: id, dataset: datasetId, collection: collection.id }
})
afterAll(() => api.stop())
afterEach(() => vi.restoreAllMocks())

/** Text without an end, which knows whether anybody still holds on to it. */
function endless() {
  const state = { begun: false, ended: false, pieces: 0 }
  async function* text(): AsyncGenerator<string> {
    state.begun = true
    try {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve))
        state.pieces += 1
        yield 'x'.repeat(65_536)
      }
    } finally {
      state.ended = true
    }
  }
  return { state, text }
}

async function* objectsOf(pieces: AsyncIterable<string>): AsyncGenerator<object> {
  for await (const text of pieces) yield { text }
}

type Text = ReturnType<typeof endless>['text']
/** Route -> its path, and how it is made endless. */
const files: Readonly<Record<string, { path: () => string; make: (text: Text) => void }>> = {
  'rows.csv': {
    path: () => `/api/evaluations/${ids.evaluation}/rows.csv`,
    make: (text) => vi.spyOn(api.services.comparisonExports, 'rowsCsv').mockImplementation(text),
  },
  'records.jsonl': {
    path: () => `/api/evaluations/${ids.evaluation}/records.jsonl`,
    make: (text) => vi.spyOn(api.services.comparisonExports, 'records').mockImplementation(text),
  },
  'annotations.json': {
    path: () => '/api/annotations.json',
    make: (text) =>
      vi.spyOn(api.services.annotationExports, 'project').mockImplementation(async () => text()),
  },
  'a collection': {
    path: () => `/api/collections/${ids.collection}.json`,
    make: (text) =>
      vi
        .spyOn(api.services.annotationExports, 'collection')
        .mockImplementation(async () => ({ name: 'c', text: text() })),
  },
  'evaluation.json': {
    path: () => `/api/evaluations/${ids.evaluation}/evaluation.json`,
    make: (text) => {
      const made = api.services.exports.source.bind(api.services.exports)
      vi.spyOn(api.services.exports, 'source').mockImplementation(async (...asked) => {
        const source = await made(...asked)
        return source && { ...source, rows: objectsOf(text()) }
      })
    },
  },
}

const open = (path: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request(`${api.url}${path}`, { agent: false }, resolve).once('error', reject).end()
  })

describe.each(Object.entries(files))('a reader of %s', (_name, { path, make }) => {
  it('who hangs up ends the work for it', async () => {
    const { state, text } = endless()
    make(text)
    const answer = await open(path())
    expect(answer.statusCode).toBe(200)
    await new Promise((resolve) => answer.once('data', resolve))
    answer.pause()
    expect(state).toMatchObject({ begun: true, ended: false })
    // It is held up by its reader: what is written in a while fits into the buffers of two sockets.
    await eventually(
      async () => [state.pieces, await later(100, () => state.pieces)],
      ([before, after]) => before === after,
    )
    answer.destroy()
    await eventually(
      async () => state.ended,
      (ended) => ended,
    )
    const { totalCount, idleCount, waitingCount } = api.database.pool
    expect([totalCount - idleCount, waitingCount]).toEqual([0, 0])
    await eventually(
      async () => await (await fetch(`${api.url}/metrics`)).text(),
      (metrics) => /^imprint_requests_in_flight 0$/m.test(metrics),
    )
  })
})

const later = <Value>(milliseconds: number, ask: () => Value): Promise<Value> =>
  new Promise((resolve) => setTimeout(() => resolve(ask()), milliseconds))

it('of the cases of a data set asks the database no further', async () => {
  const { prisma } = api.database
  await prisma.dataset.update({ where: { id: ids.dataset }, data: { cases: 10_000_000 } })
  const rows = await api.services.datasetCases.after(ids.dataset, 0, 40)
  const many = Array.from({ length: 500 }, (_, index) => rows[index % rows.length]!)
  const asked = vi.spyOn(api.services.datasetCases, 'after').mockResolvedValue(many)
  const answer = await open(`/api/datasets/${ids.dataset}/cases.jsonl`)
  await new Promise((resolve) => answer.once('data', resolve))
  answer.destroy()
  await eventually(
    async () => [asked.mock.calls.length, await later(200, () => asked.mock.calls.length)],
    ([before, after]) => before === after,
  )
})

it('every route that streams is here', () => {
  const streams = Object.keys(fileRoutes({ uploads: {} } as never, { webOrigins: [] })).filter(
    (name) => name.startsWith('GET') && !name.endsWith('.safetensors'),
  )
  // Three kinds of exports share one route, and all files of an evaluation another; cases.jsonl has a test of its own.
  expect(streams).toHaveLength(7)
})

describe('writing', () => {
  it('leaves no listener, however often it waits', async () => {
    const slow = new PassThrough({ highWaterMark: 1 })
    const reading = (async () => {
      let bytes = 0
      for await (const chunk of slow) bytes += (chunk as Buffer).length
      return bytes
    })()
    await new Promise((resolve) => setImmediate(resolve))
    const before = [slow.listenerCount('drain'), slow.listenerCount('close')]
    let most = 0
    for (let piece = 0; piece < 1_000; piece += 1) {
      const written = writeText(slow, 'xx')
      most = Math.max(most, slow.listenerCount('close'))
      await written
    }
    expect(most).toBeLessThan(10)
    expect([slow.listenerCount('drain'), slow.listenerCount('close')]).toEqual(before)
    slow.end()
    expect(await reading).toBe(2_000)
  })

  it('to who is gone, or goes while it waits, ends at once', async () => {
    const stuck = new Writable({ highWaterMark: 1, write: () => undefined })
    const waiting = writeText(stuck, 'xx')
    stuck.destroy()
    await waiting
    await writeText(stuck, 'xx')
    expect([stuck.listenerCount('drain'), stuck.listenerCount('close')]).toEqual([0, 0])
  })
})
