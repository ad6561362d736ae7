import { describe, expect, it } from 'vitest'
import { hasPassword, rowsOf, type Way } from './ways'

const way = (id: string, provider: string, works = true): Way => ({
  ...{ id, provider, works, createdAt: '2026-11-23T08:00:00.000Z' },
})
const shown = (ways: readonly Way[], setUp: readonly string[]) =>
  rowsOf(ways, setUp).map(({ key, name, last }) => [key, name, last])

describe('the ways to sign in', () => {
  it('are what was set up, linked or not', () => {
    expect(shown([way('a', 'password')], ['password', 'github', 'oidc'])).toEqual([
      ['password', 'Password', true],
      ['github', 'GitHub', false],
      ['oidc', 'Your organisation', false],
    ])
  })

  it('are all there when one provider knows somebody twice', () => {
    const ways = [way('a', 'oidc'), way('b', 'oidc')]
    expect(shown(ways, ['password', 'oidc'])).toEqual([
      ['password', 'Password', false],
      ['oidc', 'Your organisation', false],
      ['b', 'Your organisation', false],
    ])
  })

  it('count only while the server takes them', () => {
    const ways = [way('old', 'oidc', false), way('a', 'oidc'), way('b', 'github', false)]
    expect(shown(ways, ['oidc'])).toEqual([
      ['oidc', 'Your organisation', true],
      ['old', 'Your organisation', false],
      ['b', 'GitHub', false],
    ])
  })
})

describe('a password to change', () => {
  it('is there when it is one of the ways in', () => {
    expect(hasPassword([way('a', 'oidc'), way('b', 'password')], ['password', 'oidc'])).toBe(true)
    expect(hasPassword([way('a', 'oidc')], ['password', 'oidc'])).toBe(false)
    expect(hasPassword([way('old', 'oidc', false)], ['password'])).toBe(false)
  })

  it('is not known before the ways are, but where nothing else lets anybody in', () => {
    expect(hasPassword(null, ['password', 'oidc'])).toBeNull()
    expect(hasPassword(null, ['password'])).toBe(true)
  })
})
