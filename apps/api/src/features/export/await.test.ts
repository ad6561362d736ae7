import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeSampleEvaluation } from '../../testing/sample-evaluation.js'
import { startTestApi } from '../../testing/test-api.js'
import type { TestApi } from '../../testing/test-api.js'
import { AwaitService } from './await.service.js'

let api: TestApi
let id: string
beforeAll(async () => {
  api = await startTestApi()
  const arms = [{ name: 'a', method: 'rome' }]
  id = (await writeSampleEvaluation(api, { arms, state: 'RUNNING' })).id
}, 60_000)
afterAll(() => api.stop())

const wait = (seconds: number, afterVersion?: number) =>
  api.graphql(
    `query($id: ID!, $s: Int, $v: Int) { awaitEvaluation(id: $id, seconds: $s, afterVersion: $v) { state progress { version } } }`,
    { id, s: seconds, v: afterVersion ?? null },
  )
const timed = async <Value>(work: Promise<Value>) => {
  const started = Date.now()
  const value = await work
  return { value, seconds: (Date.now() - started) / 1_000 }
}
const change = (data: object) =>
  api.database.pool
    .query(
      `UPDATE evaluation SET progress_version = progress_version + 1, state = coalesce($2::"EvaluationState", state) WHERE id = $1`,
      [id, (data as { state?: string }).state ?? null],
    )
    .then(() => api.database.pool.query(`SELECT pg_notify('imprint_run', $1)`, [id]))

describe('awaitEvaluation', () => {
  it('answers after the seconds it was given when nothing happens', async () => {
    const { value, seconds } = await timed(wait(1))
    expect(value.data.awaitEvaluation.state).toBe('RUNNING')
    expect(seconds).toBeGreaterThan(0.9)
    expect(seconds).toBeLessThan(4)
  })

  it('is woken by a change of version', async () => {
    const { progress } = (await wait(0)).data.awaitEvaluation
    const waiting = timed(wait(20, progress.version))
    setTimeout(() => void change({}), 300)
    const { value, seconds } = await waiting
    expect(value.data.awaitEvaluation.progress.version).toBe(progress.version + 1)
    expect(seconds).toBeLessThan(3)
  })

  it('is woken by the end, and answers at once after it', async () => {
    const waiting = timed(wait(20))
    setTimeout(() => void change({ state: 'DONE' }), 300)
    const { value, seconds } = await waiting
    expect(value.data.awaitEvaluation.state).toBe('DONE')
    expect(seconds).toBeLessThan(3)
    expect((await timed(wait(20))).seconds).toBeLessThan(1)
  })

  it('is null for what is not there, and refuses to wait for too long', async () => {
    const answer = await api.graphql(`{ awaitLensRun(id: "x") { id } }`)
    expect(answer.data).toEqual({ awaitLensRun: null })
    expect((await wait(26)).errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT')
  })
})

it('a client that goes away ends the wait', async () => {
  let reads = 0
  const { signal, abort } = (() => {
    const controller = new AbortController()
    return { signal: controller.signal, abort: () => controller.abort() }
  })()
  const notifications = { listen: () => () => undefined } as never
  const work = new AwaitService(notifications).until({
    ...{ id: 'a', seconds: 20, signal },
    read: async () => (reads += 1),
    isEnough: () => false,
  })
  setTimeout(abort, 100)
  expect((await timed(work)).seconds).toBeLessThan(2)
  expect(reads).toBe(2)
})
