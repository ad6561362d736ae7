// Progress of evaluations over a real socket: a snapshot, rising versions, one count for everybody, and always the final state.
import { createClient } from 'graphql-ws'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { addSampleSlice } from '../../testing/sample-slice.js'
import { createScriptedEngine } from '../../testing/scripted-engine.js'
import { eventually, startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { protocolInfo } from '../protocol/protocol-values.js'
import { EvaluationWatch } from './evaluation-watch.js'
import { toPartialMetrics } from './partial-metrics.js'
import { SharedCounts } from './shared-counts.js'

let api: TestApi
let sliceId: string
beforeAll(async () => {
  api = await startTestApi()
  sliceId = (await addSampleSlice(api, 20)).id
})
afterAll(() => api.stop())
afterEach(() => api.database.prisma.evaluation.deleteMany())

interface Progress {
  readonly version: number
  readonly state: string
  readonly done: number
  readonly total: number
  readonly partial: readonly { readonly n: number }[]
}

const start = () =>
  api.services.evaluations.start(api.viewer, {
    ...{ sliceId, protocol: 'counterfact', casesPerBatch: 1 },
    arms: [{ modelId: api.modelId, method: 'no-edit' }],
  })

/** One evaluation takes long enough to be watched. */
function slowEngine(milliseconds: number) {
  const engine = createScriptedEngine()
  const plain = engine.evaluate
  engine.evaluate = async (job) => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds))
    return plain(job)
  }
  return engine
}

describe('progress', () => {
  it('begins with a snapshot, rises once a second at most, and all fifty see the same end', async () => {
    const client = createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket })
    const clients = [
      client,
      ...Array.from({ length: 4 }, () =>
        createClient({ url: api.webSocketUrl, webSocketImpl: WebSocket }),
      ),
    ]
    const follow = async (one: typeof client, id: string, v: number | null = null) => {
      const seen: (Progress & { readonly at: number })[] = []
      const stream = one.iterate<{ evaluationProgress: Progress }>({
        query: `subscription($id: ID!, $v: Int) { evaluationProgress(evaluationId: $id, afterVersion: $v) {
          version state done total failed casesPerSecond secondsLeft workers running { cases } partial { n } } }`,
        variables: { id, v },
      })
      for await (const { data, errors } of stream) {
        expect(errors).toBeUndefined()
        if (data) seen.push({ ...data.evaluationProgress, at: Date.now() })
      }
      return seen
    }
    const { id } = await start()
    const watched = Promise.all(
      Array.from({ length: 50 }, (_, index) => follow(clients[index % 5] as typeof client, id)),
    )
    await new Promise((resolve) => setTimeout(resolve, 300))
    const worker = await api.startWorker(slowEngine(150))
    for (const seen of await watched) {
      const versions = seen.map(({ version }) => version)
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b))
      expect(seen[0]).toMatchObject({ state: 'QUEUED', done: 0, total: 20 })
      expect(seen.at(-1)).toMatchObject({ state: 'DONE', done: 20 })
      expect(seen.at(-1)?.partial[0]?.n).toBe(20)
      // One at the beginning, one at the end, and between them at most one a second, however late each arrives.
      const seconds = ((seen.at(-1)?.at ?? 0) - (seen[0]?.at ?? 0)) / 1_000
      expect(seen.length - 2).toBeLessThanOrEqual(seconds)
      expect(seen.length).toBeGreaterThan(2)
    }
    const last = (await watched)[0]?.at(-1)
    expect(await follow(client, id, (last?.version ?? 0) - 1)).toMatchObject([{ state: 'DONE' }])
    expect(await follow(client, id, last?.version ?? null)).toEqual([])
    expect(await follow(client, 'nonsense')).toEqual([])
    await worker.stop()
    await Promise.all(clients.map((one) => one.dispose()))
  })

  it('ends when the evaluation is deleted', async () => {
    const { id } = await start()
    const seen: number[] = []
    const stream = api.services.evaluationProgress.follow(api.viewer, id, null)
    for await (const { version } of stream) {
      seen.push(version)
      await api.services.evaluations.remove(api.viewer, id)
    }
    expect(seen).toHaveLength(1)
  })
})

const notifications = {
  listen: () => () => undefined,
  next: async () => undefined,
  close: async () => undefined,
}

