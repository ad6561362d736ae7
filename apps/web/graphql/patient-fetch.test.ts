import { afterEach, expect, it, vi } from 'vitest'
import { patientFetch } from './patient-fetch'

/** Answers never; ends when it is told to. */
const hanging = (_: unknown, init?: RequestInit): Promise<Response> =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))
  })

afterEach(() => vi.unstubAllGlobals())

it('gives up on a server that never answers', async () => {
  vi.stubGlobal('fetch', hanging)
  await expect(patientFetch('/graphql', {}, 20)).rejects.toMatchObject({ name: 'TimeoutError' })
})

it('still ends when it is told to', async () => {
  vi.stubGlobal('fetch', hanging)
  const stop = new AbortController()
  const asked = patientFetch('/graphql', { signal: stop.signal }, 10_000)
  stop.abort()
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' })
})

it('passes an answer and the request on', async () => {
  const fetched = vi.fn().mockResolvedValue(new Response('{}'))
  vi.stubGlobal('fetch', fetched)
  expect(await (await patientFetch('/graphql', { method: 'POST' })).text()).toBe('{}')
  expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: 'POST' })
})
