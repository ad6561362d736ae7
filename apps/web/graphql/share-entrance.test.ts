import { afterEach, expect, it, vi } from 'vitest'
import { enterShare, leaveShare, pathWithin } from './share-entrance'
import { wantedProject } from './wanted-project'

const request = (headers: Record<string, string> = {}) =>
  new Request('http://localhost:3000/share/abc', { headers })
const answers = (me: object) =>
  vi.stubGlobal('fetch', vi.fn().mockResolvedValue(Response.json({ data: { me } })))

afterEach(() => vi.unstubAllGlobals())

const token = 'share_token_1234567890'

it('keeps the token where scripts cannot read it and opens the page', async () => {
  answers({ via: 'SHARE_LINK', project: { id: 'p1' }, share: { path: '/lens?run=r&layer=2' } })
  const response = await enterShare(request(), token)
  const [share, project] = response.headers.getSetCookie()
  expect([response.status, response.headers.get('location')]).toEqual([303, '/lens?run=r&layer=2'])
  expect(share).toMatch(/^imprint-share=share_token_1234567890; .*HttpOnly$/)
  expect(project).toMatch(/^imprint-project=p1; /)
})

it('marks cookies as secure behind TLS', async () => {
  answers({ via: 'SHARE_LINK', project: null, share: { path: '/lens' } })
  const response = await enterShare(request({ 'x-forwarded-proto': 'https' }), token)
  expect(response.headers.getSetCookie()).toHaveLength(1)
  expect(response.headers.getSetCookie()[0]).toContain('; Secure')
})

it.each([
  { via: 'ANONYMOUS', share: null },
  { via: 'SESSION', share: { path: '/lens' } },
])('says that a link is gone: %j', async (me) => {
  answers(me)
  const response = await enterShare(request(), token)
  expect(response.headers.get('location')).toBe('/share/gone')
  expect(response.headers.getSetCookie()).toEqual([])
})

it('asks nothing about what cannot be a token, and survives an API that is away', async () => {
  const fetched = vi.fn().mockRejectedValue(new Error('refused'))
  vi.stubGlobal('fetch', fetched)
  expect((await enterShare(request(), '../x')).headers.get('location')).toBe('/share/gone')
  expect(fetched).not.toHaveBeenCalled()
  expect((await enterShare(request(), token)).headers.get('location')).toBe('/share/gone')
})

it('never redirects to another site', () => {
  for (const path of ['//evil.example', 'https://evil.example', '/\\evil', '/a\r\nSet-Cookie: x'])
    expect(pathWithin(path)).toBe('/lens')
})

it('leaves by taking both cookies away', () => {
  const cookies = leaveShare(request()).headers.getSetCookie()
  expect(cookies.every((cookie) => cookie.includes('Max-Age=0'))).toBe(true)
})

it('reads the project of a permalink', () => {
  expect(wantedProject('?run=1&project=abc-1')).toBe('abc-1')
  expect(wantedProject('?project=a;b')).toBeNull()
  expect(wantedProject('')).toBeNull()
})