describe('a watch', () => {
  const parts = (read: () => Promise<{ version: number } | null>) => ({
    ...{ id: 'a', notifications, read, onEnd: () => undefined },
    isFinal: ({ version }: { readonly version: number }) => version >= 3,
  })

  it('reads once for all followers, sees the end without a notification, and outlives errors', async () => {
    let reads = 0
    const watch = new EvaluationWatch(
      parts(async () => {
        reads += 1
        if (reads === 2) throw new Error('the database is gone')
        return { version: reads }
      }),
    )
    const follow = async () => {
      const seen: number[] = []
      for await (const { version } of watch.follow(-1)) seen.push(version)
      return seen
    }
    const [first, second] = await Promise.all([follow(), follow()])
    expect(first).toEqual([1, 3])
    expect(second).toEqual(first)
    expect(reads).toBe(3)
  })
})

describe('whoever goes away in the middle of a wait', () => {
  it('is forgotten at once, and the last one ends the watch', async () => {
    let ended = false
    const watch = new EvaluationWatch({
      ...{ id: 'a', notifications, read: async () => ({ version: 1 }), isFinal: () => false },
      onEnd: () => (ended = true),
    })
    const stream = watch.follow(0)
    expect(await stream.next()).toEqual({ done: false, value: { version: 1 } })
    const waiting = stream.next()
    await stream.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    await eventually(async () => ended, Boolean)
  })
})

describe('shared counts', () => {
  const head = (version: number, ended = false) => ({ evaluationId: 'a', version, ended })

  it('are found once a version and once a second, and anew at the end', async () => {
    const counts = new SharedCounts<number>()
    let found = 0
    const ask = (version: number, ended = false) =>
      counts.get(head(version, ended), async () => (found += 1))
    expect(await Promise.all([ask(1), ask(1), ask(1)])).toEqual([1, 1, 1])
    expect(await ask(2)).toBe(1)
    expect(await ask(3, true)).toBe(2)
    expect(await ask(3, true)).toBe(2)
  })

  it('that depend on other things do for no later version, and for a second at most', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const counts = new SharedCounts<number>({ lasting: false })
    let found = 0
    const ask = (version: number) => counts.get(head(version), async () => (found += 1))
    expect(await Promise.all([ask(1), ask(1)])).toEqual([1, 1])
    expect(await ask(2)).toBe(2)
    expect(await ask(1)).toBe(2)
    vi.setSystemTime(Date.now() + 1_000)
    expect(await ask(2)).toBe(3)
    vi.useRealTimers()
  })

  it('go to those who wait for one a few at a time', async () => {
    const counts = new SharedCounts<number>()
    const served: number[] = []
    const asked = Array.from({ length: 50 }, () =>
      counts.get(head(1), async () => 7).then((value) => served.push(value)),
    )
    await new Promise((resolve) => setImmediate(resolve))
    expect(served.length).toBeLessThan(20)
    await Promise.all(asked)
    expect(served).toEqual(new Array(50).fill(7))
  })

  it('are asked for again after an error', async () => {
    const counts = new SharedCounts<number>()
    await expect(counts.get(head(1), () => Promise.reject(new Error('gone')))).rejects.toThrow(
      'gone',
    )
    await new Promise((resolve) => setImmediate(resolve))
    expect(await counts.get(head(1), async () => 5)).toBe(5)
  })
})

describe('means so far', () => {
  const sums = (values: readonly (readonly [number, number | null, number | null])[]) =>
    values.map(([n, mean, sd], metric) => ({ armId: 'a', metric, n, mean, sd }))

  it('have Wilson’s interval where a case is a success, the normal one elsewhere, and a harmonic mean without', () => {
    const found = toPartialMetrics(
      protocolInfo('counterfact'),
      sums([
        [100, 90, 30],
        [100, 80, 20],
        [100, 50, 10],
        [100, 3, 1],
        [0, null, null],
      ]),
    )
    const of = (name: string) => found.find(({ metric }) => metric === name)
    // Wilson's formula (1927, eq. 2) in Python, by itself: 90 of 100 gives 0.825634 to 0.944771
    expect(of('ES')?.low).toBeCloseTo(82.5634, 3)
    expect(of('ES')?.high).toBeCloseTo(94.4771, 3)
    expect(of('PS')?.low).toBeCloseTo(80 - 1.959964 * 2, 4)
    expect(of('PM')).toMatchObject({ n: 0, mean: null, low: null, high: null })
    expect(of('S')?.mean).toBeCloseTo(3 / (1 / 90 + 1 / 80 + 1 / 50))
    expect(of('S')).toMatchObject({ n: 100, low: null, high: null })
  })
})
