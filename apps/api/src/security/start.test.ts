// Settings that would leave a server open are refused before it starts; https changes its cookie.
import { describe, expect, it } from 'vitest'
import { readEnvironment } from '../env.js'
import { startTestApi } from '../testing/test-api.js'
import { askWith } from '../testing/test-people.js'
import { authRoutes } from './auth-routes.js'

describe('the start', () => {
  const base = { DATABASE_URL: 'postgresql://x/y' }
  it('is refused to a single user whom others could reach', () => {
    const start = () =>
      readEnvironment({ ...base, IMPRINT_SINGLE_USER: '1', IMPRINT_API_HOST: '0.0.0.0' })
    expect(start).toThrow(expect.objectContaining({ code: 'SINGLE_USER_NOT_LOCAL' }))
  })
  it('is refused with half a provider, and serves only the routes of whole ones', () => {
    expect(() => readEnvironment({ ...base, IMPRINT_GITHUB_ID: 'x' })).toThrow(
      expect.objectContaining({ code: 'PROVIDER_INCOMPLETE' }),
    )
    const { accountSettings } = readEnvironment({
      ...base,
      IMPRINT_GITHUB_ID: 'x',
      IMPRINT_GITHUB_SECRET: 'y',
    })
    expect(authRoutes(accountSettings)).toEqual([
      ['post', '/api/auth/sign-in/social'],
      ['post', '/api/auth/link-social'],
      ['get', '/api/auth/callback/github'],
    ])
    expect(authRoutes(readEnvironment(base).accountSettings)).toEqual([])
  })
  it('gives https a cookie that no other host can set', async () => {
    const safe = await startTestApi({
      singleUser: false,
      variables: { IMPRINT_PUBLIC_ORIGIN: 'https://imprint.example' },
    })
    try {
      const { cookies } = await askWith(
        safe,
        {},
        'mutation { setUpOwner(input: { name: "O", email: "o@example.org", password: "four quiet words" }) { errors { code } } }',
      )
      expect(cookies).toHaveLength(1)
      expect(cookies[0]).toMatch(
        /^__Host-imprint\.session_token=.*Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      )
      expect(cookies[0]).not.toMatch(/Domain/i)
    } finally {
      await safe.stop()
    }
  })
})
