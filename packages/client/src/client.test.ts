import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createClient } from './client.js'
import { ImprintError } from './errors.js'
import { readSafetensors } from './safetensors.js'

type Handler = (body: { query: string; variables: Record<string, unknown> }) => Answer
interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly data?: unknown
  readonly errors?: object[]
  readonly text?: string
  readonly cut?: boolean
}

const stops: (() => void)[] = []
afterEach(() => stops.splice(0).forEach((stop) => stop()))

/** A server that answers by these, one a request, the last one again and again. */
async function serverOf(...handlers: Handler[]) {
  const seen: { headers: IncomingMessage['headers']; variables: Record<string, unknown> }[] = []
  const server = createServer(async (request, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Parameters<Handler>[0]
    seen.push({ headers: request.headers, variables: body.variables })
    const handler = handlers[Math.min(seen.length, handlers.length) - 1] as Handler
    const { status = 200, headers = {}, text, cut, ...rest } = handler(body)
    if (cut) return void response.destroy()
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(text ?? JSON.stringify(rest))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { seen, client: createClient({ url: `${url}/`, key: 'lens_live_x', project: 'p' }), url }
}

const prompt = { id: '1', text: 'a', target: null, tags: [], note: null, runCount: 0 }
const saved: Handler = () => ({ data: { savePrompt: { prompt, errors: [] } } })
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (one: unknown) => one,
  )
  expect(error).toBeInstanceOf(ImprintError)
  return (error as ImprintError).code
}

it('sends key and project, and comes back when it is asked to wait', async () => {
  const busy: Handler = () => ({ status: 429, headers: { 'retry-after': '1' } })
  const { client, seen } = await serverOf(busy, saved)
  const started = Date.now()
  expect(await client.prompts.save({ text: 'a' })).toEqual(prompt)
  expect(Date.now() - started).toBeGreaterThan(900)
  expect(seen).toHaveLength(2)
  const { authorization, 'x-imprint-project': project } = seen[0]?.headers ?? {}
  expect([authorization, project]).toEqual(['Bearer lens_live_x', 'p'])
})

it('sends a lost mutation again under the same name, and one without a name never', async () => {
  const cut: Handler = () => ({ cut: true })
  const { client, seen } = await serverOf(cut, saved)
  await client.prompts.save({ text: 'a' })
  const names = seen.map(
    ({ variables }) => (variables['input'] as object)['clientMutationId' as never],
  )
  expect(names[0]).toBeTruthy()
  expect(new Set(names).size).toBe(1)
  const other = await serverOf(cut, saved)
  expect(await codeOf(other.client.runs.delete('x'))).toBe('UNREACHABLE')
  expect(other.seen).toHaveLength(1)
})

it('gives errors of mutations, of operations and of nobody there by their codes', async () => {
  const error = { code: 'TEXT_TOO_LONG', message: 'long', cure: 'cut', field: 'text' }
  const user = await serverOf(() => ({ data: { savePrompt: { prompt: null, errors: [error] } } }))
  await expect(user.client.prompts.save({ text: 'a' })).rejects.toMatchObject(error)
  const extensions = { code: 'FORBIDDEN', cure: 'Ask.' }
  const refused = await serverOf(() => ({ data: null, errors: [{ message: 'no', extensions }] }))
  await expect(refused.client.me()).rejects.toMatchObject({ code: 'FORBIDDEN', cure: 'Ask.' })
  const page = await serverOf(() => ({ text: '<html>' }))
  expect(await codeOf(page.client.me())).toBe('BAD_ANSWER')
  const nobody = createClient({ url: 'http://127.0.0.1:1', retries: 0 })
  expect(await codeOf(nobody.me())).toBe('UNREACHABLE')
})

it('walks a list page by page and stops when it has enough', async () => {
  const { client, seen } = await serverOf(({ variables }) => {
    const from = Number(variables['after'] ?? 0)
    const ids = Array.from({ length: Number(variables['first']) }, (_, index) => from + index)
    const edges = ids
      .filter((id) => id < 120)
      .map((id) => ({ node: { ...prompt, id: String(id) } }))
    const end = from + edges.length
    const pageInfo = { hasNextPage: end < 120, endCursor: String(end) }
    return { data: { prompts: { totalCount: 120, pageInfo, edges } } }
  })
  const ids: string[] = []
  for await (const { id } of client.prompts.list()) ids.push(id)
  expect(ids).toEqual(Array.from({ length: 120 }, (_, id) => String(id)))
  expect(seen).toHaveLength(3)
  expect(await client.prompts.list().take(7)).toHaveLength(7)
  expect(seen.at(-1)?.variables['first']).toBe(7)
  expect(await client.prompts.list().count()).toBe(120)
})

const run = (state: string, error: object | null = null) => ({ id: 'r', state, error })
const answerRun = (value: object | null) => (): Answer => ({ data: { awaitLensRun: value } })

it('waits for a run by asking again, and throws what made it fail', async () => {
  const { client, seen } = await serverOf(answerRun(run('RUNNING')), answerRun(run('DONE')))
  expect((await client.runs.wait('r')).state).toBe('DONE')
  expect(seen).toHaveLength(2)
  const error = { code: 'NOT_FINITE', message: 'NaN', cure: 'Look.' }
  const failed = await serverOf(answerRun(run('FAILED', error)))
  expect(await codeOf(failed.client.runs.wait('r'))).toBe('NOT_FINITE')
  const none = await serverOf(answerRun(null))
  expect(await codeOf(none.client.runs.wait('r'))).toBe('NOT_FOUND')
  const slow = await serverOf(answerRun(run('QUEUED')))
  expect(await codeOf(slow.client.runs.wait('r', { timeout: 0.2 }))).toBe('TIMED_OUT')
})

/** Bytes of a file with one tensor whose data begin at an odd place. */
function fileOf(entry: object, data: Uint8Array): Uint8Array {
  const header = JSON.stringify({ __metadata__: { a: 'b' }, x: entry }).padEnd(101)
  const bytes = new Uint8Array(8 + 101 + data.length)
  new DataView(bytes.buffer).setBigUint64(0, 101n, true)
  bytes.set(new TextEncoder().encode(header), 8)
  bytes.set(data, 109)
  return bytes
}

it('reads safetensors, and refuses what is none', () => {
  const data = new Uint8Array(Float32Array.of(1, 2.5, -3).buffer)
  const entry = { dtype: 'F32', shape: [3, 1], data_offsets: [0, 12] }
  const { metadata, tensors } = readSafetensors(fileOf(entry, data))
  expect(metadata).toEqual({ a: 'b' })
  expect([...(tensors.get('x')?.data ?? [])]).toEqual([1, 2.5, -3])
  const wrong = [
    fileOf({ ...entry, shape: [4] }, data),
    fileOf({ ...entry, data_offsets: [0, 16], shape: [4] }, data),
    fileOf({ ...entry, dtype: 'F8' }, data),
    fileOf(entry, data).subarray(0, 50),
    new Uint8Array(3),
  ]
  for (const bytes of wrong) expect(() => readSafetensors(bytes)).toThrow(ImprintError)
})
