import { afterEach, expect, it, vi } from 'vitest'
import { forwardToApi } from './forward'

afterEach(() => vi.unstubAllGlobals())

/** What the API is sent for a request. */
async function sent(url: string, headers: Record<string, string> = {}) {
  const ask = vi.fn(async (..._asked: Parameters<typeof fetch>) => Response.json({}))
  vi.stubGlobal('fetch', ask)
  const { status } = await forwardToApi(new Request(url, { headers }))
  const [address, options] = ask.mock.calls[0] ?? []
  return { status, address, headers: new Headers(options?.headers) }
}

it('tells the API the name that the browser used, whatever a page says', async () => {
  const page = { host: 'evil.example:3000', 'x-forwarded-host': 'localhost:3000' }
  const { headers } = await sent('http://localhost:3000/graphql', page)
  expect(headers.get('x-forwarded-host')).toBe('evil.example:3000')
  expect(headers.get('host')).toBeNull()
})

it.each(['/metrics', '/api/%2e%2e/metrics', '/api/../metrics', '/api/.%2E/readyz', '/graphqlx'])(
  'asks the API nothing for %s',
  async (path) => {
    const { status, address } = await sent(`http://localhost:3000${path}`)
    expect([status, address]).toEqual([404, undefined])
  },
)

it.each(['/graphql', '/api/runs/x/vectors.safetensors?y=1', '/api/..%2fmetrics'])(
  'passes %s on as it is',
  async (path) => {
    const { address } = await sent(`http://localhost:3000${path}`)
    expect(address).toBe(`http://127.0.0.1:4000${path}`)
  },
)
